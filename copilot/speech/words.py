"""What the recogniser gives back."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

Look = Callable[[], Future[float]]  # begins to look at a language: log odds that it is another one


class Words(NamedTuple):
    """What was understood of a line."""

    text: str
    confidence: float  # 0..1, geometric mean of the token probabilities
    look: Look | None = None  # at its language, of a line that is long enough
