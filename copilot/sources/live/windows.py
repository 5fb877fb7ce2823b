"""Devices of Windows: microphones by PortAudio, and the loopback of every output by WASAPI."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from copilot.errors import DeviceError
from copilot.frames import FRAME, RATE
from copilot.sources.live.device import Device, Role, Stream
from copilot.sources.live.portaudio import PortAudio

if TYPE_CHECKING:
    from soundcard.mediafoundation import _Recorder


class Windows:
    """Both; PortAudio's releases know no loopback."""

    name = "Windows"
    changes = 0  # it never tells

    def __init__(self) -> None:
        self._microphones = PortAudio()

    def devices(self) -> Sequence[Device]:
        """Microphones, then loopbacks; raises DeviceError."""
        import soundcard

        usual = soundcard.default_speaker().id
        return [
            *self._microphones.devices(),
            *(
                Device(
                    id=one.id,
                    name=f"{one.name} (loopback)",
                    role=Role.SOFTPHONE,
                    channels=one.channels,
                    rate=RATE,
                    default=one.id == usual,
                    steady=False,
                )
                for one in soundcard.all_speakers()
            ),
        ]

    def stream(self, device: Device, channels: int) -> Stream:
        """The device, not yet open."""
        if device.role is Role.MICROPHONE:
            return self._microphones.stream(device, channels)
        return Loopback(device, channels)


class Loopback:
    """What an output plays, at 16 kHz; Windows resamples. Silence when nothing plays."""

    def __init__(self, device: Device, channels: int) -> None:
        self._device, self._channels = device, channels
        self._recorder: _Recorder | None = None

    def __enter__(self) -> Self:
        import soundcard

        try:
            found = soundcard.get_microphone(self._device.id, include_loopback=True)
            recorder = found.recorder(RATE, channels=self._channels, blocksize=FRAME)
            self._recorder = recorder.__enter__()
        except (RuntimeError, IndexError, AssertionError) as error:
            raise DeviceError(f"{self._device.name}: cannot be opened ({error})") from error
        return self

    def __exit__(self, *exc: object) -> None:
        if self._recorder is not None:
            self._recorder.__exit__(None, None, None)

    def check(self) -> None:
        """It hears no other device, ever."""

    def read(self, count: int) -> NDArray[np.int16]:  # noqa: ARG002  it waits for nothing
        """Whatever has come."""
        if self._recorder is None:
            raise DeviceError(f"{self._device.name}: is not open")
        try:
            wave = self._recorder.record(None)
        except RuntimeError as error:
            raise DeviceError(f"{self._device.name}: has gone ({error})") from error
        return np.asarray(np.clip(np.rint(wave * 32768.0), -32768, 32767), np.int16)
