"""Two devices on one clock: nothing is heard twice, and the clock stays true."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from copilot.events import Lost
from copilot.frames import RATE, Block
from copilot.sources.live.mixer import MOST, STALL, Mixer
from copilot.sources.pieces import Sound

CHUNK = 320
START = 1_000.0  # s on the machine's clock


def ramp(first: int, count: int) -> NDArray[np.int16]:
    """Samples that tell where they belong; never silence."""
    return np.asarray(np.arange(first, first + count) % 30_000 + 1, np.int16)


class Desk:
    """Feeds a mixer as two devices would; checks that blocks follow each other."""

    def __init__(self) -> None:
        self.mixer, self.now, self.spoken = Mixer(), START, 0
        self.pieces: list[Sound] = []

    def microphone(self, seconds: float, *, late: float = 0.0, heard: bool = True) -> None:
        for _ in range(round(seconds * RATE / CHUNK)):
            self.now += CHUNK / RATE
            if heard:
                chunk = ramp(self.spoken, CHUNK)
                self.pieces.extend(self.mixer.microphone(self.now + late, chunk))
            self.spoken += CHUNK
            self.pieces.extend(self.mixer.wait(self.now))

    @property
    def blocks(self) -> list[Block]:
        return [one for one in self.pieces if isinstance(one, Block)]

    @property
    def lost(self) -> list[float]:
        return [one.seconds for one in self.pieces if isinstance(one, Lost)]

    def sound(self) -> NDArray[np.int16]:
        return np.concatenate([one.samples for one in self.blocks])


def test_a_microphone_that_runs_is_given_as_it_comes() -> None:
    desk = Desk()
    desk.microphone(3.0)
    assert np.array_equal(desk.sound()[:, 0], ramp(0, 3 * RATE))
    assert not desk.lost


@given(st.lists(st.floats(0.0, 0.4), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_chunks_that_come_late_for_a_while_lose_nothing(late: list[float]) -> None:
    desk = Desk()
    desk.microphone(1.0)
    for delay in late:
        desk.microphone(CHUNK / RATE, late=delay)
        desk.microphone(CHUNK / RATE)
    desk.microphone(2.0)
    assert not desk.lost
    assert np.array_equal(desk.sound()[:, 0], ramp(0, len(desk.sound())))


@pytest.mark.parametrize("gap", [0.3, 1.0, 5.0, 30.0])
def test_what_a_microphone_did_not_send_is_lost_and_the_clock_stays_true(gap: float) -> None:
    desk = Desk()
    desk.microphone(2.0)
    desk.microphone(gap, heard=False)
    desk.microphone(2.0)
    assert sum(desk.lost) == pytest.approx(gap, abs=0.03)
    assert len(desk.sound()) == pytest.approx(desk.spoken, abs=0.03 * RATE)
    last = desk.sound()[-RATE:, 0]
    place = len(desk.sound()) - RATE
    assert abs(int(last[0]) - int(ramp(place, 1)[0])) <= 0.03 * RATE


def test_what_comes_after_silence_has_taken_its_place_is_not_heard() -> None:
    desk = Desk()
    desk.microphone(1.0)
    first, begun = desk.spoken, desk.now
    desk.microphone(1.5, heard=False)  # a machine so busy that all of it comes at once, later
    for number in range(75):
        chunk = ramp(first + number * CHUNK, CHUNK)
        late = begun + (number + 1) * CHUNK / RATE
        desk.pieces.extend(desk.mixer.microphone(late, chunk))
    desk.microphone(1.0)
    assert len(desk.sound()) == pytest.approx(desk.spoken, abs=0.03 * RATE)
    sound = desk.sound()[:, 0]
    own = np.flatnonzero(sound)
    assert np.array_equal(sound[own], ramp(0, len(sound))[own]), "every sample where it belongs"


def test_while_the_microphone_is_gone_the_customer_is_heard() -> None:
    desk = Desk()
    desk.microphone(1.0)
    for _ in range(100):
        desk.mixer.other(ramp(7, CHUNK))
        desk.microphone(CHUNK / RATE, heard=False)
    heard = np.concatenate([one.samples for one in desk.blocks])[RATE:, 1]
    assert np.count_nonzero(heard) > (2.0 - STALL - 0.1) * RATE


def test_a_machine_that_slept_is_told_in_one_piece() -> None:
    desk = Desk()
    desk.microphone(1.0)
    desk.now += 8 * 3600
    desk.spoken += 8 * 3600 * RATE
    desk.microphone(1.0)
    assert sum(desk.lost) == pytest.approx(8 * 3600, abs=1.0)
    assert sum(len(one.samples) for one in desk.blocks) < 5 * RATE, "no night of silence is heard"
    assert desk.blocks[-1].start >= 8 * 3600 * RATE


@pytest.mark.parametrize("parts_per_million", [-300, 100, 300])
def test_clocks_that_drift_lose_nothing(parts_per_million: int) -> None:
    desk = Desk()
    for _ in range(25_000):  # over 8 minutes: 0.15 s
        desk.now += CHUNK / RATE * parts_per_million / 1e6
        desk.microphone(CHUNK / RATE)
    assert not desk.lost


@pytest.mark.parametrize("parts_per_million", [-300, 100, 300])
def test_the_other_side_drifts_and_never_waits_long(parts_per_million: int) -> None:
    mixer, sent, now = Mixer(), 0.0, START
    waiting = []
    for number in range(30_000):  # 10 minutes: 0.18 s
        now += CHUNK / RATE
        sent += CHUNK * (1 + parts_per_million / 1e6)
        count = int(sent)
        sent -= count
        quiet = number % 50 < 10
        mixer.other(np.zeros(count, np.int16) if quiet else ramp(7, count))
        given_ = list(mixer.microphone(now, ramp(number * CHUNK, CHUNK)))
        assert all(isinstance(one, Block) for one in given_)
        waiting.append(mixer.waiting)
    assert max(waiting[500:]) < 0.1


def test_a_loopback_that_sends_nothing_is_silence() -> None:
    desk = Desk()
    desk.microphone(1.0)
    desk.mixer.other(ramp(0, 4 * CHUNK))
    desk.microphone(1.0)
    other = desk.sound()[:, 1]
    assert np.count_nonzero(other) == 4 * CHUNK
    assert not other[: RATE // 2].any()


def test_nothing_grows_while_only_one_side_sends() -> None:
    mixer = Mixer()
    for _ in range(1_000):
        mixer.other(ramp(0, CHUNK))
    assert mixer.waiting <= MOST
