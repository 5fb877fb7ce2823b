"""Calls from sound files: one with two channels, or one file for each speaker."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import assert_never

import numpy as np

from copilot.errors import SourceError
from copilot.events import Lost
from copilot.frames import Block
from copilot.sources.decode import Decoder, Stream, streams
from copilot.sources.files import check_file
from copilot.sources.pair import join
from copilot.sources.pieces import Sound, even
from copilot.sources.replay import REMEDY, Replay
from copilot.sources.soundcheck import Fault


class Recording(Replay):
    """A two-channel recording in anything FFmpeg reads: the rep left, the customer right.

    Of several sound streams the first is heard, but two mono streams are rep and customer.
    """

    def __init__(self, path: Path, swap: bool = False) -> None:
        super().__init__(path.name)
        self._path = path
        self._swap = swap
        self._streams: tuple[Stream, ...] = ()

    def _check(self) -> None:
        check_file(self._path, "a recording of a call")
        self._streams = streams(self._path)
        channels = self._streams[0].channels
        if channels == 1 and not self._apart():
            raise SourceError(
                f"{self._path}: one channel only, so rep and customer cannot be told apart; "
                + REMEDY
            )
        if channels > 2:
            raise SourceError(
                f"{self._path}: {channels} channels, but a call has two, rep and customer; "
                "export those two as a stereo recording"
            )

    def _apart(self) -> bool:
        """Whether the speakers are in two mono streams."""
        return [stream.channels for stream in self._streams] == [1, 1]

    def _play(self) -> Generator[Sound]:
        for sound in self._joined() if self._apart() else self._stereo():
            if self._swap and isinstance(sound, Block):
                yield Block(sound.start, np.ascontiguousarray(sound.samples[:, ::-1]))
            else:
                yield sound

    def _stereo(self) -> Iterator[Sound]:
        position = 0
        for piece in even(Decoder(self._path, channels=2).pieces()):
            if isinstance(piece, Lost):
                yield piece
            else:
                yield Block(position, piece)
                position += len(piece)

    def _joined(self) -> Iterator[Sound]:
        origin = min(stream.start for stream in self._streams)
        rep, customer = (even(Decoder(self._path, 1, index, origin).pieces()) for index in range(2))
        return join(rep, customer)

    def _complaint(self, fault: Fault) -> str:
        match fault:
            case Fault.NOTHING:
                what = "no sound in it can be decoded; record or export the call again"
            case Fault.SILENT_BOTH:
                what = "both channels are silent; check what the recorder was connected to"
            case Fault.SILENT_REP:
                what = self._silent("rep", "right" if self._swap else "left")
            case Fault.SILENT_CUSTOMER:
                what = self._silent("customer", "left" if self._swap else "right")
            case Fault.COPIES:
                what = "both channels hold the same sound (mono saved as stereo); " + REMEDY
            case _:
                assert_never(fault)
        return f"{self._path}: {what}"

    def _silent(self, speaker: str, side: str) -> str:
        return (
            f"the {speaker}'s channel ({side}) is silent from start to end, which --swap "
            f"does not mend; {REMEDY} that holds both speakers"
        )


class Pair(Replay):
    """Two mono recordings of one call, which begin at the same moment."""

    def __init__(self, rep: Path, customer: Path) -> None:
        super().__init__(f"{rep.name} + {customer.name}")
        self._rep = rep
        self._customer = customer

    def _check(self) -> None:
        for option, path in (("--rep", self._rep), ("--customer", self._customer)):
            check_file(path, "a recording of one speaker")
            channels = streams(path)[0].channels
            if channels != 1:
                raise SourceError(
                    f"{path}: {channels} channels, but {option} takes a mono recording of one "
                    "speaker; give a stereo recording of both alone, without --rep and --customer"
                )

    def _play(self) -> Generator[Sound]:
        rep, customer = (even(Decoder(path, 1).pieces()) for path in (self._rep, self._customer))
        yield from join(rep, customer)

    def _complaint(self, fault: Fault) -> str:
        silent = "is silent from start to end; give the recording that holds this speaker"
        match fault:
            case Fault.NOTHING:
                return f"{self._rep} and {self._customer}: no sound in them can be decoded"
            case Fault.SILENT_BOTH:
                return f"{self._rep} and {self._customer}: both are silent from start to end"
            case Fault.SILENT_REP:
                return f"{self._rep}: {silent} (--rep)"
            case Fault.SILENT_CUSTOMER:
                return f"{self._customer}: {silent} (--customer)"
            case Fault.COPIES:
                return (
                    f"{self._rep} and {self._customer}: both hold the same sound; "
                    "give a recording of each speaker alone"
                )
            case _:
                assert_never(fault)
