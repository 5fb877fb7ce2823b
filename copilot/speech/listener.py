"""Samples to what was heard: who begins and stops to speak, and the lines when they are known."""

from collections.abc import Iterator

import numpy as np

from copilot.events import Heard, Lost, Notice, Speaker, Speaking, Tick, Trouble
from copilot.frames import FRAME, RATE, Block, Samples, seconds
from copilot.speech.crosstalk import Crosstalk
from copilot.speech.drafts import Drafts
from copilot.speech.ear import Draft, Ear, Told
from copilot.speech.endpoint import Onset
from copilot.speech.language import LanguageWatch
from copilot.speech.order import Awaited, Order
from copilot.speech.recognizer import Recognizer
from copilot.speech.voice import Loudness

TICK = FRAME  # samples between two ticks: what is due is told 20 ms later at most
HEALTH = RATE // 5  # samples between two looks at how it comes in: 0.2 s
Piece = Block | Lost | Notice


class Listener:
    """The way from blocks to what the dialogue hears; how the blocks are cut does not matter.

    Args:
        recognizer: takes each line the moment it has ended; never waited for in here.
        order: decides when a line is told, and keeps everything in the order of its time.
        crosstalk: what is known of loudspeakers from an earlier call.
    """

    def __init__(
        self, recognizer: Recognizer, order: Order, crosstalk: Crosstalk | None = None
    ) -> None:
        self._order = order
        self._drafts = Drafts(recognizer)
        self._crosstalk = crosstalk or Crosstalk()
        self._ears = (Ear(Speaker.REP), Ear(Speaker.CUSTOMER))
        self._loudness = Loudness()
        self._language = LanguageWatch()
        self._rest: Samples = np.zeros((0, 2), np.int16)
        self._clock = 0  # samples in whole frames heard
        self._path = False

    def hear(self, piece: Piece) -> Iterator[Heard]:
        """Take the next piece of the call; yield what is known by now."""
        if not isinstance(piece, Block):
            self._order.add(piece)
            return
        for frame in self._frames(piece):
            self._clock += FRAME
            self._loudness.hear(frame)
            self._listen(frame)
            self._order.add(Tick(at=seconds(self._clock)))
            if self._clock % HEALTH == 0:
                behind = self._order.behind(self._clock)
                self._order.add(self._loudness.health(seconds(self._clock), behind))
            yield from self._order.told(self._clock)

    def finish(self) -> Iterator[Heard]:
        """The call is over: yield all that is still to be told, waiting for the recogniser."""
        for ear in self._ears:
            for found in ear.finish():
                self._tell(ear.speaker, found)
        yield from self._order.rest(self._clock)
        yield from self._language.hear(seconds(self._clock))

    def _frames(self, block: Block) -> Iterator[Samples]:
        """Cut what is waiting and the block into frames; a gap before the block is silence."""
        gap = block.start - self._clock - len(self._rest)
        silence = np.zeros((max(0, gap), 2), np.int16)
        sound = np.concatenate([self._rest, silence, block.samples])
        whole = len(sound) - len(sound) % FRAME
        self._rest = sound[whole:]
        for start in range(0, whole, FRAME):
            yield sound[start : start + FRAME]

    def _listen(self, frame: Samples) -> None:
        rep, customer = (np.ascontiguousarray(channel) for channel in frame.T)
        rep, echo = self._crosstalk.hear(rep, customer)
        if self._crosstalk.path is not self._path:
            self._path = self._crosstalk.path
            self._order.add(Notice(seconds(self._clock), Trouble.CROSSTALK, on=self._path))
        for ear, channel, silent in zip(self._ears, (rep, customer), (echo, False), strict=True):
            for found in ear.hear(channel, echo=silent):
                self._tell(ear.speaker, found)

    def _tell(self, speaker: Speaker, found: Told) -> None:
        at = seconds(self._clock)
        if isinstance(found, Onset):
            self._order.add(Speaking(at, speaker, on=True, since=seconds(found.since)))
            return
        if isinstance(found, Draft):
            if self._order.eager:
                self._drafts.begin(speaker, found)
            return
        self._order.wait_for(Awaited(found, self._drafts.words(found), self._language))
        if found.unit.last:
            since = seconds(found.unit.end)
            self._order.add(Speaking(at, speaker, on=False, since=since))
