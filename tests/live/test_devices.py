"""Devices of a real sound server: found, heard at any rate, lost and found again."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pasimple import PaSimpleError

from copilot.errors import DeviceError
from copilot.events import Lost, Notice, Trouble
from copilot.frames import RATE, Block
from copilot.sources.live.device import Role
from copilot.sources.live.live import Live, Piece
from copilot.sources.live.portaudio import PortAudio
from copilot.sources.live.pulse import PulseAudio
from copilot.sources.recording import Recording
from tests.live.pulse import MICROPHONE, SPEAKER, WAKES, Server
from tests.live.watching import TOP

TONE = 440.0  # Hz


def system(server: Server) -> PulseAudio:
    return PulseAudio(f"unix:{server.socket}")


def tone(seconds: float, pitch: float = TONE) -> NDArray[np.int16]:
    time_axis = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(8_000 * np.sin(2 * np.pi * pitch * time_axis), np.int16)


def spoken(seconds: float) -> NDArray[np.int16]:
    with Recording(TOP / "audio_fixtures" / "nl_quiet.flac") as recording:
        blocks = [one.samples for one in recording.blocks() if isinstance(one, Block)]
    return np.concatenate(blocks)[RATE : round((seconds + 1) * RATE), 0]


def pitch_of(samples: NDArray[np.int16]) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax()) * RATE / len(samples)


@contextmanager
def playing(server: Server, sounds: dict[str, NDArray[np.int16]]) -> Iterator[None]:
    enough = threading.Event()
    thread = threading.Thread(target=server.play, args=(sounds, enough))
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def heard(live: Live, until: Callable[[list[Piece]], bool], seconds: float = 15.0) -> list[Piece]:
    """What `live` tells until it is enough, or takes too long."""
    pieces: list[Piece] = []
    deadline = time.monotonic() + seconds
    with live:
        for piece in live.pieces():
            pieces.append(piece)
            if until(pieces) or time.monotonic() > deadline:
                live.stop()
    return pieces


def sound(pieces: list[Piece]) -> NDArray[np.int16]:
    return np.concatenate([one.samples for one in pieces if isinstance(one, Block)])


def has(pieces: list[Piece], trouble: Trouble, *, on: bool) -> bool:
    return any(
        isinstance(one, Notice) and one.trouble is trouble and one.on is on for one in pieces
    )


def test_what_there_is(server: Server) -> None:
    devices = {device.id: device for device in system(server).devices()}
    assert devices["headset"].role is Role.MICROPHONE
    assert devices["headset"].default
    assert devices["phone.monitor"].role is Role.SOFTPHONE
    assert devices["phone.monitor"].default
    assert not devices["mic.monitor"].default


@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_both_sides_at_any_rate(rate: int, server: Server) -> None:
    server.pactl("load-module", "module-null-sink", "sink_name=other", f"rate={rate}")
    module = server.pactl("list", "short", "modules").splitlines()[-1].split()[0]
    try:
        live = Live(system(server), softphone="other.monitor")
        with playing(server, {MICROPHONE: tone(4), "other": tone(4, 2 * TONE)}):
            both = sound(heard(live, lambda pieces: len(pieces) > 100 and _loud(pieces, 2.0)))
    finally:
        server.pactl("unload-module", module)
    last = both[-RATE:]
    assert pitch_of(last[:, 0]) == pytest.approx(TONE, abs=2)
    assert pitch_of(last[:, 1]) == pytest.approx(2 * TONE, abs=2)


def _loud(pieces: list[Piece], seconds: float) -> bool:
    """Whether so much of both sides has sounded."""
    blocks = [one.samples for one in pieces if isinstance(one, Block)]
    return sum(len(one) for one in blocks if one.any(axis=0).all()) >= seconds * RATE


def test_an_output_that_goes_and_comes_back(server: Server) -> None:
    server.plug("other")
    times: dict[str, float] = {}

    def step(pieces: list[Piece]) -> bool:
        if "gone" not in times and _loud(pieces, 1.0):
            server.unplug("other")
            times["gone"] = time.monotonic()
        elif "back" not in times and has(pieces, Trouble.SOFTPHONE_GONE, on=True):
            server.plug("other")
            times["back"] = time.monotonic()
        return has(pieces, Trouble.SOFTPHONE_GONE, on=False)

    live = Live(system(server), softphone="other.monitor")
    with playing(server, {MICROPHONE: tone(12)}), playing(server, {"phone": tone(12)}):
        thread = threading.Thread(target=_cut_off, args=(server, {"other": tone(12)}))
        thread.start()
        pieces = heard(live, step)
    server.unplug("other")
    assert times.keys() == {"gone", "back"}
    lost = [one.seconds for one in pieces if isinstance(one, Lost)]
    assert len(lost) == 1
    assert lost[0] >= times["back"] - times["gone"] - 0.2


def _cut_off(server: Server, sounds: dict[str, NDArray[np.int16]]) -> None:
    with suppress(PaSimpleError):  # the output goes away under the player
        server.play(sounds)


def test_it_follows_the_usual_device(server: Server) -> None:
    server.plug("other")
    live = Live(system(server), microphone="mic.monitor")

    def step(pieces: list[Piece]) -> bool:
        if len(pieces) == 50:
            server.pactl("set-default-sink", "other")
        blocks = [one.samples for one in pieces[50:] if isinstance(one, Block)]
        return bool(blocks) and bool(np.concatenate(blocks)[:, 1].any())

    try:
        with playing(server, {MICROPHONE: tone(8), "other": tone(8)}):
            pieces = heard(live, step)
    finally:
        server.pactl("set-default-sink", SPEAKER)
        server.unplug("other")
    assert sound(pieces)[:, 1].any(), "what the new usual output plays is heard"


def test_names_and_mistakes(server: Server) -> None:
    with (
        pytest.raises(DeviceError, match="Nobody: no such device"),
        Live(system(server), microphone="Nobody"),
    ):
        pass
    with (
        pytest.raises(DeviceError, match="both the microphone and the softphone"),
        Live(system(server), microphone="mic.monitor", softphone="mic.monitor"),
    ):
        pass
    with (
        pytest.raises(DeviceError, match="could be any of"),
        Live(system(server), microphone="headset", softphone="monitor"),
    ):
        pass


def test_no_server_at_all(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="PulseAudio does not answer"):
        PulseAudio(f"unix:{tmp_path / 'nothing'}").devices()


def test_a_single_device_by_portaudio(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """ALSA's way to PulseAudio stands for a sound card with both sides on its two channels."""
    monkeypatch.setenv("PULSE_SERVER", f"unix:{server.socket}")
    monkeypatch.setenv("PULSE_SOURCE", "mic.monitor")
    portaudio = PortAudio()
    if "pulse" not in [device.id for device in portaudio.devices()]:
        pytest.skip("needs ALSA's pulse plugin (Debian: apt install libasound2-plugins)")
    live = Live(portaudio, stereo="pulse")
    with playing(server, {MICROPHONE: tone(8)}):
        time.sleep(WAKES + 1.5)  # ALSA's plugin gives garbage of an output that wakes up
        both = sound(heard(live, lambda pieces: _loud(pieces, 1.5)))
    assert pitch_of(both[-RATE:, 0]) == pytest.approx(TONE, abs=2)
    assert pitch_of(both[-RATE:, 1]) == pytest.approx(TONE, abs=2)


def call_copilot(server: Server, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**server.environment, "XDG_CONFIG_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "copilot", *arguments],
        cwd=TOP,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_devices_shows_the_pair_and_keeps_it(server: Server, tmp_path: Path) -> None:
    with playing(server, {MICROPHONE: tone(12, 300.0), SPEAKER: tone(12, 700.0)}):
        done = call_copilot(
            server, tmp_path, "devices", "--seconds", "7", "--save", "--language", "en"
        )
    assert done.returncode == 0, done.stderr
    assert "Chosen: microphone: Headset" in done.stdout
    assert "Chosen: customer: Monitor of Phone (softphone plays through it)" in done.stdout
    assert "Both sides come in well." in done.stdout
    kept = tmp_path / "call-copilot" / "devices.toml"
    assert kept.read_text() == 'microphone = "headset"\nsoftphone = "phone.monitor"\n'
    assert kept.stat().st_mode & 0o777 == 0o600


def test_devices_says_what_is_wrong(server: Server, tmp_path: Path) -> None:
    with playing(server, {MICROPHONE: np.zeros(9 * RATE, np.int16)}):
        silent = call_copilot(server, tmp_path, "devices", "--seconds", "7", "--language", "en")
    assert "digital silence" in silent.stdout
    assert "Nothing plays" in silent.stdout
    wrong = ["--microphone", "headset", "--softphone", "mic.monitor"]  # which hears the same
    with playing(server, {MICROPHONE: spoken(14)}):
        same = call_copilot(
            server, tmp_path, "devices", "--seconds", "8", "--language", "en", *wrong
        )
    assert "Both sides give the same sound" in same.stdout


@pytest.mark.model
def test_doctor(server: Server, tmp_path: Path) -> None:
    done = call_copilot(server, tmp_path, "doctor", "--language", "en", "--model", "base")
    assert "microphone: Headset" in done.stdout
    assert "model base" in done.stdout
    assert done.stdout.splitlines()[-1].startswith(("Ready", "Not ready yet: base: too slow"))
    nowhere = Server(tmp_path / "nothing", {})
    done = call_copilot(nowhere, tmp_path, "doctor", "--language", "en", "--model", "base")
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1].startswith("Not ready yet: ")
