"""Samples to what was heard: who begins and stops to speak, and the lines when they are known."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from copilot.events import Heard, Lost, Speaker, Speaking, Tick
from copilot.frames import FRAME, RATE, Block, Samples, seconds
from copilot.speech.ear import Ear, Utterance
from copilot.speech.endpoint import Onset
from copilot.speech.order import Awaited, Order
from copilot.speech.recognizer import Recognizer

TICK = RATE // 10  # samples between two ticks: 0.1 s


class Listener:
    """The way from blocks to what the dialogue hears; how the blocks are cut does not matter.

    Args:
        recognizer: takes each line the moment it has ended; never waited for in here.
        order: decides when a line is told, and keeps everything in the order of its time.
    """

    def __init__(self, recognizer: Recognizer, order: Order) -> None:
        self._recognizer, self._order = recognizer, order
        self._ears = (Ear(Speaker.REP), Ear(Speaker.CUSTOMER))
        self._rest: Samples = np.zeros((0, 2), np.int16)
        self._clock = 0  # samples in whole frames heard

    def hear(self, piece: Block | Lost) -> Iterator[Heard]:
        """Take the next piece of the call; yield what is known by now."""
        if isinstance(piece, Lost):
            self._order.add(piece)
            return
        for frame in self._frames(piece):
            self._clock += FRAME
            for ear, channel in zip(self._ears, frame.T, strict=True):
                self._listen(ear, np.ascontiguousarray(channel))
            if self._clock % TICK == 0:
                self._order.add(Tick(at=seconds(self._clock)))
            yield from self._order.told(self._clock)

    def finish(self) -> Iterator[Heard]:
        """The call is over: yield all that is still to be told, waiting for the recogniser."""
        for ear in self._ears:
            for utterance in ear.finish():
                self._tell(ear, utterance)
        yield from self._order.rest(self._clock)

    def _frames(self, block: Block) -> Iterator[Samples]:
        """Cut what is waiting and the block into frames; a gap before the block is silence."""
        gap = block.start - self._clock - len(self._rest)
        silence = np.zeros((max(0, gap), 2), np.int16)
        sound = np.concatenate([self._rest, silence, block.samples])
        whole = len(sound) - len(sound) % FRAME
        self._rest = sound[whole:]
        for start in range(0, whole, FRAME):
            yield sound[start : start + FRAME]

    def _listen(self, ear: Ear, channel: NDArray[np.int16]) -> None:
        for found in ear.hear(channel):
            self._tell(ear, found)

    def _tell(self, ear: Ear, found: Onset | Utterance) -> None:
        at = seconds(self._clock)
        if isinstance(found, Onset):
            self._order.add(Speaking(at, ear.speaker, on=True, since=seconds(found.since)))
            return
        self._order.wait_for(Awaited(found, self._recognizer.submit(found.samples)))
        if found.unit.last:
            since = seconds(found.unit.end)
            self._order.add(Speaking(at, ear.speaker, on=False, since=since))
