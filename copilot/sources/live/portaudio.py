"""Devices by PortAudio: microphones everywhere, virtual loopbacks, two-channel devices."""

import sys
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from copilot.errors import DeviceError
from copilot.frames import RATE
from copilot.sources.live.device import Device, Role

if TYPE_CHECKING:
    from types import ModuleType

    from sounddevice import RawInputStream
    from soxr import ResampleStream

# how virtual devices that carry what is played call themselves
VIRTUAL = ("blackhole", "loopback", "soundflower", "vb-cable", "cable output", "voicemeeter",
           "stereo mix", "monitor of")  # fmt: skip
HANDS_FREE = ("hands-free", "handsfree", "hfp", "headset-head-unit")
NARROW = 16_000  # Hz; a Bluetooth headset in hands-free mode has no more
LATENCY = 0.1  # s that the driver may keep; less overflows on a busy machine
QUALITY = "LQ"  # of the resampler: a telephone's band, 6 ms late; MQ is 27 ms late, at 8 kHz 0.1 s
WINDOWS = "Windows WASAPI"  # the others cut names off, or are slow


class PortAudio:
    """What PortAudio finds. It looks for devices only when it starts, so it is started again."""

    name = "PortAudio"
    changes = 0  # it never tells

    def __init__(self) -> None:
        self._open = 0  # streams
        self._lock = threading.Lock()  # two threads may look for their devices

    def devices(self) -> Sequence[Device]:
        """All inputs; what has been plugged in since is seen only while no stream is open."""
        library = _library()
        with self._lock:
            if not self._open:
                library._terminate()
                library._initialize()
            return list(_devices(library))

    def stream(self, device: Device, channels: int) -> "PortAudioStream":
        """The device, not yet open."""
        return PortAudioStream(self, device, channels)

    def opened(self, change: int) -> None:
        """Count the streams that are open."""
        with self._lock:
            self._open += change


def _library() -> "ModuleType":
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(f"{error}; install it (Debian: apt install libportaudio2)") from error
    library: ModuleType = sounddevice
    return library


def _devices(library: "ModuleType") -> Iterator[Device]:
    hosts = library.query_hostapis()
    wanted = [place for place, host in enumerate(hosts) if host["name"] == WINDOWS]
    for place, found in enumerate(library.query_devices()):
        host, name = found["hostapi"], found["name"]
        if found["max_input_channels"] < 1 or (wanted and host not in wanted):
            continue
        folded = name.casefold()
        rate = round(found["default_samplerate"])
        yield Device(
            id=name,
            name=name,
            role=Role.SOFTPHONE if any(one in folded for one in VIRTUAL) else Role.MICROPHONE,
            channels=found["max_input_channels"],
            rate=rate,
            default=place == hosts[host]["default_input_device"],
            narrow=any(one in folded for one in HANDS_FREE)
            or (rate <= NARROW and "headset" in folded),
        )


class PortAudioStream:
    """A device at its own rate, brought to 16 kHz; of many channels the first ones are heard."""

    def __init__(self, system: PortAudio, device: Device, channels: int) -> None:
        self._system, self._device, self._channels = system, device, channels
        self._own = channels if channels > 1 else min(2, device.channels)
        self._stream: RawInputStream | None = None
        self._resampler: ResampleStream | None = None

    def __enter__(self) -> Self:
        import soxr

        library = _library()
        if self._device.channels < self._channels:
            raise DeviceError(f"{self._device.name}: has one channel only, not rep and customer")
        settings = library.WasapiSettings(auto_convert=True) if sys.platform == "win32" else None
        try:
            self._stream = library.RawInputStream(
                samplerate=self._device.rate,
                blocksize=0,
                device=self._device.id,
                channels=self._own,
                dtype="int16",
                latency=LATENCY,
                extra_settings=settings,
            )
            self._stream.start()
        except (library.PortAudioError, ValueError) as error:
            raise DeviceError(f"{self._device.name}: cannot be opened ({error})") from error
        self._system.opened(1)
        self._resampler = soxr.ResampleStream(
            self._device.rate, RATE, self._own, dtype="int16", quality=QUALITY
        )
        return self

    def __exit__(self, *exc: object) -> None:
        if self._stream is not None:
            self._stream.close(ignore_errors=True)
            self._stream = None
            self._system.opened(-1)

    def check(self) -> None:
        """It hears no other device, ever."""

    def read(self, count: int) -> NDArray[np.int16]:
        """The next samples, about so many; what overflowed is missing, and the clock shows it."""
        library = _library()
        if self._stream is None or self._resampler is None:
            raise DeviceError(f"{self._device.name}: is not open")
        try:
            data, _overflowed = self._stream.read(round(count / RATE * self._device.rate))
        except library.PortAudioError as error:
            raise DeviceError(f"{self._device.name}: has gone ({error})") from error
        samples = np.frombuffer(data, np.int16).reshape(-1, self._own)
        even: NDArray[np.int16] = self._resampler.resample_chunk(samples)
        if self._channels == self._own:
            return even
        return np.asarray(even.mean(axis=1, keepdims=True), np.int16)
