"""Listens to the start of a call for what makes it useless: a silent channel, or copies."""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np

from copilot.events import Lost
from copilot.frames import FRAME, Samples, seconds
from copilot.sources.pieces import Sound

SILENCE = 10.0  # rms of 32768 in a frame, -70 dBFS; an idle A-law line toggles between -8 and 8
ENOUGH = 5.0  # s of sound that show two channels to be different
CERTAIN = 30.0  # s of sound that show them to be copies; a call may begin with one announcement
# energy of the difference of two copies beside their mean energy, at most: -30 dB; as |a - b|^2 is
# |a|^2 + |b|^2 - 2ab, it follows that their normalized correlation is at least 0.9995
DIFFERENCE = 1e-3


class Fault(StrEnum):
    """Why a call cannot be heard."""

    NOTHING = "nothing"
    SILENT_BOTH = "silent_both"
    SILENT_REP = "silent_rep"
    SILENT_CUSTOMER = "silent_customer"
    COPIES = "copies"


class _Ear:
    """Sums over what has been heard."""

    def __init__(self) -> None:
        self._any = False
        self._sounds = np.zeros(2, np.bool_)  # each channel
        self._energy = np.zeros(2)
        self._difference = 0.0
        self._frames = 0  # with sound in either channel

    def hear(self, samples: Samples) -> None:
        wide = samples.astype(np.float64)
        whole = np.pad(wide, ((0, -len(wide) % FRAME), (0, 0))).reshape(-1, FRAME, 2)
        loud = np.sqrt(np.square(whole).mean(axis=1)) > SILENCE
        self._any = True
        self._sounds |= loud.any(axis=0)
        self._frames += int(loud.any(axis=1).sum())
        self._energy += (wide * wide).sum(axis=0)
        self._difference += float(np.square(wide[:, 0] - wide[:, 1]).sum())

    def settled(self) -> bool:
        """Whether more sound cannot change the verdict."""
        needed = CERTAIN if self._alike() else ENOUGH
        return bool(self._sounds.all()) and seconds(self._frames * FRAME) >= needed

    def verdict(self) -> Fault | None:
        if not self._any:
            return Fault.NOTHING
        match tuple(self._sounds.tolist()):
            case (False, False):
                return Fault.SILENT_BOTH
            case (False, True):
                return Fault.SILENT_REP
            case (True, False):
                return Fault.SILENT_CUSTOMER
        return Fault.COPIES if self._alike() else None

    def _alike(self) -> bool:
        return self._difference < DIFFERENCE * float(self._energy.mean())


def find_fault(call: Iterable[Sound]) -> Fault | None:
    """Listens no longer than it takes to be sure; a good call takes some seconds of sound."""
    ear = _Ear()
    for sound in call:
        if not isinstance(sound, Lost):
            ear.hear(sound.samples)
            if ear.settled():
                break
    return ear.verdict()
