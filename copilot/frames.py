"""The audio clock and its smallest unit: 16 kHz, two channels, 20 ms frames."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # Hz, of everything after the source
FRAME = 320  # samples, 20 ms; webrtcvad takes 10, 20 or 30 ms

Samples = NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Block:
    """A piece of a call as it came in, of any length."""

    start: int  # samples from the start of the call
    samples: Samples  # shape (n, 2): rep, customer


def seconds(count: int) -> float:
    """Samples to seconds on the audio clock."""
    return count / RATE
