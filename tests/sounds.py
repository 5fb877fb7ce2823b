"""Sound files for tests: a rep of 300 Hz and a customer of 700 Hz who take turns."""

import struct
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

Sound = NDArray[np.float64]  # shape (n, channels), -1..1

TONES = (300, 700)  # Hz, rep and customer
TURN = 1.25  # s
PCM, FLOAT, ALAW, MULAW = 1, 3, 6, 7  # WAV format codes


def talk(length: float, rate: int, seed: int = 0) -> Sound:
    count = round(length * rate)
    time = np.arange(count) / rate
    turn = np.floor(time / TURN) % 2
    noise = np.random.default_rng(seed).normal(0, 0.003, (count, 2))
    rep, customer = (0.4 * np.sin(2 * np.pi * tone * time) for tone in TONES)
    return np.stack([rep * (turn == 0), customer * (turn == 1)], axis=1) + noise


def encode(path: Path, codec: str, rate: int, sound: Sound, **options: str) -> Path:
    """Through FFmpeg's own encoder and the container that the name asks for."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[sound.shape[1]]
    values = (np.clip(sound, -1, 1) * 32767).astype(np.int16).reshape(1, -1)
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.options = {"strict": "experimental"}  # FFmpeg's own Vorbis
        frame = AudioFrame.from_ndarray(values, format="s16", layout=layout)
        frame.sample_rate = rate
        frame.pts = 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


def two_streams(path: Path, late: float = 0.0, **options: str) -> Path:
    """Rep and customer in a mono stream each, the customer's stream starting `late` seconds in."""
    values = (talk(10.37, 16_000) * 32_767).astype(np.int16)
    with av.open(str(path), "w", options=options) as container:
        streams = [container.add_stream("flac", rate=16_000, layout="mono") for _ in TONES]
        packets = []
        for speaker, stream in enumerate(streams):
            skip = round(late * 16_000) * speaker
            column = np.ascontiguousarray(values[skip:, speaker]).reshape(1, -1)
            frame = AudioFrame.from_ndarray(column, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 16_000, skip
            packets += [*stream.encode(frame), *stream.encode(None)]
        for packet in sorted(
            packets, key=lambda packet: float((packet.pts or 0) * packet.time_base)
        ):
            container.mux(packet)
    return path


def write_wav(
    path: Path,
    data: bytes,
    rate: int = 8000,
    channels: int = 2,
    code: int = PCM,
    bits: int = 16,
    promise: int | None = None,
) -> Path:
    """By hand, so that a header can lie; `promise` is the size that it gives for the data."""
    size = len(data) if promise is None else promise
    width = channels * bits // 8
    head = struct.pack("<HHIIHH", code, channels, rate, rate * width, width, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", size)
    path.write_bytes(b"RIFF" + struct.pack("<I", min(len(body) + size, 0xFFFFFFFF)) + body + data)
    return path


def s16(sound: Sound) -> bytes:
    return (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()


def level(samples: NDArray[np.int16], tone: int, rate: int = 16_000) -> float:
    """How much of a tone there is, 0..1."""
    wave = np.exp(-2j * np.pi * tone * np.arange(len(samples)) / rate)
    return float(2 * abs(np.mean(samples * wave)) / 32767)
