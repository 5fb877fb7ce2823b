"""Live calls over a real sound server: from the sound card to the log, in real time.

Needs PulseAudio. Two outputs without hardware play the calls; `live` hears a microphone and a
monitor. Time 0 is when the server says that the first sample was heard.
"""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console as Terminal

from copilot.events import Lost, Skipped, Told
from copilot.frames import RATE, Block
from copilot.sources.recording import Recording
from tests.live.pulse import MICROPHONE, SPEAKER, Server, pulse_server

from .calls import Call
from .command import BASELINE, PIPELINES, Run, cpu_of, watch
from .delays import read_delays
from .tables import Figures, figure, median, percentile, ratio

IDLE = 20.0  # s between two calls that are watched
TARGETS = {"text": (0.45, None), "hold": (0.63, 0.80), "broken": (None, 0.58)}
MEANING = {
    "text": "text of a line of up to 4 s known, after its last word",
    "hold": "hold_silence, after the last word of the closing question (due at 0.6)",
    "broken": "silence_broken, after the rep's onset (due at 0.5)",
}
LONG = 4.0  # s of the longest line that counts for the text
NOTE = (
    "Wall clock at which the log can be read, minus the wall clock at which that sound was played; "
    "true times from the scripts. The plain pipeline is fed from the file, in real time: it has no "
    "sound card to wait for. n: told of expected; the ratio is of the medians."
)
Sound = NDArray[np.int16]


def measure(calls: Sequence[Call], model: str, minutes: float, terminal: Terminal) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder, pulse_server(_private(folder)) as server:
        idle: list[float] = []
        runs = [_live(server, call, model, idle) for call in calls]
        _show_cost(calls, runs, idle, terminal)
        plain = next(one for one in PIPELINES if one.name == BASELINE)
        beside = [watch(plain.command(call, model, "--pace", "1")) for call in calls]
        _show_delays(calls, {"copilot": runs, BASELINE: beside}, terminal)
        if minutes:
            _show_long(server, calls, model, minutes, terminal)


def _private(folder: str) -> Path:
    path = Path(folder)
    path.chmod(0o700)
    return path


def _live(server: Server, call: Call, model: str, idle: list[float], times: int = 1) -> Run:
    """Hear a call live; `idle` gets the CPU share before it."""
    sound = np.tile(sound_of(call.sound), (times, 1))
    played: list[float] = []

    def beside(pid: int) -> None:
        while server.pactl("list", "source-outputs").count('"call-copilot"') < 2:
            time.sleep(0.2)
        if times == 1 and not idle:
            quiet = np.zeros(round((IDLE + 4) * RATE), np.int16)
            used, begun = 0.0, time.monotonic()
            threads = _in_background(server, {MICROPHONE: quiet, SPEAKER: quiet})
            time.sleep(3.0)
            used, begun = cpu_of(pid), time.monotonic()
            time.sleep(IDLE)
            idle.append((cpu_of(pid) - used) / (time.monotonic() - begun))
            threads.join()
        try:
            played.append(server.play({MICROPHONE: sound[:, 0], SPEAKER: sound[:, 1]}))
            time.sleep(1.5)
        finally:
            os.kill(pid, signal.SIGINT)

    command = [*_command(call, model), "--events", "-"]
    run = watch(command, server.environment, beside)
    return replace(run, played=played[0])


def _in_background(server: Server, sounds: dict[str, Sound]) -> "threading.Thread":
    thread = threading.Thread(target=server.play, args=(sounds,))
    thread.start()
    return thread


def _command(call: Call, model: str) -> list[str]:
    prepared = ["--questions", str(call.questions)] if call.questions else []
    words = ["live", "--quiet", "--no-save", "--language", call.language, "--model", model]
    return [sys.executable, "-m", "copilot", *words, *prepared]


def sound_of(path: Path) -> Sound:
    """Both sides of a recording."""
    with Recording(path) as recording:
        return np.concatenate([one.samples for one in recording.blocks() if isinstance(one, Block)])


def _show_cost(
    calls: Sequence[Call], runs: Sequence[Run], idle: Sequence[float], terminal: Terminal
) -> None:
    length = sum(call.length for call in calls)
    table = Figures("Live: cost", "figure", "target")
    used = sum(run.work for run in runs) / length
    table.add("CPU s for a second of call", figure(used), "0.35")
    table.add("the same between two calls", figure(idle[0], 3), "0.03")
    table.add("memory at most, MB", figure(max(run.peak for run in runs), 0), "700")
    table.add("lost, times", str(_count(runs, Lost)), "0")
    table.add("lines skipped", str(_count(runs, Skipped)), "0")
    table.show(terminal, f"{len(calls)} calls, {length:.0f} s")


def _count(runs: Sequence[Run], kind: type[Told]) -> int:
    return sum(isinstance(told.event, kind) for run in runs for told in run.told)


def _show_delays(calls: Sequence[Call], runs: dict[str, Sequence[Run]], terminal: Terminal) -> None:
    short = [
        replace(call, spoken=tuple(one for one in call.spoken if one.end - one.start <= LONG))
        for call in calls
    ]
    delays = {name: read_delays(short, own) for name, own in runs.items()}
    columns = ["n", "median", "p95", "ratio", "target median", "target p95"]
    table = Figures("Live: delay (s)", *columns)
    for kind, meaning in MEANING.items():
        table.add(f"[bold]{meaning}")
        beside = median(delays[BASELINE].of(kind))
        for name, own in delays.items():
            late = own.of(kind)
            told = f"{len(late)} of {own.expected[kind]}"
            targets = [figure(one) if name == "copilot" else "" for one in TARGETS[kind]]
            middle = median(late)
            row = (told, figure(middle), figure(percentile(late, 95)), ratio(middle, beside))
            table.add(f"  {name}", *row, *targets)
    table.show(terminal, NOTE)


def _show_long(
    server: Server, calls: Sequence[Call], model: str, minutes: float, terminal: Terminal
) -> None:
    """One call that goes on: nothing may overflow, nothing may grow."""
    call = max(calls, key=lambda one: one.length)
    times = round(minutes * 60 / call.length) + 1
    run = _live(server, call, model, [0.0], times)
    length = times * call.length
    table = Figures(f"Live: {length / 60:.0f} minutes without a pause", "figure", "target")
    table.add("lost, times", str(_count([run], Lost)), "0")
    table.add("lines skipped", str(_count([run], Skipped)), "0")
    table.add("CPU s for a second of call", figure(run.work / length), "0.35")
    early = max(told.peak for told in run.told[: len(run.told) // times])
    table.add("memory after one round / at most, MB", f"{early:.0f} / {run.peak:.0f}", "")
    table.show(terminal, f"{call.name}, {times} times")
