"""Language identification: whether a call is in the language that it is heard in."""

from collections.abc import Iterator, Mapping, Sequence
from math import log

from copilot.events import Notice, Trouble
from copilot.frames import RATE

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
    """Adds up the odds of the lines; tells once that they are too high."""

    def __init__(self) -> None:
        self._odds = 0.0
        self._told = False

    def hear(self, at: float, odds: float) -> Iterator[Notice]:
        """Take the log odds of a line that is told at this moment."""
        self._odds += odds
        if self._odds >= SURE and not self._told:
            self._told = True
            yield Notice(at, Trouble.LANGUAGE, on=True)
