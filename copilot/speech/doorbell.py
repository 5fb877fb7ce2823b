"""Between two calls: hears when both sides speak, and keeps what they said until then."""

from collections import deque

import numpy as np

from copilot.events import Health, Speaker
from copilot.frames import FRAME, RATE, Block, Samples, seconds
from copilot.speech.crosstalk import Crosstalk
from copilot.speech.ear import Ear, Utterance
from copilot.speech.endpoint import Onset
from copilot.speech.voice import Loudness

SPOKEN = round(0.3 * RATE)  # samples of speech that are more than a click or a cough
TOGETHER = 30 * RATE  # samples within which both must speak for it to be a call
BEFORE = RATE  # samples before the first word that belong to the call


class _Side:
    """Whether one speaker has lately said something."""

    def __init__(self, speaker: Speaker) -> None:
        self._ear = Ear(speaker)
        self._begun: int | None = None  # sample at which the speech that goes on began
        self.spoken: int | None = None  # sample at which the latest speech began

    def hear(self, frame: Samples, now: int, *, echo: bool) -> None:
        for found in self._ear.hear(np.ascontiguousarray(frame), echo=echo):
            if isinstance(found, Onset):
                self._begun = found.since
            elif isinstance(found, Utterance) and found.unit.last:
                self._begun = None
        if self._begun is not None and now - self._begun >= SPOKEN:
            self.spoken = self._begun


class Doorbell:
    """Takes the sound between calls, from any moment on; keeps no more than the last 30 s."""

    def __init__(self, crosstalk: Crosstalk) -> None:
        self._crosstalk = crosstalk
        self._sides = (_Side(Speaker.REP), _Side(Speaker.CUSTOMER))
        self._kept: deque[Block] = deque()
        self._rest: Samples = np.zeros((0, 2), np.int16)
        self._heard = 0  # samples in whole frames
        self._loudness = Loudness()

    def hear(self, block: Block) -> bool:
        """Take the next block; tell whether a call has begun."""
        self._kept.append(block)
        while self._kept[-1].start - self._kept[0].start > TOGETHER + BEFORE:
            self._kept.popleft()
        sound = np.concatenate([self._rest, block.samples])
        whole = len(sound) - len(sound) % FRAME
        self._rest = sound[whole:]
        for start in range(0, whole, FRAME):
            self._frame(sound[start : start + FRAME])
        return self._first() is not None

    @property
    def now(self) -> float:
        """Seconds heard."""
        return seconds(self._heard)

    def health(self) -> Health:
        """How loud it was since this was last asked."""
        return self._loudness.health(self.now, behind=0.0)

    def kept(self) -> list[Block]:
        """The sound since just before the first word of the call."""
        first, end = self._first(), self._kept[-1].start + len(self._kept[-1].samples)
        if first is None:
            return []
        since = end - (self._heard + len(self._rest) - first) - BEFORE
        return [one for one in self._kept if one.start + len(one.samples) > since]

    def _frame(self, frame: Samples) -> None:
        self._heard += FRAME
        self._loudness.hear(frame)
        rep, echo = self._crosstalk.hear(np.ascontiguousarray(frame[:, 0]), frame[:, 1])
        self._sides[0].hear(rep, self._heard, echo=echo)
        self._sides[1].hear(frame[:, 1], self._heard, echo=False)

    def _first(self) -> int | None:
        """Where the earlier one of the two began to speak, if they belong together."""
        one, other = (side.spoken for side in self._sides)
        if one is None or other is None or abs(one - other) > TOGETHER:
            return None
        return min(one, other)
