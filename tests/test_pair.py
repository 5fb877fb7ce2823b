"""Two mono files, or two mono streams, side by side."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import SourceError
from copilot.events import Lost
from copilot.sources.pair import join
from copilot.sources.pieces import Piece, Sound
from copilot.sources.recording import Pair
from copilot.sources.source import AudioSource
from tests.sounds import TONES, encode, level, s16, talk, write_wav

Runs = list[int | float]  # samples, or seconds lost, which are then silence


def stream(runs: Runs, value: int) -> Iterator[Piece]:
    position = 0
    for run in runs:
        if isinstance(run, float):
            yield Lost(position / 16_000, run)
        else:
            yield np.full((run, 1), value, np.int16)
            position += run


RUNS = st.lists(st.integers(1, 3000) | st.floats(0.1, 2, allow_nan=False), max_size=12)


@given(rep=RUNS, customer=RUNS)
def test_however_they_come_they_end_up_side_by_side(rep: Runs, customer: Runs) -> None:
    position, clock, heard, lost = 0, 0.0, [np.empty((0, 2), np.int16)], []
    for sound in join(stream(rep, 1), stream(customer, 2)):
        if isinstance(sound, Lost):
            assert sound.at >= clock
            assert round(sound.at * 16_000) == position
            clock = sound.at
            lost.append(sound)
        else:
            assert sound.start == position
            position += len(sound.samples)
            heard.append(sound.samples)
    samples = np.concatenate(heard)
    lengths = [sum(run for run in runs if isinstance(run, int)) for runs in (rep, customer)]
    assert len(samples) == max(lengths)
    for speaker, length in enumerate(lengths):
        assert (samples[:length, speaker] == speaker + 1).all()
        assert not samples[length:, speaker].any()
    told = [item for runs in (rep, customer) for item in stream(runs, 0)]
    assert sorted(lost, key=repr) == sorted((i for i in told if isinstance(i, Lost)), key=repr)


def test_only_the_stream_that_is_behind_is_pulled() -> None:
    pulled = []

    def counted(name: str, count: int) -> Iterator[Piece]:
        for _ in range(count):
            pulled.append(name)
            yield np.ones((1000, 1), np.int16)

    sounds: Iterator[Sound] = join(counted("rep", 50), counted("customer", 50))
    for _ in range(10):
        next(sounds)
    assert 10 <= pulled.count("rep") <= 11
    assert 10 <= pulled.count("customer") <= 11


def mono(path: Path, speaker: int, length: float, rate: int) -> Path:
    return write_wav(path, s16(talk(length, rate)[:, [speaker]]), rate, channels=1)


def samples_of(
    pair: AudioSource,
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int16]], list[Lost]]:
    with pair:
        sounds = list(pair.blocks())
    lost = [sound for sound in sounds if isinstance(sound, Lost)]
    return np.concatenate([s.samples for s in sounds if not isinstance(s, Lost)]), lost


def test_other_rates_formats_and_lengths(tmp_path: Path) -> None:
    rep = mono(tmp_path / "rep.wav", 0, 10, 8000)
    customer = encode(tmp_path / "customer.mp3", "libmp3lame", 44_100, talk(15, 44_100)[:, [1]])
    pair = Pair(rep, customer)
    assert pair.name == "rep.wav + customer.mp3"
    samples, lost = samples_of(pair)
    assert len(samples) == pytest.approx(15 * 16_000, abs=16)
    assert lost == []
    assert not samples[160_010:, 0].any()
    assert level(samples[3200:16_000, 0], TONES[0]) == pytest.approx(0.4, abs=0.03)
    assert level(samples[23_200:36_000, 1], TONES[1]) == pytest.approx(0.4, abs=0.03)
    assert level(samples[223_200:236_000, 1], TONES[1]) == pytest.approx(0.4, abs=0.03)


def test_a_file_cut_short_is_told_where_it_ends(tmp_path: Path) -> None:
    rep = mono(tmp_path / "rep.wav", 0, 10, 8000)
    rep.write_bytes(rep.read_bytes()[: 44 + 6 * 16_000])
    samples, (lost,) = samples_of(Pair(rep, mono(tmp_path / "customer.wav", 1, 10, 8000)))
    assert len(samples) == pytest.approx(160_000, abs=2)
    assert (lost.at, lost.seconds) == pytest.approx((6.0, 4.0), abs=0.01)


def refusal(rep: Path, customer: Path) -> str:
    with pytest.raises(SourceError) as caught:
        samples_of(Pair(rep, customer))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_stereo_file_is_refused_by_name(tmp_path: Path) -> None:
    good = mono(tmp_path / "good.wav", 0, 3, 8000)
    stereo = write_wav(tmp_path / "stereo.wav", s16(talk(3, 8000)))
    assert "stereo.wav: 2 channels, but --customer takes a mono" in refusal(good, stereo)
    assert "stereo.wav: 2 channels, but --rep takes a mono" in refusal(stereo, good)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    good = mono(tmp_path / "good.wav", 0, 3, 8000)
    assert "nowhere.wav: no such file" in refusal(good, tmp_path / "nowhere.wav")


def test_the_same_sound_twice(tmp_path: Path) -> None:
    good = mono(tmp_path / "good.wav", 0, 3, 8000)
    assert "both hold the same sound" in refusal(good, good)


def test_a_silent_file(tmp_path: Path) -> None:
    good = mono(tmp_path / "good.wav", 0, 3, 8000)
    silent = write_wav(tmp_path / "silent.wav", bytes(48_000), channels=1)
    nothing = write_wav(tmp_path / "nothing.wav", b"", channels=1)
    assert "silent.wav: is silent" in refusal(good, silent)
    assert "silent.wav: is silent" in refusal(silent, good)
    assert "both are silent" in refusal(silent, silent)
    assert "no sound in them" in refusal(nothing, nothing)
