"""Lines of a call that keeps time: each is told when it is ready, and some never are.

A machine that is too slow would be later with every line. So the lines that wait are bounded, and
what is given up first is what matters least: lines inside a turn, the older ones first. The end of
the rep's turn may be the closing question, the beginning of the customer's the answer.
"""

from collections import deque
from collections.abc import Iterator

from copilot.events import Heard, Notice, Speaker, Trouble
from copilot.frames import seconds
from copilot.speech.order import Awaited, Known, lines_at_the_end

MOST = 5  # lines that may wait, those in the hands of a worker included ...
MOST_OF_ALL = 8  # ... and when all of them matter
EAGER = 1  # lines that may be waiting when a draft is begun
RELIEVED = 30.0  # s without a line given up, after which the machine keeps up again


class AsRecognised:
    """Whatever is known is told at once, a line when it is ready, in order."""

    def __init__(self) -> None:
        self._known: deque[Known] = deque()
        self._lines: deque[Awaited] = deque()
        self._gave_up: float | None = None  # when a line was last given up, while that is trouble

    @property
    def eager(self) -> bool:
        """Whether the workers have time for what may prove wrong."""
        return len(self._waiting()) <= EAGER

    def behind(self, now: int) -> float:
        """Seconds since the oldest line without words ended."""
        waiting = self._waiting()
        return seconds(now - waiting[0].utterance.unit.end) if waiting else 0.0

    def add(self, heard: Known) -> None:
        """Take something that is known now."""
        self._known.append(heard)
        if self._gave_up is not None and heard.at - self._gave_up > RELIEVED:
            self._gave_up = None
            self._known.append(Notice(heard.at, Trouble.SLOW, on=False))

    def wait_for(self, awaited: Awaited) -> None:
        """Take a line that is being recognised; give others up if they are too many."""
        self._lines.append(awaited)
        waiting = self._waiting()
        if len(waiting) > MOST:
            self._give_up(waiting, seconds(awaited.utterance.unit.at))

    def told(self, now: int) -> Iterator[Heard]:
        """Yield what is known, then the lines that are ready; never wait."""
        while self._known:
            yield self._known.popleft()
        while self._lines and self._lines[0].words.done():
            yield from self._lines.popleft().told(seconds(now))

    def rest(self, now: int) -> Iterator[Heard]:
        """Yield all, waiting for the lines that are not ready."""
        yield from self.told(now)
        yield from lines_at_the_end(self._lines, now)

    def _waiting(self) -> list[Awaited]:
        return [line for line in self._lines if not line.words.done()]

    def _give_up(self, waiting: list[Awaited], at: float) -> None:
        """Give up the line that matters least, if a worker does not have it in hand yet."""
        for place in sorted(range(len(waiting) - 1), key=lambda place: _matters(waiting, place)):
            if _matters(waiting, place) and len(waiting) <= MOST_OF_ALL:
                return
            if waiting[place].words.cancel():
                if self._gave_up is None:
                    self._known.append(Notice(at, Trouble.SLOW, on=True))
                self._gave_up = at
                return


def _matters(lines: list[Awaited], place: int) -> bool:
    """Whether a line ends a turn of the rep or begins one of the customer."""
    own = lines[place].utterance.speaker
    beside = place + 1 if own is Speaker.REP else place - 1
    return not 0 <= beside < len(lines) or lines[beside].utterance.speaker is not own
