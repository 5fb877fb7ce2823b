"""What the recogniser gives back."""

from typing import NamedTuple


class Words(NamedTuple):
    """What was understood of a line."""

    text: str
    confidence: float  # 0..1, geometric mean of the token probabilities
    foreign: float = 0.0  # log odds of another language, where it was looked at
