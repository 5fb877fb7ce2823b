"""What is wrong with the way in which a call comes in, told from the sound itself."""

from collections import deque
from collections.abc import Iterator
from enum import StrEnum

import numpy as np

from copilot.events import Health, Notice, Trouble
from copilot.frames import FRAME, RATE, Block, Samples
from copilot.speech.crosstalk import PEAK, REACH, WINDOW, Crosstalk, likeness
from copilot.speech.voice import Loudness

SAME = 0.9  # correlation of the aligned channels that is one source: no room is so dry
FAINT = -45.0  # dBFS; whoever speaks into a microphone that stays under it is too far away
NOTHING = -70.0  # dBFS; what stays under it is a line on which nothing plays


class Finding(StrEnum):
    """What can be wrong, or is not yet known."""

    MICROPHONE_GONE = "microphone_gone"
    SOFTPHONE_GONE = "softphone_gone"
    MICROPHONE_SILENT = "microphone_silent"
    FAINT = "faint"
    CLIPPING = "clipping"
    CROSSTALK = "crosstalk"
    SAME = "same"
    NOTHING_PLAYS = "nothing_plays"


class Inspection:
    """Listens to both sides for as long as it is let; nothing in here grows."""

    def __init__(self) -> None:
        self._crosstalk, self._loudness = Crosstalk(), Loudness()
        self._frames: deque[Samples] = deque(maxlen=WINDOW + REACH)
        self._rest: Samples = np.zeros((0, 2), np.int16)
        self._heard = 0  # frames
        self._loudest = (-100.0, -100.0)  # dBFS
        self._same = False
        self._troubles: set[Trouble] = set()

    def notice(self, notice: Notice) -> None:
        """Take what the source tells."""
        if notice.on:
            self._troubles.add(notice.trouble)
        elif notice.trouble in (Trouble.MICROPHONE_GONE, Trouble.MICROPHONE_SILENT):
            self._troubles.discard(notice.trouble)

    def hear(self, block: Block) -> None:
        """Take the next block."""
        sound = np.concatenate([self._rest, block.samples])
        whole = len(sound) - len(sound) % FRAME
        self._rest = sound[whole:]
        for start in range(0, whole, FRAME):
            self._frame(sound[start : start + FRAME])

    def health(self) -> Health:
        """How loud both have been since this was last asked."""
        told = self._loudness.health(self._heard * FRAME / RATE, behind=0.0)
        rep, customer = self._loudest
        self._loudest = max(rep, told.rep), max(customer, told.customer)
        return told

    def findings(self) -> Iterator[Finding]:
        """What is known by now, the worst first."""
        rep, customer = self._loudest
        told = {Finding(one.value) for one in self._troubles if one in _TOLD}
        if self._same:
            told.add(Finding.SAME)
        elif self._crosstalk.path:
            told.add(Finding.CROSSTALK)
        if rep < FAINT and Finding.MICROPHONE_SILENT not in told:
            told.add(Finding.FAINT)
        if customer < NOTHING:
            told.add(Finding.NOTHING_PLAYS)
        yield from (one for one in Finding if one in told)

    def _frame(self, frame: Samples) -> None:
        self._heard += 1
        self._loudness.hear(frame)
        self._frames.append(frame)
        self._crosstalk.hear(np.ascontiguousarray(frame[:, 0]), np.ascontiguousarray(frame[:, 1]))
        if self._heard % WINDOW == 0 and len(self._frames) == WINDOW + REACH:
            rep, customer = np.concatenate(self._frames).T
            self._same = self._same or _follows(rep, customer) or _follows(customer, rep)


def _follows(late: Samples, wave: Samples) -> bool:
    """Whether one is the other, some time later."""
    short = WINDOW * FRAME
    delay, alike = likeness(late[-short:], wave)
    if alike < PEAK:
        return False
    one, other = late[-short:].astype(float), wave[: len(wave) - delay][-short:].astype(float)
    return bool(one @ other >= SAME * np.sqrt((one @ one) * (other @ other)))


_TOLD = (
    *(Trouble.MICROPHONE_GONE, Trouble.SOFTPHONE_GONE),
    *(Trouble.MICROPHONE_SILENT, Trouble.CLIPPING),
)
