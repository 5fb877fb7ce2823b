"""When a line is told. Here: a fixed time after its end; see `backlog` for one that keeps time.

Lines are told in the order in which they were found, and nothing is told before what is older.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Protocol

from copilot.events import Health, Heard, Line, Lost, Noise, Notice, Skipped, Speaking, Tick
from copilot.frames import RATE, seconds
from copilot.speech.ear import Utterance
from copilot.speech.language import LanguageWatch
from copilot.speech.words import Words

Known = Speaking | Lost | Notice | Tick | Health
AHEAD = 20.0  # s that an unpaced replay hears ahead, so that all cores have lines to recognise


@dataclass(frozen=True, eq=False)
class Awaited:
    """A line that the recogniser has been given."""

    utterance: Utterance
    words: "Future[Words | None]"
    language: LanguageWatch

    def told(self, at: float) -> Iterator[Line | Noise | Skipped | Notice]:
        """Wait for the words, and tell them.

        A line that was given up is skipped, and one on which the model fails: the call goes on.
        """
        unit, speaker = self.utterance.unit, self.utterance.speaker
        start, end = seconds(unit.start), seconds(unit.end)
        try:
            words = self.words.result()
        except (CancelledError, RuntimeError):  # CTranslate2's, out of memory for one
            yield Skipped(at, speaker, start, end)
            return
        if words is None:
            yield Noise(at, speaker, start, end)
            return
        yield Line(at, speaker, start, end, words.text, words.confidence)
        yield from self.language.hear(at, words.look)


class Order(Protocol):
    """Takes what was heard and lines to come; tells them in order."""

    @property
    def eager(self) -> bool:
        """Whether it pays to recognise a line before it is sure that it has ended."""
        ...

    def behind(self, now: int) -> float:
        """Seconds for which the oldest line without words has been waiting."""
        ...

    def add(self, heard: Known) -> None:
        """Take something that is known now."""

    def wait_for(self, awaited: Awaited) -> None:
        """Take a line that is being recognised."""

    def told(self, now: int) -> Iterator[Heard]:
        """Yield what is to be told when `now` samples have been heard."""
        ...

    def rest(self, now: int) -> Iterator[Heard]:
        """Yield all that is left, at the end of the call."""
        ...


class AfterDelay:
    """For a replay that need not keep time: deterministic, whatever the speed of the machine.

    A line is told a fixed time after it was found. Hearing runs ahead of telling, so that the
    workers never want for lines.

    Args:
        delay: seconds from finding the end of a line to telling the line.
        ahead: seconds that hearing may run ahead of telling.
    """

    def __init__(self, delay: float, ahead: float = AHEAD) -> None:
        self._delay, self._ahead = round(delay * RATE), round(ahead * RATE)
        self._known: deque[Known] = deque()
        self._lines: deque[Awaited] = deque()

    eager = False  # nobody waits for a line

    def behind(self, now: int) -> float:  # noqa: ARG002  the clock waits for the words
        """Nothing, ever."""
        return 0.0

    def add(self, heard: Known) -> None:
        """Take something that is known now."""
        self._known.append(heard)

    def wait_for(self, awaited: Awaited) -> None:
        """Take a line that is being recognised."""
        self._lines.append(awaited)

    def told(self, now: int) -> Iterator[Heard]:
        """Yield what was known when the call was `ahead` shorter, waiting for its lines."""
        yield from self._until(now - self._ahead)

    def rest(self, now: int) -> Iterator[Heard]:
        """Yield all; lines that would be due after the end are told at the end.

        What is lost there is known to begin in a last part of a frame, which nothing ticks for.
        """
        yield from self._until(now)
        yield from lines_at_the_end(self._lines, now)
        yield from self._known

    def _until(self, moment: int) -> Iterator[Heard]:
        while self._lines and (due := self._due(self._lines[0])) <= moment:
            yield from self._known_before(seconds(due))
            yield from self._lines.popleft().told(seconds(due))
        yield from self._known_before(seconds(moment))

    def _due(self, awaited: Awaited) -> int:
        return awaited.utterance.unit.at + self._delay

    def _known_before(self, at: float) -> Iterator[Heard]:
        while self._known and self._known[0].at <= at:
            yield self._known.popleft()


def lines_at_the_end(lines: deque[Awaited], now: int) -> Iterator[Heard]:
    """Tell the lines that are left, waiting for their words."""
    while lines:
        yield from lines.popleft().told(seconds(now))
