"""The sound of a call as a browser plays it: MP3, and the peaks of either side's waveform."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from copilot.frames import RATE, Block
from copilot.sources.pieces import Sound

EVERY = 0.05  # s of call in one peak ...
MOST = 6000  # ... unless that were more peaks than this of a side
RATE_MP3 = 64_000  # bits a second: speech of two channels; MP3 since every browser plays it
QUICK = {"compression_level": "9"}  # for speech at this rate the slower ones sound no better


class Playable(NamedTuple):
    """What a page needs to play a call."""

    peaks: tuple[tuple[float, ...], ...]  # of rep and customer, 0 to 1
    length: float  # s
    mp3: bytes


class _Peaks:
    """The loudest sample of each stretch, taken together by twos when they become too many."""

    def __init__(self) -> None:
        self._step = round(EVERY * RATE)
        self._rest = np.zeros((0, 2), np.int16)
        self._found: list[tuple[int, int]] = []

    def hear(self, samples: np.ndarray[tuple[int, int], np.dtype[np.int16]]) -> None:
        whole = np.concatenate((self._rest, samples))
        cut = len(whole) - len(whole) % self._step
        self._rest = whole[cut:]
        loud = np.abs(whole[:cut].astype(np.int32)).reshape(-1, self._step, 2).max(axis=1)
        self._found.extend((int(rep), int(customer)) for rep, customer in loud)
        while len(self._found) > MOST and len(self._found) % 2 == 0:
            pairs = zip(self._found[::2], self._found[1::2], strict=True)
            self._found = [(max(a[0], b[0]), max(a[1], b[1])) for a, b in pairs]
            self._step *= 2

    def sides(self) -> tuple[tuple[float, ...], ...]:
        """The peaks of each side, the loudest of all being 1."""
        if not self._found:
            return ((0.0,), (0.0,))
        top = max(1, *(max(pair) for pair in self._found))
        return tuple(tuple(round(one[side] / top, 3) for one in self._found) for side in range(2))


def playable(pieces: Iterable[Sound], *, embed: bool) -> Playable:
    """Hear a call to its end; without `embed` there is no MP3, only the peaks."""
    import av
    from av.audio.frame import AudioFrame

    peaks, written, target = _Peaks(), 0, io.BytesIO()
    with av.open(target, "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=RATE, layout="stereo", options=QUICK)
        stream.bit_rate = RATE_MP3
        for piece in pieces:
            if not isinstance(piece, Block):
                continue
            peaks.hear(piece.samples)
            if embed:
                packed = np.ascontiguousarray(piece.samples).reshape(1, -1)
                frame = AudioFrame.from_ndarray(packed, format="s16", layout="stereo")
                frame.sample_rate, frame.pts = RATE, written
                out.mux(stream.encode(frame))
            written += len(piece.samples)
        if embed:
            out.mux(stream.encode(None))
    return Playable(peaks.sides(), written / RATE, target.getvalue() if embed else b"")
