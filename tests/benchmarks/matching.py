"""Which line that was found is which line that was spoken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.events import Speaker

from .calls import Spoken

LEAST = 0.05  # s that a found line shares with a spoken one; the ends of a line are never exact


@dataclass(frozen=True)
class Found:
    """A line as a pipeline found it; times on the clock of the call."""

    speaker: Speaker
    start: float
    end: float
    known: float  # when it was told


@dataclass(frozen=True)
class Match:
    """What was spoken in one breath, and what was found of it."""

    spoken: Spoken
    found: tuple[Found, ...]  # in order of time
    first: bool  # no earlier line begins what was found of this one
    last: bool  # no later line ends it


def overlaps(spoken: Spoken, found: Found) -> bool:
    """Whether they may be the same."""
    shared = min(spoken.end, found.end) - max(spoken.start, found.start)
    return spoken.speaker is found.speaker and shared >= LEAST


def match(spoken: Sequence[Spoken], found: Sequence[Found]) -> Iterator[Match]:
    """Give every line that was spoken what was found in its time."""
    ordered = sorted(found, key=lambda one: one.end)
    for line in spoken:
        own = tuple(one for one in ordered if overlaps(line, one))
        others = [other for other in spoken if own and other is not line]
        yield Match(
            line,
            own,
            first=not any(overlaps(other, own[0]) for other in others if other.end < line.end),
            last=not any(overlaps(other, own[-1]) for other in others if other.end > line.end),
        )


def stray(spoken: Sequence[Spoken], found: Sequence[Found]) -> list[Found]:
    """What was found where nobody spoke."""
    return [one for one in found if not any(overlaps(line, one) for line in spoken)]
