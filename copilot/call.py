"""One call: what was heard goes in, everything that happens in the call comes out."""

from collections.abc import Iterator
from typing import Protocol

from copilot.advisor import Advisor
from copilot.events import Event, Heard, Line, Noise, Said, Tick


class Understands(Protocol):
    """Whatever tells what a line does."""

    def understand(self, line: Line) -> Said:
        """Return the line with its acts; lines come in the order in which they ended."""
        ...


class Call:
    """Understands the lines and asks for advice on everything that is heard."""

    def __init__(self, interpreter: Understands, advisor: Advisor) -> None:
        self._interpreter, self._advisor = interpreter, advisor

    def hear(self, heard: Heard) -> Iterator[Event | Tick]:
        """Take what was heard; yield it, what it means, and what the rep must know."""
        said = None
        if not isinstance(heard, Noise):
            yield heard
        if isinstance(heard, Line):
            said = self._interpreter.understand(heard)
            yield from said.acts
        yield from self._advisor.hear(heard, said)
