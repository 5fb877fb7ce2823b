"""Devices by PulseAudio, or PipeWire in its place: every output has a monitor that can be heard."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from copilot.errors import DeviceError
from copilot.frames import FRAME, RATE
from copilot.sources.live.device import Device, Role

if TYPE_CHECKING:
    from pasimple import PaSimple
    from pulsectl import Pulse, PulseSourceInfo

NAME = "call-copilot"
WIDTH = 2  # bytes a sample
NARROW = ("headset_head_unit", "headset-head-unit", "handsfree", "hfp", "hsp")


class PulseAudio:
    """The sound server of a Linux desktop."""

    name = "PulseAudio"

    def devices(self) -> Sequence[Device]:
        """All sources; raises DeviceError when no server answers."""
        from pulsectl import Pulse, PulseError

        try:
            with Pulse(NAME) as pulse:
                self.name = pulse.server_info().server_name
                return list(_devices(pulse))
        except PulseError as error:
            raise DeviceError(
                f"PulseAudio does not answer ({error}); start it, or PipeWire with pipewire-pulse"
            ) from error

    def stream(self, device: Device, channels: int) -> "PulseStream":
        """The source, not yet open."""
        return PulseStream(device, channels)


def _devices(pulse: "Pulse") -> Iterator[Device]:
    usual = pulse.server_info()
    playing: dict[int, list[str]] = {}
    for one in pulse.sink_input_list():
        if not one.corked:
            program = one.proplist.get("application.name", one.name)
            playing.setdefault(one.sink, []).append(program)
    for source in pulse.source_list():
        monitors = source.monitor_of_sink_name
        yield Device(
            id=source.name,
            name=source.description,
            role=Role.SOFTPHONE if monitors else Role.MICROPHONE,
            channels=source.channel_count,
            rate=source.sample_spec.rate,
            default=(
                monitors == usual.default_sink_name
                if monitors
                else source.name == usual.default_source_name
            ),
            muted=bool(source.mute),
            narrow=_narrow(source),
            plays=tuple(playing.get(source.monitor_of_sink, ())) if monitors else (),
        )


def _narrow(source: "PulseSourceInfo") -> bool:
    """Whether a Bluetooth headset plays telephone: its microphone works in that mode only."""
    if "bluez" not in source.name and source.proplist.get("device.bus") != "bluetooth":
        return False
    profile = source.proplist.get("bluetooth.protocol", "") + source.name
    return any(word in profile for word in NARROW)


class PulseStream:
    """A source at 16 kHz; the server resamples, and mixes its channels to what is asked."""

    def __init__(self, device: Device, channels: int) -> None:
        self._device, self._channels = device, channels
        self._open: PaSimple | None = None

    def __enter__(self) -> Self:
        from pasimple import PA_SAMPLE_S16LE, PA_STREAM_RECORD, PaSimple, PaSimpleError

        try:
            self._open = PaSimple(
                PA_STREAM_RECORD,
                PA_SAMPLE_S16LE,
                self._channels,
                RATE,
                app_name=NAME,
                device_name=self._device.id,
                fragsize=FRAME * self._channels * WIDTH,
            )
        except PaSimpleError as error:
            raise DeviceError(f"{self._device.name}: cannot be opened ({error})") from error
        return self

    def __exit__(self, *exc: object) -> None:
        if self._open is not None:
            self._open.close()

    def read(self) -> NDArray[np.int16]:
        """The next 20 ms."""
        from pasimple import PaSimpleError

        if self._open is None:
            raise DeviceError(f"{self._device.name}: is not open")
        try:
            data = self._open.read(FRAME * self._channels * WIDTH)
        except PaSimpleError as error:
            raise DeviceError(f"{self._device.name}: has gone ({error})") from error
        return np.frombuffer(data, np.int16).reshape(-1, self._channels)
