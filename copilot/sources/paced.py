"""Replay that keeps time with the wall, as a live call does."""

import time
from collections.abc import Callable, Iterator

from copilot.events import Heard, Lost
from copilot.frames import FRAME, Block, seconds


class Pace:
    """How fast the clock of the call runs.

    Args:
        rate: seconds of call in a second of wall time.
        begin: seconds of the call that are not waited for.
        now: the wall clock, in seconds.
        sleep: waits some seconds.
    """

    def __init__(
        self,
        rate: float,
        begin: float = 0.0,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate, self._begin, self._now, self._sleep = rate, begin, now, sleep
        self._late = 0.0  # s of wall time that everything comes later

    def rest(self, seconds: float) -> float:
        """Stand still for so many seconds of wall time; return how much call that would be."""
        begun = self._now()
        self._sleep(seconds)
        rested = self._now() - begun
        self._late += rested
        return rested * self._rate

    def skip(self, seconds: float) -> None:
        """Hear the next seconds of the call as fast as can be; nothing is left out."""
        self._late -= seconds / self._rate

    def blocks(self, pieces: Iterator[Block | Lost]) -> Iterator[Block | Lost]:
        """Yield the call in frames of 20 ms, each when it would have been spoken."""
        begun = self._now()
        for piece in pieces:
            if isinstance(piece, Lost):
                yield piece
                continue
            for first in range(0, len(piece.samples), FRAME):
                frame = Block(piece.start + first, piece.samples[first : first + FRAME])
                self._wait(begun, seconds(frame.start + len(frame.samples)))
                yield frame

    def heard(self, events: Iterator[Heard]) -> Iterator[Heard]:
        """Yield what a transcript tells, each when it would have been known."""
        begun = self._now()
        for event in events:
            self._wait(begun, event.at)
            yield event

    def _wait(self, begun: float, at: float) -> None:
        ahead = begun + self._late + (at - self._begin) / self._rate - self._now()
        if ahead > 0:
            self._sleep(ahead)
