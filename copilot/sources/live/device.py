"""The devices of this machine, and which two of them make a call."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol, Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from copilot.errors import DeviceError

Clock = Callable[[], float]  # s; goes on while the machine sleeps


class Role(StrEnum):
    """What a device can be heard for."""

    MICROPHONE = "microphone"
    SOFTPHONE = "softphone"  # what is played on this machine: a loopback


class Device(Struct, frozen=True):
    """A microphone or a loopback."""

    id: str  # stays the same when it is unplugged and plugged in again
    name: str  # as the system shows it
    role: Role
    channels: int
    rate: int  # Hz, its own; it is heard at 16 kHz
    default: bool = False  # what the system uses when nobody chooses
    muted: bool = False
    narrow: bool = False  # a Bluetooth headset in hands-free mode: telephone sound both ways
    steady: bool = True  # sends silence, too, when nothing plays
    plays: tuple[str, ...] = ()  # programs that play into it now, of a loopback


class Stream(Protocol):
    """A device that is being heard."""

    def __enter__(self) -> Self:
        """Begins to listen; raises DeviceError."""
        ...

    def __exit__(self, *exc: object) -> None: ...

    def read(self, count: int) -> NDArray[np.int16]:
        """Waits for some `count` samples at 16 kHz, shape (n, channels); raises DeviceError."""
        ...

    def check(self) -> None:
        """Raises DeviceError when it has come to hear another device than it should."""
        ...


class System(Protocol):
    """What this machine hears with."""

    @property
    def name(self) -> str:
        """Such as PulseAudio."""
        ...

    @property
    def changes(self) -> int:
        """Grows when a device comes, goes or becomes the usual one, where that can be told."""
        ...

    def devices(self) -> Sequence[Device]:
        """All that is plugged in now; raises DeviceError."""
        ...

    def stream(self, device: Device, channels: int) -> Stream:
        """The device, not yet open."""
        ...


class Wish(Struct, frozen=True):
    """Which device is wanted for a role: by its id or (a part of) its name, or the usual one."""

    role: Role
    name: str | None = None
    avoid: str | None = None  # the id of a device that has the other role


REMEDY = "`call-copilot devices` shows what there is"
NO_LOOPBACK = {
    "linux": "PulseAudio or PipeWire gives one for every output; start it, or name a device",
    "win32": "choose an output in Windows' sound settings; its loopback appears by itself",
    "darwin": "install a virtual device such as BlackHole (brew install blackhole-2ch) and put it "
    "with your headset in a Multi-Output Device (Audio MIDI Setup)",
}


def find(devices: Sequence[Device], wish: Wish, platform: str) -> Device:
    """The device that is wished for; raises DeviceError."""
    able = [one for one in devices if one.role is wish.role]
    if wish.name is not None:
        return _named(wish.name, able, devices)
    able = [one for one in able if one.id != wish.avoid]
    if not able:
        remedy = NO_LOOPBACK.get(platform, "") if wish.role is Role.SOFTPHONE else "plug one in"
        raise DeviceError(f"no {wish.role} on this machine: {remedy}; {REMEDY}")
    return max(able, key=_rank)  # of equals the first


def _rank(device: Device) -> tuple[bool, bool]:
    return bool(device.plays), device.default


def _named(name: str, able: Sequence[Device], devices: Sequence[Device]) -> Device:
    folded = name.casefold()
    exact = [one for one in able if folded in (one.id.casefold(), one.name.casefold())]
    likely = [one for one in able if folded in one.name.casefold() or folded in one.id.casefold()]
    found = exact or likely
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(one.id for one in found)
        raise DeviceError(f"{name}: could be any of {names}; give the whole of one; {REMEDY}")
    # whoever names a device knows what it is: a monitor can serve as a microphone
    others = [one for one in devices if folded in (one.id.casefold(), one.name.casefold())]
    if len(others) == 1:
        return others[0]
    raise DeviceError(f"{name}: no such device is plugged in; {REMEDY}")
