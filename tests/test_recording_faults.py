"""Recordings that cannot be heard, each with its own line, and those that are heard in part."""

from pathlib import Path

import numpy as np
import pytest

from copilot.errors import SourceError
from copilot.events import Lost
from copilot.sources.recording import Recording
from tests.sounds import FLOAT, TONES, encode, level, s16, talk, two_streams, write_wav
from tests.test_recording import LENGTH, hear


def refusal(path: Path, swap: bool = False) -> str:
    with pytest.raises(SourceError) as caught:
        hear(Recording(path, swap))
    said = str(caught.value)
    assert str(path) in said
    assert "\n" not in said
    return said


def test_missing(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "nowhere.wav")


def test_folder(tmp_path: Path) -> None:
    assert "this is a folder" in refusal(tmp_path)


def test_empty(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.touch()
    assert "empty (0 bytes)" in refusal(path)


@pytest.mark.parametrize("content", [b"hello world\n" * 100, bytes(5000), b"RIFF"])
def test_not_audio(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(content)
    assert "not a sound file" in refusal(path)


def test_no_sound_stream(tmp_path: Path) -> None:
    path = tmp_path / "call.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nhello\n")
    assert "no sound in this file" in refusal(path)


def test_no_samples(tmp_path: Path) -> None:
    assert "no sound in it" in refusal(write_wav(tmp_path / "call.wav", b""))


def test_one_channel(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", s16(talk(2, 8000)[:, :1]), channels=1)
    said = refusal(path)
    assert "one channel only" in said
    assert "--rep A --customer B" in said


def test_six_channels(tmp_path: Path) -> None:
    path = encode(tmp_path / "call.flac", "flac", 16_000, np.tile(talk(2, 16_000), (1, 3)))
    assert "6 channels" in refusal(path)


@pytest.mark.parametrize("length", [1.0, 40.0])
@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("call.wav", "pcm_s16le", 8_000),
        ("call.mp3", "libmp3lame", 44_100),
        ("call.opus", "libopus", 48_000),
        ("call.ogg", "vorbis", 44_100),
        ("call.m4a", "aac", 44_100),
    ],
)
def test_mono_saved_as_stereo(
    tmp_path: Path, name: str, codec: str, rate: int, length: float
) -> None:
    mono = talk(length, rate).sum(axis=1, keepdims=True)
    path = encode(tmp_path / name, codec, rate, np.repeat(mono, 2, axis=1))
    assert "mono saved as stereo" in refusal(path)


@pytest.mark.parametrize("crosstalk", [0.1, 0.5, 0.9])
def test_crosstalk_is_not_a_copy(tmp_path: Path, crosstalk: float) -> None:
    sound = talk(LENGTH, 8000)
    leaking = sound + crosstalk * sound[:, ::-1]
    samples, _ = hear(Recording(write_wav(tmp_path / "call.wav", s16(leaking * 0.5))))
    assert len(samples) == pytest.approx(LENGTH * 16_000, abs=2)


def test_the_same_sound_at_another_level_is_not_a_copy(tmp_path: Path) -> None:
    """Before the customer speaks, their channel may hold nothing but the rep's crosstalk."""
    sound = talk(LENGTH, 8000)[:, [0, 0]] * [1.0, 0.9]
    samples, _ = hear(Recording(write_wav(tmp_path / "call.wav", s16(sound))))
    assert len(samples) == pytest.approx(LENGTH * 16_000, abs=2)


def test_an_announcement_in_both_channels_is_not_a_copy(tmp_path: Path) -> None:
    sound = talk(40, 8000)
    sound[: 20 * 8000] = sound[: 20 * 8000].sum(axis=1, keepdims=True)
    samples, _ = hear(Recording(write_wav(tmp_path / "call.wav", s16(sound))))
    assert len(samples) == pytest.approx(40 * 16_000, abs=2)


@pytest.mark.parametrize(
    ("silent", "swap", "who"),
    [
        ([0], False, "the rep's channel (left)"),
        ([1], False, "the customer's channel (right)"),
        ([0], True, "the customer's channel (left)"),
        ([1], True, "the rep's channel (right)"),
        ([0, 1], False, "both channels are silent"),
    ],
)
def test_silent_channel(tmp_path: Path, silent: list[int], swap: bool, who: str) -> None:
    sound = talk(LENGTH, 8000)
    sound[:, silent] = 8.5 / 32_767 * np.sign(sound[:, silent])  # an idle A-law line
    said = refusal(write_wav(tmp_path / "call.wav", s16(sound)), swap)
    assert who in said
    assert ("--swap does not mend" in said) == (len(silent) == 1)


def test_a_channel_that_sounds_late_is_not_silent(tmp_path: Path) -> None:
    sound = talk(60, 8000)
    sound[: 55 * 8000, 1] = 0
    samples, _ = hear(Recording(write_wav(tmp_path / "call.wav", s16(sound))))
    assert level(samples[-40_000:, 1], TONES[1]) > 0.1


@pytest.mark.parametrize(("kind", "bits"), [("<f4", 32), ("<f8", 64)])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [0.5, 9.25])
def test_not_a_number(tmp_path: Path, kind: str, bits: int, value: float, at: float) -> None:
    sound = talk(LENGTH, 8000)
    sound[round(at * 8000), 1] = value
    data = sound.astype(kind).tobytes()
    said = refusal(write_wav(tmp_path / "call.wav", data, code=FLOAT, bits=bits))
    assert f"a sample at {at:.3f} s is not a number" in said


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("call.wav", "pcm_s16le", 44_100),
        ("law.wav", "pcm_alaw", 8_000),
        ("call.flac", "flac", 16_000),
        ("call.mp3", "libmp3lame", 44_100),
        ("call.mka", "flac", 16_000),
        ("call.aiff", "pcm_s16be", 8_000),
        ("call.wv", "wavpack", 16_000),
    ],
)
def test_cut_short(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    path = encode(tmp_path / name, codec, rate, talk(LENGTH, rate))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    samples, (lost,) = hear(Recording(path))
    assert len(samples) > 0.55 * LENGTH * 16_000
    assert lost.at == len(samples) / 16_000
    assert lost.at + lost.seconds == pytest.approx(LENGTH, abs=0.02)


def test_cut_short_after_its_index(tmp_path: Path) -> None:
    path = tmp_path / "call.m4a"
    encode(path, "aac", 44_100, talk(LENGTH, 44_100), movflags="faststart")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    samples, (lost,) = hear(Recording(path))
    assert lost.at == len(samples) / 16_000 > 5
    assert lost.at + lost.seconds == pytest.approx(LENGTH, abs=0.02)


def test_two_streams_cut_short(tmp_path: Path) -> None:
    path = two_streams(tmp_path / "call.mp4", late=2.5, movflags="faststart")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    with Recording(path) as call:
        lost = [sound for sound in call.blocks() if isinstance(sound, Lost)]
    assert len(lost) == 2
    for one in lost:
        assert one.at + one.seconds == pytest.approx(LENGTH, abs=0.02)


def test_cut_short_before_its_index(tmp_path: Path) -> None:
    path = encode(tmp_path / "call.m4a", "aac", 44_100, talk(LENGTH, 44_100))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    assert "cut off before its index" in refusal(path)


@pytest.mark.parametrize("promise", [0, 0xFFFFFFFF, 0x7FFFF000])
def test_a_header_never_finished_promises_nothing(tmp_path: Path, promise: int) -> None:
    path = write_wav(tmp_path / "call.wav", s16(talk(LENGTH, 8000)), promise=promise)
    samples, lost = hear(Recording(path))
    assert abs(len(samples) - LENGTH * 16_000) <= 2
    assert lost == []


@pytest.mark.parametrize(
    ("name", "codec", "rate", "most"),
    [
        ("call.flac", "flac", 16_000, 1.0),
        ("call.m4a", "aac", 44_100, 1.0),
        ("call.opus", "libopus", 48_000, 1.5),  # a page
        ("call.webm", "libopus", 48_000, 5.0),  # a cluster
        ("call.wv", "wavpack", 16_000, 2.0),
    ],
)
@pytest.mark.parametrize("fill", [0x00, 0xA5])
def test_damage_in_the_middle_keeps_the_clock_true(
    tmp_path: Path, name: str, codec: str, rate: int, most: float, fill: int
) -> None:
    path = encode(tmp_path / name, codec, rate, talk(LENGTH, rate))
    whole, none = hear(Recording(path))
    assert none == []
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 3000] = bytes([fill]) * 3000
    path.write_bytes(data)
    samples, (lost,) = hear(Recording(path))
    assert 3 < lost.at < 7
    assert 0.05 < lost.seconds <= most
    assert len(samples) == pytest.approx(len(whole), abs=16)
    gap = slice(round(lost.at * 16_000) + 200, round((lost.at + lost.seconds) * 16_000) - 200)
    assert not samples[gap].any()
    # time stamps in WebM are whole milliseconds
    tail = slice(len(whole) - 4000, len(whole) - 1000)
    likeness = [
        np.corrcoef(np.roll(samples[:, 0], lag)[tail], whole[tail, 0])[0, 1] for lag in range(-8, 9)
    ]
    assert max(likeness) > 0.95


def test_damage_in_a_stream_without_clock_is_told(tmp_path: Path) -> None:
    """MP3 counts its packets, so the length of what is gone shows only at the end."""
    path = encode(tmp_path / "call.mp3", "libmp3lame", 44_100, talk(LENGTH, 44_100))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 6000] = bytes(6000)
    path.write_bytes(data)
    samples, lost = hear(Recording(path))
    assert len(lost) == 2
    assert len(samples) / 16_000 + lost[-1].seconds == pytest.approx(LENGTH, abs=0.02)
