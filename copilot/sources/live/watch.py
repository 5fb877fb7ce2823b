"""What can be seen of the samples alone: a microphone that is silent, or far too loud."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from copilot.events import Notice, Trouble
from copilot.frames import RATE

SILENT = 5.0  # s of digital silence: no microphone is that quiet, a mute switch or a ban is
FULL = 32_700  # of 32768: the converter can go no further
IN_A_ROW = 3  # samples at full scale that are no mere peak
CLIPS = 5  # chunks with such samples ...
WITHIN = 10.0  # ... in so many s are trouble
CALM = 60.0  # s without one after which it is over


class Watch:
    """Looks at the microphone's chunks, and tells of trouble once when it begins and ends."""

    def __init__(self) -> None:
        self._silent = 0.0  # s of digital silence up to now
        self._clips: list[float] = []  # when the latest clipped chunks were
        self._on: set[Trouble] = set()

    def see(self, at: float, samples: NDArray[np.int16]) -> Iterator[Notice]:
        """Take the next chunk, which ends at a time."""
        self._silent = 0.0 if samples.any() else self._silent + len(samples) / RATE
        if _clipped(samples):
            self._clips = [*self._clips[1 - CLIPS :], at]
        often = len(self._clips) == CLIPS and at - self._clips[0] <= WITHIN
        calm = not self._clips or at - self._clips[-1] > CALM
        yield from self._told(at, Trouble.MICROPHONE_SILENT, self._silent >= SILENT)
        if often or calm:
            yield from self._told(at, Trouble.CLIPPING, often)

    def _told(self, at: float, trouble: Trouble, on: bool) -> Iterator[Notice]:
        if on != (trouble in self._on):
            self._on ^= {trouble}
            yield Notice(at, trouble, on)


def _clipped(samples: NDArray[np.int16]) -> bool:
    if len(samples) < IN_A_ROW or max(int(samples.max()), -int(samples.min())) < FULL:
        return False
    loud = np.abs(samples.astype(np.int32)) >= FULL
    run = np.convolve(loud, np.ones(IN_A_ROW, int), "valid")
    return bool((run == IN_A_ROW).any())
