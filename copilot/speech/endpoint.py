"""Where a line begins and ends: frames of voice or silence to inter-pausal units."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.frames import FRAME

ONSET = 3  # voiced frames ...
ONSET_OF = 5  # ... among so many that make a beginning: 60 of 100 ms
HANGOVER = 10  # frames of silence that end a line: 0.2 s
PAUSE = 6  # frames of silence after which the line has probably ended: 0.12 s
LONGEST = 575  # frames after which speech without a pause is cut: 11.5 s
EARLIEST_CUT = 250  # frames that a cut leaves before it: 5 s
NEAREST_CUT = 15  # frames that a cut leaves behind it: 0.3 s
VALLEY = 5  # frames over which the level is averaged to find the best place for a cut


@dataclass(frozen=True)
class Onset:
    """Speech was found to have begun."""

    at: int  # samples, when it became known
    since: int  # samples, the first voiced sample


@dataclass(frozen=True)
class Unit:
    """An inter-pausal unit, or a piece of one that was too long."""

    at: int  # samples, when it became known
    start: int
    end: int
    last: bool  # False: speech goes on behind a cut


@dataclass(frozen=True)
class Pause:
    """The unit that there will be, unless the speaker goes on before the hangover is over."""

    start: int  # samples
    end: int


class Endpoint:
    """The line that one speaker is in, if any.

    Nothing in here grows beyond the longest line.
    """

    def __init__(self) -> None:
        self._recent: deque[bool] = deque(maxlen=ONSET_OF)
        self._start: int | None = None  # frame
        self._voiced = 0  # the last voiced frame
        self._levels: list[float] = []  # dBFS of the frames since the start

    def hear(self, frame: int, voiced: bool, loudness: float) -> Iterator[Onset | Pause | Unit]:
        """Take the next frame, by its number; yield what it makes known."""
        if voiced:
            self._voiced = frame
        if self._start is None:
            yield from self._begin(frame, voiced, loudness)
            return
        self._levels.append(loudness)
        if frame - self._voiced >= HANGOVER:
            yield self._end(frame)
        elif frame - self._start >= LONGEST:
            yield self._cut(frame)
        elif frame - self._voiced == PAUSE:
            yield Pause(self._start * FRAME, (self._voiced + 1) * FRAME)

    def finish(self, frame: int) -> Iterator[Unit]:
        """The call ended before this frame: tell the line that was still going on."""
        if self._start is not None:
            yield self._end(frame - 1)

    def _begin(self, frame: int, voiced: bool, loudness: float) -> Iterator[Onset]:
        self._recent.append(voiced)
        self._levels = [*self._levels[-ONSET_OF + 1 :], loudness]
        if sum(self._recent) < ONSET:
            return
        self._start = frame - len(self._recent) + 1 + list(self._recent).index(True)
        self._levels = self._levels[self._start - frame - 1 :]
        self._recent.clear()
        yield Onset(at=(frame + 1) * FRAME, since=self._start * FRAME)

    def _end(self, frame: int) -> Unit:
        start = self._start or 0
        self._start, self._levels = None, []
        return Unit((frame + 1) * FRAME, start * FRAME, (self._voiced + 1) * FRAME, last=True)

    def _cut(self, frame: int) -> Unit:
        start = self._start or 0
        place = start + self._valley()
        self._levels = self._levels[place - start :]
        self._start = place
        return Unit((frame + 1) * FRAME, start * FRAME, place * FRAME, last=False)

    def _valley(self) -> int:
        """The middle of the quietest stretch, in frames from the start: between two words."""
        places = range(EARLIEST_CUT, len(self._levels) - NEAREST_CUT)
        return min(places, key=lambda place: sum(self._levels[place - 2 : place + VALLEY - 2]))
