"""The one place that drops what is not speech: Whisper invents words in noise and silence."""

import math
import re
from collections.abc import Container

from copilot.speech.words import Words

NO_SPEECH = 0.6  # the model's own probability of no speech, above which ...
UNSURE = -1.0  # ... a mean log probability under this is believed no more (Whisper's own pair)
HOPELESS = -1.8  # mean log probability under which words are guesses, speech or not
FASTEST = 35.0  # characters a second; twice the fastest of 180 read Dutch sentences (16.3)
_NOT_SAID = re.compile(r"\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|♪")  # [Muziek], (applaus), *zucht*
_LETTER = re.compile(r"\w")


def believed(
    text: str, score: float, no_speech: float, duration: float, phantoms: Container[str]
) -> Words | None:
    """Return the words if they were probably said, else None.

    Args:
        text: what the recogniser made of the line.
        score: mean log probability of its tokens.
        no_speech: the probability the model gives to there being no speech at all.
        duration: of the line, in seconds.
        phantoms: lines that this model is known to invent, folded by `folded`.
    """
    said = " ".join(_NOT_SAID.sub(" ", text).split())
    if not _LETTER.search(said) or folded(said) in phantoms:
        return None
    if score < HOPELESS or (no_speech > NO_SPEECH and score < UNSURE):
        return None
    if len(said) > FASTEST * duration + 10:
        return None
    return Words(said, math.exp(min(score, 0.0)))


def folded(text: str) -> str:
    """Fold to what makes two lines the same: lower case, letters and digits, single blanks."""
    return " ".join(re.findall(r"\w+", text.lower()))
