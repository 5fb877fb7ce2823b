"""Writes the sound of a call to a file while it is heard: FLAC with two channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from copilot.frames import RATE, Block, Samples
from copilot.sources.pieces import silence

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

PRIVATE_FILE = 0o600
Piece = TypeVar("Piece")  # blocks of sound, and whatever else a source tells


class SoundFile:
    """Lets a call through, and writes it down on the way.

    A disk that is full ends the file, not the call; `failure` says so.

    Args:
        path: asked for when the first sound comes.
    """

    def __init__(self, path: Callable[[], Path]) -> None:
        self._path = path
        self._out: OutputContainer | None = None
        self._stream: AudioStream | None = None
        self._written = 0  # samples
        self.failure: str | None = None

    def hear(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """Yield the call as it is; when it ends, or is left, the file is closed."""
        with ExitStack() as stack:
            stack.callback(self._attempt, self._close)
            for piece in pieces:
                if isinstance(piece, Block):
                    self._take(piece)
                yield piece

    def _take(self, block: Block) -> None:
        def write() -> None:
            for part in silence(block.start - self._written, 2):
                self._write(part)
            self._write(block.samples)

        self._attempt(write)

    def _attempt(self, action: Callable[[], None]) -> None:
        if self.failure is not None:
            return
        try:
            action()
        except OSError as error:  # FFmpeg's errors of files are OSErrors too
            self.failure = f"{self._path()}: {error.strerror}; the sound is cut off there"
            self._out = None

    def _write(self, samples: Samples) -> None:
        from av.audio.frame import AudioFrame

        if self._out is None or self._stream is None:
            self._begin()
        packed = np.ascontiguousarray(samples).reshape(1, -1)
        frame = AudioFrame.from_ndarray(packed, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = RATE, self._written
        self._written += len(samples)
        if self._out is not None and self._stream is not None:
            self._out.mux(self._stream.encode(frame))

    def _begin(self) -> None:
        import av

        path = self._path()
        path.touch(PRIVATE_FILE)  # never anyone else's, not even for a moment
        # every packet to the disk at once: a killed process leaves what it has heard
        self._out = av.open(str(path), "w", format="flac", options={"flush_packets": "1"})
        self._stream = self._out.add_stream("flac", rate=RATE, layout="stereo")

    def _close(self) -> None:
        if self._out is None or self._stream is None:
            return
        self._out.mux(self._stream.encode(None))
        self._out.close()
        self._out = None
