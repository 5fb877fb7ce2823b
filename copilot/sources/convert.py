"""Brings decoded frames to 16 kHz and 16 bits, channel by channel, and counts them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from copilot.frames import RATE, Samples
from copilot.sources.pieces import silence

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler


class Converter:
    """Resamples without ever mixing channels; `given` is what has come out, in samples."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._resampler: AudioResampler | None = None
        self._kind = ("", "", 0)  # sample format, layout and rate that the resampler takes
        self._base = 0  # samples given before this resampler began
        self._fed = 0  # samples that went into it, at its own rate
        self.given = 0

    @property
    def due(self) -> float:
        """Where the next frame belongs, in samples at 16 kHz, if nothing is missing before it."""
        return self._base + self._fed * RATE / self._kind[2] if self._fed else float(self._base)

    def convert(self, frame: AudioFrame) -> Iterator[Samples]:
        """Yields what the resampler is ready to give."""
        kind = (frame.format.name, frame.layout.name, frame.rate)
        if self._resampler is None or kind != self._kind:
            yield from self.flush()
            self._begin(frame)
            self._kind = kind
        if self._resampler is not None:
            self._fed += frame.samples
            frame.pts = None  # the count is the clock
            yield from self._given(self._resampler.resample(frame))

    def flush(self) -> Iterator[Samples]:
        """Yields what the resampler still holds; a new one begins after it."""
        if self._resampler is not None:
            rest, self._resampler = self._resampler.resample(None), None
            yield from self._given(rest)
        self._base, self._fed = self.given, 0

    def pad(self, until: int) -> Iterator[Samples]:
        """Yields the rest of the frames before, and silence up to sample `until`."""
        yield from self.flush()
        gap = until - self.given
        self.given = self._base = max(until, self.given)
        yield from silence(gap, self._channels)

    def _begin(self, frame: AudioFrame) -> None:
        from av.audio.resampler import AudioResampler

        # the frame's own layout: a wish for "stereo" would mix the channels of unusual layouts
        self._resampler = AudioResampler(format="s16", layout=frame.layout, rate=RATE)

    def _given(self, frames: list[AudioFrame]) -> Iterator[Samples]:
        for frame in frames:
            samples = np.asarray(frame.to_ndarray(), np.int16).reshape(-1, self._channels)
            self.given += len(samples)
            yield samples
