"""Drivers that misbehave: a system of fakes, with the real threads and the real clock."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.errors import DeviceError
from copilot.events import Lost, Notice, Trouble
from copilot.frames import RATE, Block
from copilot.sources.live.device import Device, Role
from copilot.sources.live.live import HUNG, Live, Piece, boot_clock

CHUNK = 320
MICROPHONE = Device("mic", "Microphone", Role.MICROPHONE, 1, 48_000, default=True)
LOOPBACK = Device("out", "Loopback", Role.SOFTPHONE, 2, 48_000, default=True)
Act = Callable[[int], None]  # what a stream does before its nth chunk


class FakeStream:
    """20 ms of sound every 20 ms, unless `act` does something else first."""

    def __init__(self, channels: int, act: Act) -> None:
        self._channels, self._act = channels, act
        self._count, self._begun = 0, time.monotonic()

    def __enter__(self) -> Self:
        self._begun = time.monotonic()
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def check(self) -> None:
        pass

    def read(self, count: int) -> NDArray[np.int16]:
        assert count == CHUNK
        self._act(self._count)
        self._count += 1
        ahead = self._begun + self._count * CHUNK / RATE - time.monotonic()
        time.sleep(max(0.0, ahead))
        return np.full((CHUNK, self._channels), 100, np.int16)


class FakeSystem:
    """A microphone that does what the test wants, and a loopback that just works."""

    name = "fake"
    changes = 0

    def __init__(self, *acts: Act) -> None:
        self._acts = list(acts)  # of each opening of the microphone; then it just works
        self.there: list[Device] = [MICROPHONE, LOOPBACK]
        self.opened = 0

    def devices(self) -> Sequence[Device]:
        return self.there

    def stream(self, device: Device, channels: int) -> FakeStream:
        if device.role is not Role.MICROPHONE:
            return FakeStream(channels, works)
        self.opened += 1
        return FakeStream(channels, self._acts.pop(0) if self._acts else works)


def works(_count: int) -> None:
    """Nothing in the way."""


def heard(live: Live, seconds: float) -> list[Piece]:
    pieces: list[Piece] = []
    with live:
        deadline = time.monotonic() + seconds
        for piece in live.pieces():
            pieces.append(piece)
            if time.monotonic() > deadline:
                live.stop()
    return pieces


def notices(pieces: Sequence[Piece]) -> list[tuple[Trouble, bool]]:
    return [(one.trouble, one.on) for one in pieces if isinstance(one, Notice)]


def lost(pieces: Sequence[Piece]) -> float:
    return sum(one.seconds for one in pieces if isinstance(one, Lost))


GONE_AND_BACK = [(Trouble.MICROPHONE_GONE, True), (Trouble.MICROPHONE_GONE, False)]


def test_a_stream_that_stops_calling_back_is_opened_anew() -> None:
    hang = threading.Event()

    def hangs(count: int) -> None:
        if count == 50:
            hang.wait(30)

    system = FakeSystem(hangs)
    pieces = heard(Live(system), 1.0 + HUNG + 1.5)
    hang.set()
    assert system.opened == 2
    assert notices(pieces) == GONE_AND_BACK
    assert lost(pieces) == pytest.approx(HUNG, abs=0.4)
    sound = np.concatenate([one.samples for one in pieces if isinstance(one, Block)])
    there = (sound[-RATE // 2 :] != 0).mean(axis=0)
    assert (there > 0.5).all(), "both sides are heard again, a late chunk left aside"


def test_a_buffer_that_overflows_is_lost_sound() -> None:
    def overflows(count: int) -> None:
        if count == 100:
            time.sleep(1.0)

    class Overflowing(FakeStream):
        def read(self, count: int) -> NDArray[np.int16]:
            before = time.monotonic()
            samples = super().read(count)
            if time.monotonic() - before > 0.5:  # what was not read in time is gone
                self._begun += 1.0
            return samples

    system = FakeSystem()
    system.stream = (  # type: ignore[method-assign]  # this microphone drops
        lambda device, channels: (
            Overflowing(channels, overflows)
            if device is MICROPHONE
            else FakeStream(channels, works)
        )
    )
    pieces = heard(Live(system), 5.0)
    assert lost(pieces) == pytest.approx(1.0, abs=0.2)


def test_a_device_that_goes_and_comes_back_with_another_rate() -> None:
    def goes(count: int) -> None:
        if count == 50:
            system.there = [LOOPBACK]
            threading.Timer(1.0, system.there.append, [other]).start()
            raise DeviceError("Microphone: has gone")

    other = Device("mic", "Microphone", Role.MICROPHONE, 1, 16_000, default=True)
    system = FakeSystem(goes)
    pieces = heard(Live(system), 4.5)
    assert notices(pieces) == GONE_AND_BACK
    assert 0.9 <= lost(pieces) <= 1.6


def test_a_machine_that_sleeps_knows_how_long() -> None:
    slept = 0.0

    def sleeps(count: int) -> None:
        nonlocal slept
        if count == 50:
            slept = 600.0

    live = Live(FakeSystem(sleeps), clock=lambda: boot_clock() + slept)
    pieces = heard(live, 4.0)
    assert lost(pieces) == pytest.approx(600.0, abs=1.0)
    assert sum(len(one.samples) for one in pieces if isinstance(one, Block)) < 8 * RATE


def test_a_microphone_that_may_not_be_heard() -> None:
    def refused(_count: int) -> None:
        raise DeviceError("Microphone: cannot be opened (denied)")

    with pytest.raises(DeviceError, match="denied"):
        heard(Live(FakeSystem(refused)), 3.0)


def test_a_microphone_that_is_silent_or_far_too_loud_is_told_once() -> None:
    class Silent(FakeStream):
        def read(self, count: int) -> NDArray[np.int16]:
            samples = super().read(count)
            return np.zeros_like(samples) if self._count < 300 else np.full_like(samples, 32767)

    system = FakeSystem()
    system.stream = (  # type: ignore[method-assign]  # this microphone is muted, then shouted into
        lambda device, channels: (
            Silent(channels, works) if device is MICROPHONE else FakeStream(channels, works)
        )
    )
    pieces = heard(Live(system), 8.0)
    assert notices(pieces) == [
        (Trouble.MICROPHONE_SILENT, True),
        (Trouble.MICROPHONE_SILENT, False),
        (Trouble.CLIPPING, True),
    ]
