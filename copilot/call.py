"""One call: what was heard goes in, everything that happens in the call comes out."""

from collections.abc import Iterator
from typing import Protocol

from copilot.advisor import Advisor
from copilot.events import Heard, Line, Noise, Said, Skipped, Told


class Understands(Protocol):
    """Whatever tells what a line does."""

    def understand(self, line: Line) -> Said:
        """Return the line with its acts; lines come in the order in which they ended."""
        ...

    def skip(self, skipped: Skipped) -> Said:
        """Return a line that was not recognised, as one that says something unknown."""
        ...


class Call:
    """Understands the lines and asks for advice on everything that is heard."""

    def __init__(self, interpreter: Understands, advisor: Advisor) -> None:
        self._interpreter, self._advisor = interpreter, advisor

    def hear(self, heard: Heard) -> Iterator[Told]:
        """Take what was heard; yield it, what it means, and what the rep must know."""
        said = None
        if not isinstance(heard, Noise):
            yield heard
        if isinstance(heard, Line):
            said = self._interpreter.understand(heard)
            yield from said.acts
        elif isinstance(heard, Skipped):
            said = self._interpreter.skip(heard)
        yield from self._advisor.hear(heard, said)
