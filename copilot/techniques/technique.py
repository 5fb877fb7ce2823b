"""What a technique is: events in, verdicts out, its own small state."""

from collections.abc import Iterator
from typing import Protocol

from copilot.events import Due, Said, Verdict


class Technique(Protocol):
    """All techniques hear a line before any of them considers it, so their order has no meaning.

    A technique knows the thresholds, the floor, and how many questions were prepared.

    A verdict depends on what was said and when, never on when it became known: with a slower
    recogniser the same cues come later, with the same `due` and `anchor`.
    """

    def hear(self, said: Said) -> Iterator[Verdict]:
        """A line has been understood."""
        ...

    def notice(self, due: Due) -> None:
        """A cue is due, here or elsewhere: what it says of the call can matter to others."""
        ...

    def consider(self) -> Iterator[Verdict]:
        """Time has passed, somebody began or stopped to speak, or a line was just heard."""
        ...
