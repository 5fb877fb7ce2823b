"""The call as it is spoken, for as long as the program runs: two devices, one clock."""

import sys
import time
from collections.abc import Iterator
from queue import Empty, Queue
from types import TracebackType
from typing import Self, assert_never

from copilot.errors import DeviceError
from copilot.events import Lost, Notice, Trouble
from copilot.frames import FRAME, Block, seconds
from copilot.sources.live.device import Clock, Device, Role, System, Wish, find
from copilot.sources.live.mixer import GONE, Mixer
from copilot.sources.live.tap import KEPT, Chunk, Down, Message, Tap, Up
from copilot.sources.live.watch import Watch

Piece = Block | Lost | Notice
DOZING = 10 * FRAME  # samples read at once between two calls
WAIT = 0.1  # s that the loop waits for a message
HUNG = 2.0  # s without samples after which a device is opened anew
PATIENCE = 6.0  # s that the first samples may take: a sound server wakes up slowly
GONE_NOTICE = {
    Role.MICROPHONE: Trouble.MICROPHONE_GONE,
    Role.SOFTPHONE: Trouble.SOFTPHONE_GONE,
}


def boot_clock() -> float:
    """Seconds since the machine started, those that it slept included where that can be known."""
    if hasattr(time, "clock_gettime"):
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
    return time.monotonic()


class Live:
    """The microphone and the softphone, heard side by side.

    Args:
        system: what this machine hears with.
        microphone: name of the device; None follows the system's usual one.
        softphone: the same of the loopback.
        stereo: name of a single device with both: the rep left, the customer right.
        clock: seconds that go on while the machine sleeps.
        platform: as `sys.platform` has it.
    """

    def __init__(
        self,
        system: System,
        *,
        microphone: str | None = None,
        softphone: str | None = None,
        stereo: str | None = None,
        clock: Clock = boot_clock,
        platform: str = sys.platform,
    ) -> None:
        self._system, self._clock, self._platform = system, clock, platform
        self._names = {Role.MICROPHONE: stereo or microphone, Role.SOFTPHONE: softphone}
        self._stereo = stereo is not None
        self._queue: Queue[Message] = Queue(KEPT)
        self._taps: dict[Role, Tap] = {}
        self._mixer, self._watch = Mixer(), Watch()
        self._last: dict[Role, float] = {}  # when the latest samples of each came
        self._sign: dict[Role, float] = {}  # when each last showed that its driver lives
        self._devices: dict[Role, Device] = {}
        self._down: set[Role] = set()
        self._heard: set[Role] = set()
        self._stopped = False
        self._looked: float | None = None
        self.name = ""

    def __enter__(self) -> Self:
        """Finds the devices and begins to listen; raises DeviceError."""
        devices = self._system.devices()
        one = find(devices, self._wish(Role.MICROPHONE), self._platform)
        self._devices = {Role.MICROPHONE: one}
        if not self._stereo:
            wish = self._wish(Role.SOFTPHONE)
            self._devices[Role.SOFTPHONE] = find(devices, wish, self._platform)
            if self._devices[Role.SOFTPHONE].id == one.id:
                raise DeviceError(
                    f"{one.name}: cannot be both the microphone and the softphone; "
                    "name two devices, or --stereo for one that has both"
                )
        self.name = " + ".join(device.name for device in self._devices.values())
        for role in self._devices:
            self._taps[role] = Tap(
                self._system,
                self._wish(role),
                2 if self._stereo else 1,
                self._clock,
                self._queue,
                self._platform,
            )
            self._sign[role] = self._clock() + PATIENCE - HUNG
            self._taps[role].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for tap in self._taps.values():
            tap.stop()

    def stop(self) -> None:
        """Let the sound end; may be called at any moment, by a signal too."""
        self._stopped = True

    def doze(self, *, on: bool) -> None:
        """Wake up ten times less often, while nothing has to be told in time."""
        for tap in self._taps.values():
            tap.count = DOZING if on else FRAME

    def pieces(self) -> Iterator[Piece]:
        """Yields sound until it is stopped, and what hinders it; raises DeviceError at first."""
        while not self._stopped:
            self._wake()
            try:
                message = self._queue.get(timeout=WAIT)
            except Empty:
                pass
            else:
                yield from self._take(message)
            if Role.MICROPHONE in self._heard:
                yield from self._mixer.wait(self._clock())
            yield from self._restart()

    def _wake(self) -> None:
        """When the machine slept, no device is to blame; the microphone's clock tells the loss."""
        now, before = self._clock(), self._looked
        self._looked = now
        if before is not None and now - before > HUNG:
            self._sign = dict.fromkeys(self._sign, now + PATIENCE - HUNG)
            self._last = {role: at + now - before for role, at in self._last.items()}

    def _wish(self, role: Role) -> Wish:
        microphone = self._devices.get(Role.MICROPHONE)
        avoid = microphone.id if microphone and role is Role.SOFTPHONE else None
        return Wish(role, self._names[role], avoid)

    def _take(self, message: Message) -> Iterator[Piece]:
        self._sign[message.role] = self._clock()
        match message:
            case Chunk():
                yield from self._chunk(message)
            case Up():
                self._devices[message.role] = message.device
                self._sign[message.role] += PATIENCE - HUNG
            case Down():
                if message.role not in self._heard:
                    raise DeviceError(message.why)
                yield from self._gone(message.role)
            case _:
                assert_never(message)

    def _chunk(self, chunk: Chunk) -> Iterator[Piece]:
        role, samples = chunk.role, chunk.samples
        if role in self._down:
            self._down.remove(role)
            yield Notice(self._mixer.position, GONE_NOTICE[role], on=False)
            missing = chunk.at - seconds(len(samples)) - self._last[role]
            if role is Role.SOFTPHONE and missing > GONE:
                yield Lost(self._mixer.position, missing)
        self._last[role] = chunk.at
        self._heard.add(role)
        if role is Role.SOFTPHONE:
            self._mixer.other(samples[:, 0])
            return
        if self._stereo:
            self._mixer.other(samples[:, 1])
        yield from self._mixer.microphone(chunk.at, samples[:, 0])
        yield from self._watch.see(self._mixer.position, samples[:, 0])

    def _gone(self, role: Role) -> Iterator[Notice]:
        if role not in self._down:
            self._down.add(role)
            yield Notice(self._mixer.position, GONE_NOTICE[role], on=True)

    def _restart(self) -> Iterator[Notice]:
        """Open a device anew that does not say that it has gone, but sends nothing."""
        now = self._clock()
        for role, tap in self._taps.items():
            if now - self._sign[role] <= HUNG or not self._devices[role].steady:
                continue
            if role not in self._heard:
                raise DeviceError(
                    f"{self._devices[role].name}: is there, but sends no sound; "
                    "see whether another program holds it, or whether you may use it"
                )
            yield from self._gone(role)
            self._sign[role] = now + PATIENCE - HUNG
            tap.start()
