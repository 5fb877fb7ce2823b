"""Decodes one sound stream of a file, whatever its format, and tells what of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from copilot.errors import SourceError
from copilot.events import Lost
from copilot.frames import RATE, seconds
from copilot.sources.convert import Converter
from copilot.sources.files import is_transcript
from copilot.sources.pieces import Piece
from copilot.sources.promise import promised

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

JITTER = 0.05  # s by which time stamps may stray in a sound file
STRAY = 0.005  # s of the same right after damage, which proves a loss
FARTHEST = 3600.0  # s; a time stamp further ahead is damage itself, not a gap
TEXTS = (".srt", ".txt", ".docx")  # as which a transcript may come
TOLERANCE = 0.1  # s by which a header may promise too much: codecs pad their last packet


@dataclass(frozen=True)
class Stream:
    """A sound stream of a file."""

    channels: int
    start: float  # s on the file's own clock


def streams(path: Path) -> tuple[Stream, ...]:
    """Lists a file's sound streams; raises SourceError if there is none, or none that is known."""
    with _opened(path) as container:
        if not container.streams.audio:
            raise SourceError(f"{path}: there is no sound in this file; give a recording of a call")
        return tuple(_stream(path, stream) for stream in container.streams.audio)


def length_of(path: Path | None) -> float | None:
    """Seconds that a file promises to last; None when it does not say, or is no sound."""
    if path is None or not path.is_file() or is_transcript(path):
        return None
    try:
        with _opened(path) as container:
            return container.duration / 1_000_000 if container.duration else None
    except SourceError:
        return None  # whoever hears it says what is wrong


def _stream(path: Path, stream: AudioStream) -> Stream:
    if stream.codec_context is None:
        raise SourceError(f"{path}: its sound format is not known; save it as WAV or FLAC")
    start = float((stream.start_time or 0) * (stream.time_base or 0))
    return Stream(stream.codec_context.channels, start)


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    import av
    from av.error import FFmpegError

    try:
        # a colon in a name is no protocol, and a title in Latin-1 is no error
        container = av.open(f"file:{path}", metadata_errors="replace")
    except FFmpegError as error:
        raise SourceError(_refusal(path)) from error
    with container:
        yield container


def _refusal(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return (
            f"{path}: cut off before its index was written, so nothing in it can be found; "
            "export or copy the recording again"
        )
    if path.suffix.lower() in TEXTS:
        return f"{path}: a transcript is read as WebVTT; save it as .vtt, with the voices in it"
    return f"{path}: not a sound file, or damaged at its start; give a recording such as WAV or MP3"


class Decoder:
    """Hears one stream of a file once; `origin` is what the file's clock shows at the call's start.

    Without an origin the call starts with the stream.
    """

    def __init__(
        self, path: Path, channels: int, index: int = 0, origin: float | None = None
    ) -> None:
        self._path = path
        self._channels = channels
        self._index = index
        self._zero = origin  # s on the file's clock
        self._converter = Converter(channels)
        self._late = 0.0  # s after the origin that the stream begins
        self._heard = False  # a frame
        self._damage: float | None = None  # s in packets that failed since the last good frame

    def pieces(self) -> Iterator[Piece]:
        """Yields samples of shape (n, channels), and losses where they begin; raises SourceError.

        What is lost in the middle is filled with silence, what is lost at the end is not.
        """
        with _opened(self._path) as container:
            stream = container.streams.audio[self._index]
            for frame in self._frames(container.demux(stream)):
                self._check(frame)
                yield from self._fill(frame)
                yield from self._converter.convert(frame)
            yield from self._converter.flush()
            yield from self._missing(promised(self._path, container, stream))

    def _frames(self, packets: Iterator[Packet[AudioStream]]) -> Iterator[AudioFrame]:
        from av.error import FFmpegError

        while True:
            try:
                packet = next(packets, None)
            except FFmpegError:  # the container is broken from here on
                self._damage = self._damage or 0.0
                return
            if packet is None:
                return
            try:
                frames = packet.decode()
            except FFmpegError:
                self._note(packet)
            else:
                yield from frames

    def _note(self, packet: Packet[AudioStream]) -> None:
        """Remembers a packet that cannot be decoded until the next frame tells how much it was."""
        self._damage = (self._damage or 0.0) + float((packet.duration or 0) * packet.time_base)
        if self._zero is None and packet.pts is not None:
            self._zero = float(packet.pts * packet.time_base)

    def _check(self, frame: AudioFrame) -> None:
        if frame.layout.nb_channels != self._channels:
            raise SourceError(
                f"{self._path}: {self._channels} channels become {frame.layout.nb_channels} "
                f"at {self._converter.due / RATE:.2f} s; export the recording again as one piece"
            )
        if frame.format.name.startswith(("flt", "dbl")):
            values = frame.to_ndarray()
            if not np.isfinite(values).all():
                at = self._converter.due / RATE + _first_bad(frame) / frame.rate
                raise SourceError(
                    f"{self._path}: a sample at {at:.3f} s is not a number (NaN or infinite); "
                    "export the recording again, as 16-bit WAV"
                )

    def _fill(self, frame: AudioFrame) -> Iterator[Piece]:
        """Keeps the clock true: puts silence where the time stamps show that something is gone."""
        gap = self._gap(frame)
        first, damage = not self._heard, self._damage
        self._heard, self._damage = True, None
        if gap <= (JITTER if damage is None else STRAY):
            return
        told = not first or damage is not None  # a second stream that starts late has lost nothing
        until = round(self._converter.due + gap * RATE)
        yield from self._converter.flush()
        if told:
            yield Lost(seconds(self._converter.given), gap)
        else:
            self._late = gap
        yield from self._converter.pad(until)

    def _gap(self, frame: AudioFrame) -> float:
        """Seconds between where the sound is and where the frame's time stamp puts it."""
        if frame.pts is None or frame.time_base is None:
            return self._damage or 0.0
        stamp = float(frame.pts * frame.time_base)
        if self._zero is None:
            self._zero = stamp
        gap = stamp - self._zero - self._converter.due / RATE
        if gap < -JITTER or gap > FARTHEST:
            self._zero += gap  # the time stamps start anew: go on counting samples
            return 0.0
        return gap

    def _missing(self, promise: float | None) -> Iterator[Lost]:
        """What the header promised and the data did not give, or else what failed at the end."""
        end = self._converter.given / RATE
        if promise is None and self._damage is not None:
            yield Lost(end, self._damage)
        missing = (promise or 0.0) + self._late - end
        if promise is not None and missing > TOLERANCE:
            yield Lost(end, missing)


def _first_bad(frame: AudioFrame) -> int:
    """The first moment of a frame, in samples, at which a channel is not a finite number."""
    bad = ~np.isfinite(frame.to_ndarray())
    moments = bad if frame.format.is_planar else bad.reshape(frame.samples, -1).T
    return int(np.argmax(moments.any(axis=0)))
