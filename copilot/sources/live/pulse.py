"""Devices by PulseAudio, or PipeWire in its place: every output has a monitor that can be heard."""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import count
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
NUMBERS = count(1)
RETRY = 1.0  # s between two tries to hear the server's news
NARROW = ("headset_head_unit", "headset-head-unit", "handsfree", "hfp", "hsp")


class PulseAudio:
    """The sound server of a Linux desktop; `server` is the address of another one."""

    name = "PulseAudio"

    def __init__(self, server: str | None = None) -> None:
        self._server = server
        self._news: News | None = None

    @property
    def changes(self) -> int:
        """Grows when a device comes, goes or becomes the usual one, or a stream is moved."""
        if self._news is None:
            self._news = News(self._server)
        return self._news.count

    def devices(self) -> Sequence[Device]:
        """All sources; raises DeviceError when no server answers."""
        from pulsectl import Pulse, PulseError

        try:
            with Pulse(NAME, server=self._server) as pulse:
                self.name = pulse.server_info().server_name
                return list(_devices(pulse))
        except PulseError as error:
            raise DeviceError(
                f"PulseAudio does not answer ({error}); start it, or PipeWire with pipewire-pulse"
            ) from error

    def stream(self, device: Device, channels: int) -> "PulseStream":
        """The source, not yet open."""
        return PulseStream(device, channels, self._server)


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


class News:
    """Counts what the server says of its devices, in a thread of its own."""

    def __init__(self, server: str | None) -> None:
        self.count = 0
        self._server = server
        threading.Thread(target=self._listen, name="news", daemon=True).start()

    def _listen(self) -> None:
        from pulsectl import Pulse, PulseDisconnected, PulseError

        while True:
            try:
                with Pulse(NAME, server=self._server) as pulse:
                    self.count += 1  # what was said before was missed
                    pulse.event_mask_set("source", "source_output", "sink", "server")
                    pulse.event_callback_set(self._hear)
                    pulse.event_listen()
            except (PulseError, PulseDisconnected):
                time.sleep(RETRY)

    def _hear(self, _event: object) -> None:
        self.count += 1


class PulseStream:
    """A source at 16 kHz; the server resamples, and mixes its channels to what is asked."""

    def __init__(self, device: Device, channels: int, server: str | None = None) -> None:
        self._device, self._channels, self._server = device, channels, server
        self._name = f"{NAME} {os.getpid()}.{next(NUMBERS)}"  # of the stream; no other has it
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
                stream_name=self._name,
                server_name=self._server,
                device_name=self._device.id,
                fragsize=FRAME * self._channels * WIDTH,
            )
        except PaSimpleError as error:
            raise DeviceError(f"{self._device.name}: cannot be opened ({error})") from error
        return self

    def __exit__(self, *exc: object) -> None:
        if self._open is not None:
            self._open.close()

    def check(self) -> None:
        """The server moves a stream to another source when its own is unplugged."""
        from pulsectl import Pulse, PulseError

        try:
            with Pulse(NAME, server=self._server) as pulse:
                names = {source.index: source.name for source in pulse.source_list()}
                heard = [
                    names.get(one.source)
                    for one in pulse.source_output_list()
                    if one.name == self._name
                ]
        except PulseError as error:
            raise DeviceError(f"{self._device.name}: has gone ({error})") from error
        if heard != [self._device.id]:
            raise DeviceError(f"{self._device.name}: has gone")

    def read(self, count: int) -> NDArray[np.int16]:
        """The next samples, exactly so many."""
        from pasimple import PaSimpleError

        if self._open is None:
            raise DeviceError(f"{self._device.name}: is not open")
        try:
            data = self._open.read(count * self._channels * WIDTH)
        except PaSimpleError as error:
            raise DeviceError(f"{self._device.name}: has gone ({error})") from error
        return np.frombuffer(data, np.int16).reshape(-1, self._channels)
