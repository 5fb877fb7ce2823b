"""How much sound a file's header promises, where a header can be believed."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

# bytes of sound; what is written into a header before the length is known, and stays there when
# the writer crashes, is this or more (SoX 0x7FFFF000, FFmpeg and others 0xFFFFFFFF)
UNKNOWN = 0x7FFF_0000


def promised(path: Path, container: InputContainer, stream: AudioStream) -> float | None:
    """Seconds of sound in the stream by the header; None if it only can be guessed from the size.

    A length of a headerless stream (AAC, MP3 without a LAME tag) is FFmpeg's guess, and that of
    Ogg is read from its last page: a cut file fits both.
    """
    match container.format.name:
        case "wav":
            return _wav(path, stream)
        case "aiff" | "au":
            return _length(stream) if _plausible(stream) else None
        case "mp3" if not stream.start_time:
            return None  # only a LAME tag, which counts the frames, makes MP3 start late
        case "matroska,webm":
            alone = len(container.streams) == 1
            return container.duration / 1_000_000 if alone and container.duration else None
        case "mp3" | "flac" | "wv" | "mov,mp4,m4a,3gp,3g2,mj2":
            return _length(stream)
        case _:
            return None


def _length(stream: AudioStream) -> float | None:
    if stream.duration is None or stream.time_base is None:
        return None
    return float(stream.duration * stream.time_base)


def _plausible(stream: AudioStream) -> bool:
    return (_length(stream) or 0.0) * (stream.bit_rate or 0) / 8 < UNKNOWN


def _wav(path: Path, stream: AudioStream) -> float | None:
    """FFmpeg shortens the length of a cut WAV file to what is there, so the header is read here."""
    size = _data_size(path)
    plain = stream.codec_context.name.startswith("pcm_")  # of others the bit rate is nominal
    if not 0 < size < UNKNOWN or not plain or not stream.bit_rate:
        return None
    return size * 8 / stream.bit_rate


def _data_size(path: Path) -> int:
    """Bytes in the data chunk of a RIFF file by its header; 0 if there is none."""
    with path.open("rb") as file:
        if file.read(12)[:4] != b"RIFF":
            return 0
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                return int(size)
            file.seek(size + size % 2, 1)
    return 0
