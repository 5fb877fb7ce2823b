"""Two-channel recordings: every format, any rate, streamed, with the channels apart."""

import struct
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from copilot.errors import SourceError
from copilot.events import Lost
from copilot.frames import Block
from copilot.sources.recording import Recording
from copilot.sources.source import AudioSource
from tests.sounds import (
    ALAW,
    FLOAT,
    MULAW,
    PCM,
    TONES,
    TURN,
    encode,
    level,
    s16,
    talk,
    two_streams,
    write_wav,
)

LENGTH = 10.37  # s


def hear(source: AudioSource) -> tuple[NDArray[np.int16], list[Lost]]:
    """The whole call, after a check of the clock of every block."""
    heard, lost, position = [], [], 0
    with source:
        for sound in source.blocks():
            if isinstance(sound, Lost):
                assert abs(sound.at * 16_000 - position) < 1
                lost.append(sound)
            else:
                assert isinstance(sound, Block)
                assert sound.start == position
                assert 0 < len(sound.samples) <= 16_000
                position += len(sound.samples)
                heard.append(sound.samples)
    return np.concatenate(heard), lost


def assert_talk(samples: NDArray[np.int16]) -> None:
    """Each speaker is where they should be, when they should be, and nowhere else."""
    assert samples.dtype == np.int16
    turns = int(len(samples) / 16_000 / TURN)
    assert turns == int(LENGTH / TURN)
    for turn in range(turns):
        start = round((turn * TURN + 0.2) * 16_000)
        window = samples[start : start + 12_800]
        speaker, other = turn % 2, 1 - turn % 2
        assert level(window[:, speaker], TONES[speaker]) == pytest.approx(0.4, abs=0.03)
        assert level(window[:, other], TONES[speaker]) < 0.004
        assert np.abs(window[:, other]).max() < 2000


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("call.mp3", "libmp3lame", 44_100),
        ("low.mp3", "libmp3lame", 16_000),
        ("call.opus", "libopus", 48_000),
        ("call.ogg", "vorbis", 44_100),
        ("call.flac", "flac", 16_000),
        ("studio.flac", "flac", 96_000),
        ("call.m4a", "aac", 44_100),
        ("call.mp4", "aac", 48_000),
        ("call.webm", "libopus", 48_000),
        ("call.mka", "aac", 32_000),
        ("call.aac", "aac", 44_100),
        ("call.aiff", "pcm_s16be", 22_050),
        ("call.au", "pcm_s16be", 8_000),
        ("call.caf", "pcm_s16le", 11_025),
        ("call.w64", "pcm_s16le", 8_000),
        ("call.wv", "wavpack", 16_000),
        ("adpcm.wav", "adpcm_ms", 8_000),
        ("alaw.wav", "pcm_alaw", 8_000),
        ("mulaw.wav", "pcm_mulaw", 8_000),
        ("s24.wav", "pcm_s24le", 48_000),
        ("f64.wav", "pcm_f64le", 16_000),
    ],
)
def test_format(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    path = encode(tmp_path / name, codec, rate, talk(LENGTH, rate))
    samples, lost = hear(Recording(path))
    assert_talk(samples)
    assert len(samples) / 16_000 == pytest.approx(LENGTH, abs=0.05)
    assert lost == []


@pytest.mark.parametrize(
    ("code", "bits", "kind", "scale", "offset"),
    [
        (PCM, 8, "u1", 127, 128),
        (PCM, 16, "<i2", 32_767, 0),
        (PCM, 32, "<i4", 2**31 - 1, 0),
        (FLOAT, 32, "<f4", 1, 0),
        (FLOAT, 64, "<f8", 1, 0),
    ],
)
@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 44_100, 48_000])
def test_wav(
    tmp_path: Path, code: int, bits: int, kind: str, scale: int, offset: int, rate: int
) -> None:
    data = (talk(LENGTH, rate) * scale + offset).astype(kind).tobytes()
    path = write_wav(tmp_path / "call.wav", data, rate, code=code, bits=bits)
    samples, lost = hear(Recording(path))
    assert_talk(samples)
    assert abs(len(samples) - LENGTH * 16_000) <= 2
    assert lost == []


def test_sixteen_bits_at_our_rate_come_as_they_are(tmp_path: Path) -> None:
    data = s16(talk(3.21, 16_000))
    samples, _ = hear(Recording(write_wav(tmp_path / "call.wav", data, 16_000)))
    assert samples.tobytes() == data


def test_too_loud_is_clipped_not_wrapped(tmp_path: Path) -> None:
    data = (talk(LENGTH, 16_000) * 4).astype("<f4").tobytes()
    path = write_wav(tmp_path / "call.wav", data, 16_000, code=FLOAT, bits=32)
    samples, _ = hear(Recording(path))
    assert samples[:, 0].max() == 32_767
    assert level(samples[3200:16_000, 0], TONES[0]) > 1


@pytest.mark.parametrize("mask", [0x3, 0x5, 0x30, 0x600, 0xC, 0x0])
def test_channels_are_never_mixed(tmp_path: Path, mask: int) -> None:
    """Whatever loudspeakers the header names: front and centre would be mixed down to stereo."""
    data = s16(talk(LENGTH, 8000))
    head = struct.pack("<HHIIHHHHI", 0xFFFE, 2, 8000, 32_000, 4, 16, 22, 16, mask)
    head += bytes.fromhex("0100000000001000800000aa00389b71")
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head
    body += b"data" + struct.pack("<I", len(data)) + data
    path = tmp_path / "call.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    samples, _ = hear(Recording(path))
    assert_talk(samples)


def test_swap(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", s16(talk(LENGTH, 8000)))
    straight, _ = hear(Recording(path))
    swapped, _ = hear(Recording(path, swap=True))
    assert np.array_equal(straight[:, ::-1], swapped)


@pytest.mark.parametrize("late", [0.0, 2.5])
def test_two_mono_streams_are_rep_and_customer(tmp_path: Path, late: float) -> None:
    samples, lost = hear(Recording(two_streams(tmp_path / "call.mka", late)))
    assert lost == []
    assert len(samples) / 16_000 == pytest.approx(LENGTH, abs=0.02)
    for turn in range(2, 8):
        start = round((turn * TURN + 0.2) * 16_000)
        window = samples[start : start + 12_800, turn % 2]
        assert level(window, TONES[turn % 2]) == pytest.approx(0.4, abs=0.02)
    assert not samples[: max(0, round(late * 16_000) - 100), 1].any()


def test_sound_of_a_video(tmp_path: Path) -> None:
    path = tmp_path / "meeting.mp4"
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=5)
        picture.width = picture.height = 32
        stream = container.add_stream("aac", rate=48_000, layout="stereo")
        image = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        for number in range(60):
            image.pts = number
            container.mux(picture.encode(image))
        container.mux(picture.encode(None))
        values = (talk(LENGTH, 48_000) * 32_767).astype(np.int16).reshape(1, -1)
        frame = AudioFrame.from_ndarray(values, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = 48_000, 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    samples, lost = hear(Recording(path))
    assert_talk(samples)
    assert lost == []


def test_a_colon_in_the_name_is_no_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_wav(Path("http:call 12:30.wav"), s16(talk(LENGTH, 8000)))
    samples, _ = hear(Recording(path))
    assert_talk(samples)


def test_a_title_in_latin_1_is_no_error(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", s16(talk(LENGTH, 8000)))
    data = path.read_bytes()
    path.write_bytes(data[:12] + b"LIST\x10\0\0\0INFOINAM\4\0\0\0caf\xe9" + data[12:])
    samples, lost = hear(Recording(path))
    assert_talk(samples)
    assert lost == []


def test_the_rate_may_change_halfway(tmp_path: Path) -> None:
    """Two MP3 files simply put behind each other."""
    first = encode(tmp_path / "1.mp3", "libmp3lame", 44_100, talk(10, 44_100))
    second = encode(tmp_path / "2.mp3", "libmp3lame", 16_000, talk(10, 16_000))
    path = tmp_path / "call.mp3"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    samples, _ = hear(Recording(path))
    assert len(samples) / 16_000 == pytest.approx(20.1, abs=0.1)
    for start in (0.3, 10.4):
        window = samples[round(start * 16_000) :][:9_600]
        assert level(window[:, 0], TONES[0]) == pytest.approx(0.4, abs=0.03)


@pytest.mark.parametrize(("code", "quiet"), [(ALAW, 0xD5), (MULAW, 0xFF)])
def test_companded_silence_in_one_channel_is_silence(tmp_path: Path, code: int, quiet: int) -> None:
    noise = np.random.default_rng(1).integers(0, 256, 40_000, np.uint8)
    data = np.stack([noise, np.full_like(noise, quiet)], axis=1).tobytes()
    path = write_wav(tmp_path / "call.wav", data, code=code, bits=8)
    with pytest.raises(SourceError, match=r"customer's channel \(right\) is silent"):
        hear(Recording(path))


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    def peak(minutes: int) -> int:
        path = write_wav(tmp_path / f"{minutes}.wav", s16(talk(60, 8000)) * minutes)
        with Recording(path) as call:
            tracemalloc.start()
            for _ in call.blocks():
                pass
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    assert peak(10) < 2 * peak(1) < 4_000_000


def test_it_can_be_left_halfway(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", s16(talk(LENGTH, 8000)))
    with Recording(path) as call:
        blocks = call.blocks()
        next(blocks)
    assert list(blocks) == []
