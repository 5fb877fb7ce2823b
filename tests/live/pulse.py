"""A sound server of the test's own: two outputs without hardware, and a microphone."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
AHEAD = 1.0  # s that a player writes ahead, so that a busy machine tears no hole
WAKES = 2.5  # s that an output without hardware may take to wake up
MICROPHONE, SPEAKER = "mic", "phone"  # outputs; the monitor of the first one is the microphone


@dataclass
class Server:
    """PulseAudio with `mic` and `phone` as outputs, and `headset` as the only microphone."""

    socket: Path
    modules: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PULSE_SERVER": f"unix:{self.socket}"}

    def pactl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["pactl", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
        return done.stdout.strip()

    def plug(self, name: str) -> None:
        """A headset's microphone that hears what is played to `mic`; or an output."""
        if name == "headset":
            self.modules[name] = self.pactl(
                "load-module",
                "module-remap-source",
                f"master={MICROPHONE}.monitor",
                "source_name=headset",
                "source_properties=device.description=Headset",
            )
        else:
            self.modules[name] = self.pactl(
                "load-module",
                "module-null-sink",
                f"sink_name={name}",
                f"rate={RATE}",  # so that a call is heard as its file says
                f"sink_properties=device.description={name.capitalize()}",
            )

    def unplug(self, name: str) -> None:
        self.pactl("unload-module", self.modules.pop(name))

    def play(
        self, sounds: dict[str, NDArray[np.int16]], enough: threading.Event | None = None
    ) -> float:
        """Play to some outputs, in real time; return when the first sample was heard there.

        An output that slept wakes up slowly, so all play silence first, and then begin at once.

        Args:
            sounds: by the name of the output.
            enough: cuts the rest off when it is set.
        """
        playing = _Playing(self, len(sounds), enough or threading.Event())
        threads = [threading.Thread(target=playing.one, args=one) for one in sounds.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if playing.error is not None:
            raise playing.error
        return playing.begins()


class _Playing:
    def __init__(self, server: Server, count: int, enough: threading.Event) -> None:
        self._server, self._enough = server, enough
        self._ready: list[float] = []  # when what each would write next would be heard
        self._together = threading.Barrier(count)
        self.error: Exception | None = None

    def begins(self) -> float:
        return max(self._ready)

    def one(self, output: str, sound: NDArray[np.int16]) -> None:
        from pasimple import PaSimpleError

        try:
            self._play(output, sound)
        except PaSimpleError as error:  # the output goes away under the player
            self.error = error

    def _play(self, output: str, sound: NDArray[np.int16]) -> None:
        from pasimple import PA_SAMPLE_S16LE, PA_STREAM_PLAYBACK, PaSimple

        with PaSimple(
            PA_STREAM_PLAYBACK,
            PA_SAMPLE_S16LE,
            1,
            RATE,
            app_name="softphone",
            server_name=f"unix:{self._server.socket}",
            device_name=output,
            tlength=round(2 * RATE * AHEAD),
        ) as stream:
            stream.write(bytes(round(2 * RATE * (AHEAD + WAKES))))
            own = time.monotonic() + stream.get_latency() / 1e6
            self._ready.append(own)
            self._together.wait(timeout=20)
            silence = bytes(2 * round(RATE * (self.begins() - own)))
            data = silence + sound.tobytes()
            for place in range(0, len(data), 3200):
                if self._enough.is_set():
                    return
                stream.write(data[place : place + 3200])
            stream.drain()


@contextmanager
def pulse_server(folder: Path) -> Iterator[Server]:
    """Start one that nobody else uses, and end it."""
    socket = folder / "socket"
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    process = subprocess.Popen(
        [
            *("pulseaudio", "-n", "--exit-idle-time=-1", "--daemonize=no", "--use-pid-file=no"),
            *("--high-priority=no", "--realtime=no", f"--log-target=file:{folder / 'log'}"),
            *("-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"),
        ],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = Server(socket, {})
        deadline = time.monotonic() + 15
        while not socket.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PulseAudio does not start: {(folder / 'log').read_text()}")
            time.sleep(0.05)
        for name in (MICROPHONE, SPEAKER, "headset"):
            server.plug(name)
        server.pactl("set-default-sink", SPEAKER)
        server.pactl("set-default-source", "headset")
        yield server
    finally:
        process.terminate()
        process.wait(timeout=10)
