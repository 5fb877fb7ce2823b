"""Language identification: whether a call is in the language that it is heard in."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from math import log

from copilot.events import Notice, Trouble
from copilot.frames import RATE
from copilot.speech.words import Look

LINES = 12  # that are looked at, the first of a call that are long enough
SHORTEST = RATE  # samples of a line that is looked at, with the sound around it
MOST = 3.0  # log odds that one line counts for; a single word can be as good as certain, and wrong
SURE = 10.0  # sum of them from which it is another language
FAINT = 1e-6  # the least chance that is told apart


def foreign(chances: Mapping[str, float], language: str, others: Sequence[str]) -> float:
    """The log odds that a line is in one of the other languages, by Whisper's language token.

    Args:
        chances: of each language, as the model sees them.
        language: that the line is heard in.
        others: languages it might be in, at least one.
    """
    best = max(chances.get(other, 0.0) for other in others)
    odds = log(max(best, FAINT) / max(chances.get(language, 0.0), FAINT))
    return max(-MOST, min(MOST, odds))


class LanguageWatch:
    """Adds up the odds of the lines; tells once that they are too high.

    A line is looked at when it has been told, so that its words need not wait for that, and what
    was seen is heard with the next one: a replay tells it at the same moment on any machine.
    """

    def __init__(self) -> None:
        self._odds = 0.0
        self._left = LINES
        self._begun: Future[float] | None = None  # the look at the line before

    def hear(self, at: float, look: Look | None = None) -> Iterator[Notice]:
        """Tell what was seen of the lines before; begin to look at the one told at this moment."""
        if self._begun is not None:
            with suppress(RuntimeError):  # CTranslate2's, out of memory for one
                self._odds += self._begun.result()
            self._begun = None
            if self._odds >= SURE:
                self._left = 0
                yield Notice(at, Trouble.LANGUAGE, on=True)
        if look is not None and self._left:
            self._left -= 1
            self._begun = look()
