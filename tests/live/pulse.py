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
                f"sink_properties=device.description={name.capitalize()}",
            )

    def unplug(self, name: str) -> None:
        self.pactl("unload-module", self.modules.pop(name))

    def play(self, sounds: dict[str, NDArray[np.int16]]) -> float:
        """Play to some outputs at once, in real time; return when the first sample was heard."""
        with _Playing(self, sounds) as begun:
            return begun


class _Playing:
    def __init__(self, server: Server, sounds: dict[str, NDArray[np.int16]]) -> None:
        self._server, self._sounds = server, sounds
        self._begun: list[float] = []
        self._together = threading.Barrier(len(sounds))

    def __enter__(self) -> float:
        threads = [threading.Thread(target=self._one, args=one) for one in self._sounds.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return max(self._begun)

    def __exit__(self, *exc: object) -> None:
        pass

    def _one(self, output: str, sound: NDArray[np.int16]) -> None:
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
            data = sound.tobytes()
            self._together.wait(timeout=10)
            written = round(2 * RATE * AHEAD) + 6400
            stream.write(data[:written])
            latency = stream.get_latency() / 1e6
            self._begun.append(time.monotonic() + latency - min(written, len(data)) / 2 / RATE)
            for place in range(written, len(data), 3200):
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
