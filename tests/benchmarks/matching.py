"""Which line that was found is which line that was spoken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.events import Speaker

from .calls import Spoken


class Found(Protocol):
    """A line as a pipeline found it."""

    @property
    def speaker(self) -> Speaker: ...

    @property
    def start(self) -> float: ...

    @property
    def end(self) -> float: ...


@dataclass(frozen=True)
class Match[F: Found]:
    """What was spoken in one breath, and all that was found of it."""

    spoken: Spoken
    found: tuple[F, ...]  # in order of time


def overlap(spoken: Spoken, found: Found) -> float:
    """Seconds that they share; at most 0 when they do not, or when they are another's."""
    if spoken.speaker is not found.speaker:
        return 0.0
    return min(spoken.end, found.end) - max(spoken.start, found.start)


def match[F: Found](spoken: Sequence[Spoken], found: Sequence[F]) -> list[Match[F]]:
    """Give every line that was spoken those that were found in its time."""
    ordered = sorted(found, key=lambda one: one.end)
    return [
        Match(line, tuple(one for one in ordered if overlap(line, one) > 0.0)) for line in spoken
    ]


def stray[F: Found](spoken: Sequence[Spoken], found: Sequence[F]) -> list[F]:
    """What was found where nobody spoke."""
    return [one for one in found if all(overlap(line, one) <= 0.0 for line in spoken)]
