"""Hears one device in a thread of its own, and finds it again when it was unplugged."""

import threading
from contextlib import suppress
from queue import Full, Queue

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from copilot.errors import DeviceError
from copilot.frames import FRAME
from copilot.sources.live.device import Clock, Device, Role, System, Wish, find

AGAIN = 0.3  # s between two looks for a device that has gone
LOOK = 2.0  # s between two looks whether the usual device is another one now
KEPT = 2_000  # chunks of 20 ms that wait for the loop: 40 s; then what is newest is lost


class Chunk(Struct, frozen=True):
    """Samples of one side, shape (n, channels), and when the last of them was spoken."""

    role: Role
    at: float
    samples: NDArray[np.int16]


class Up(Struct, frozen=True):
    """A device is being heard from now on."""

    role: Role
    device: Device


class Down(Struct, frozen=True):
    """A device has gone."""

    role: Role
    why: str


Message = Chunk | Up | Down


class Tap:
    """A device that is heard for as long as it is there.

    Args:
        system: to find and open it.
        wish: which device; without a name it follows the system's usual one.
        channels: that are wanted of it.
        clock: tells when a chunk has come.
        out: where the messages go.
        platform: as `sys.platform` has it, for the remedy.
    """

    def __init__(
        self,
        system: System,
        wish: Wish,
        channels: int,
        clock: Clock,
        out: "Queue[Message]",
        platform: str,
    ) -> None:
        self._system, self._wish, self._channels = system, wish, channels
        self._clock, self._out, self._platform = clock, out, platform
        self.count = FRAME  # samples read at once; whoever is in no hurry reads more
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to hear; a thread that hangs in its driver is left to itself."""
        self._stop.set()
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(self._stop,), name=f"tap {self._wish.role}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Hear no more; waits a moment for the device to be closed."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=1.0)

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self._hear(stop)
            except DeviceError as error:
                self._tell(stop, Down(self._wish.role, str(error)))
                stop.wait(AGAIN)

    def _hear(self, stop: threading.Event) -> None:
        """Hear the device until it goes, or another one becomes the usual one."""
        device = self._found()
        with self._system.stream(device, self._channels) as stream:
            looked, changes = self._clock(), self._system.changes
            self._tell(stop, Up(self._wish.role, device))
            while not stop.is_set():
                samples = stream.read(self.count)
                now = self._clock()
                if len(samples):  # a resampler gathers before it gives
                    self._tell(stop, Chunk(self._wish.role, now, samples))
                if now - looked > LOOK or changes != self._system.changes:
                    looked, changes = now, self._system.changes
                    stream.check()
                    if self._wish.name is None and self._better(device):
                        return

    def _found(self) -> Device:
        return find(self._system.devices(), self._wish, self._platform)

    def _better(self, device: Device) -> bool:
        """Whether to go over to another device: never away from one that something plays into."""
        devices = self._system.devices()
        if any(one.id == device.id and one.plays for one in devices):
            return False
        return find(devices, self._wish, self._platform).id != device.id

    def _tell(self, stop: threading.Event, message: Message) -> None:
        if not stop.is_set():
            with suppress(Full):  # the loop hangs; the gap shows in the clock
                self._out.put_nowait(message)
