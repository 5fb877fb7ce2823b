"""`call-copilot doctor`: whether this machine can hear a call in time, and what to do if not."""

import time
import wave
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from rich.console import Console as Terminal
from rich.text import Text

from copilot import speech
from copilot.app import learn
from copilot.choice import Choice
from copilot.devices import known, reason, taken
from copilot.dialogue.playbook import Playbook
from copilot.errors import CopilotError
from copilot.events import Speaker
from copilot.frames import FRAME, RATE
from copilot.sources.live.device import System
from copilot.speech.endpoint import HANGOVER, PAUSE
from copilot.speech.model import Model, find_model, installed, usable_cores
from copilot.speech.recognizer import Whisper

SAMPLE = Path(speech.__file__).parent / "sample.wav"  # a Dutch line; its voice is in the README
TIMES = 5  # that the line is recognised
IN_TIME = 1.0  # s from the last word to the text that a rep can still use
SHARE = 0.5  # of the cores' time that recognition may take while both sides talk without a pause
Words = Mapping[str, str]


class Speed(Struct, frozen=True):
    """A model on this machine."""

    model: Model
    loads: float  # s
    took: float  # s for the line
    length: float  # s of the line
    cores: int

    @property
    def delay(self) -> float:
        """Seconds from the last word to the text: recognition begins in the pause behind it."""
        return max(HANGOVER * FRAME / RATE, PAUSE * FRAME / RATE + self.took)

    @property
    def in_time(self) -> bool:
        """Whether a call can be heard with it."""
        return self.delay <= IN_TIME and self.took / self.length <= SHARE * self.cores


def examine(
    system: Callable[[], System],
    choice: Choice,
    playbook: Playbook,
    wanted: str | None,
    terminal: Terminal,
) -> bool:
    """Print what there is and how fast it is; the last line says whether it will do."""
    words, wrong = playbook.machine, list[str]()
    parts: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: _hear(system(), choice, words),
        lambda: _recognise(wanted, playbook, wrong),
        lambda: _read(playbook),
    )
    for part in parts:
        try:
            for told in part():
                terminal.print(Text(told), soft_wrap=True)
        except CopilotError as error:
            wrong.append(str(error))
    last = words["not_ready"].format(what="; ".join(wrong)) if wrong else words["ready"]
    terminal.print(Text(last, style="bold"), soft_wrap=True)
    return not wrong


def measured(model: Model, language: str, cores: int) -> Speed:
    """Load a model and let it recognise one line some times; raises ModelError."""
    line, begun = _sample(), time.monotonic()
    with Whisper(model.folder, language) as whisper:
        loads = time.monotonic() - begun
        took = []
        for _ in range(TIMES):
            begun = time.monotonic()
            whisper.transcribe(line)
            took.append(time.monotonic() - begun)
    return Speed(model, loads, median(took), len(line) / RATE, cores)


def _hear(system: System, choice: Choice, words: Words) -> Iterator[str]:
    devices = system.devices()
    pair = taken(devices, choice)
    for role, device in pair.items():
        why = reason(device, devices, choice, words)
        yield f"{words[role]}: {device.name} ({why}, {system.name}, {device.rate} Hz)"
    yield from known(pair.values(), words)


def _recognise(wanted: str | None, playbook: Playbook, wrong: list[str]) -> Iterator[str]:
    words, cores = playbook.machine, usable_cores()
    yield f"{words['cores']}: {cores}"
    usual = find_model(wanted)
    models = [usual, *(one for one in installed() if one.folder != usual.folder)]
    speeds = [measured(one, playbook.language, cores) for one in models]
    best = next((one for one in _by_worth(speeds) if one.in_time), None)
    for one in speeds:
        yield _told(one, words, best=one is best)
    if not speeds[0].in_time:
        remedy = f"--model {best.model.name}" if best else "--model tiny"
        wrong.append(f"{usual.name}: {words['too_slow']}; {remedy}")


def _by_worth(speeds: list[Speed]) -> list[Speed]:
    """The best model first; what is slower on the same machine understands more."""
    return sorted(speeds, key=lambda one: -one.took)


def _told(speed: Speed, words: Words, *, best: bool) -> str:
    parts = [
        f"{words['model']} {speed.model.name}: {words['loads']} {speed.loads:.1f} s",
        words["speed"].format(seconds=speed.length, took=speed.took),
        words["delay"].format(delay=speed.delay),
    ]
    if best:
        parts.append(words["best"])
    elif not speed.in_time:
        parts.append(words["too_slow"])
    return ", ".join(parts)


def _read(playbook: Playbook) -> Iterator[str]:
    """What it costs to understand a line that has been recognised."""
    begun = time.monotonic()
    learned = learn(playbook)
    line = next(iter(playbook.examples.rep.closing_question))
    learned.weigh(line, Speaker.REP)
    loads, took = time.monotonic() - begun, list[float]()
    for _ in range(TIMES):
        begun = time.monotonic()
        learned.weigh(line, Speaker.REP)
        took.append(time.monotonic() - begun)
    words = playbook.machine
    read = words["reading"].format(took=1000 * median(took))
    yield f"{words['meaning']}: {words['loads']} {loads:.1f} s, {read}"


def _sample() -> NDArray[np.int16]:
    with wave.open(str(SAMPLE)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)
