"""A call from its own log: who spoke when and what was said, to be judged again without sound."""

from collections.abc import Iterator, Sequence
from itertools import count

from copilot.events import (
    Event,
    Heard,
    Line,
    Lost,
    Noise,
    Notice,
    Skipped,
    Speaker,
    Speaking,
    Tick,
)

TICK = 10  # ticks in a second
SAME = 0.0015  # s; a log has three decimals


class Stored:
    """Tells a call as it was heard, in the order of its log, with a Tick every 0.1 s.

    A log has no word of what proved to be noise: a stretch of speech, or a part of one, that no
    line covers is told as such once it has ended.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events
        self._end = max((event.at for event in events), default=0.0)

    def heard(self) -> Iterator[Heard]:
        """Yield the call in order of `at`."""
        ticks = (number / TICK for number in count(1))
        tick = next(ticks)
        for heard in self._told():
            while tick < heard.at or (tick <= heard.at and isinstance(heard, Line | Noise)):
                yield Tick(tick)
                tick = next(ticks)
            yield heard
        while tick <= self._end + SAME:
            yield Tick(tick)
            tick = next(ticks)

    def _told(self) -> Iterator[Heard]:
        noises = [noise for speaker in Speaker for noise in self._noises(speaker)]
        waiting = sorted(noises, key=lambda noise: (noise.at, noise.start))
        for event in self._events:
            if isinstance(event, Speaking | Line | Skipped | Notice | Lost):
                while waiting and _comes_before(waiting[0], event):
                    yield waiting.pop(0)
                yield event
        yield from waiting

    def _noises(self, speaker: Speaker) -> Iterator[Noise]:
        own = [
            one
            for one in self._events
            if isinstance(one, Line | Skipped) and one.speaker is speaker
        ]
        for start, off in self._stretches(speaker):
            inside = [e for e in own if start - SAME <= e.start and e.end <= off.since + SAME]
            cursor, known = start, off.at
            for line in sorted(inside, key=lambda one: one.start):
                if line.start > cursor + SAME:
                    yield Noise(line.at, speaker, cursor, line.start)
                cursor, known = line.end, max(known, line.at)
            if off.since > cursor + SAME:
                yield Noise(known, speaker, cursor, off.since)

    def _stretches(self, speaker: Speaker) -> Iterator[tuple[float, Speaking]]:
        """Where each stretch of speech began, and the event that ended it."""
        start = None
        for event in self._events:
            if isinstance(event, Speaking) and event.speaker is speaker:
                if not event.on and start is not None:
                    yield start, event
                start = event.since if event.on else None


def _comes_before(noise: Noise, event: Heard) -> bool:
    """Whether a noise was told before an event: in its time, and before what was said after it."""
    if isinstance(event, Line) and event.speaker is noise.speaker:
        return noise.at < event.at or noise.end <= event.start + SAME
    return noise.at < event.at
