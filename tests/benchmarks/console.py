"""What the console costs: CPU time for a second of call at ten drawings a second; its growth."""

import os
import pty
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Self

from msgspec.structs import replace
from rich.console import Console as Terminal
from rich.console import Group
from rich.live import Live

from copilot.app import hear_call, learn
from copilot.dialogue.playbook import load_playbook
from copilot.events import Health, Tick, Told
from copilot.front import scene
from copilot.settings import Settings
from copilot.sinks.console import Console
from copilot.sinks.scene import Scene
from copilot.sinks.screen import ScreenState, after
from copilot.sinks.view import draw

from .calls import Call
from .tables import Figures, figure, median, percentile, ratio

SIZES = ((120, 40), (80, 24), (40, 10))
TARGET = 4.0  # percent of a core
HOURS = 2
NOTE = (
    "Process time over call time, drawn at every tick of 0.1 s with moving levels, on a pseudo "
    "terminal that another process reads. One figure a call (transcripts of the fixtures). "
    "The baseline is Rich's Live writing the same rows whole, ten times a second."
)
GROWTH = "The calls one after the other as one call of {} hours; the state is measured as text."


class Kept:
    """Keeps all that the sinks are told."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def emit(self, event: Told) -> None:
        self.told.append(event)
        if isinstance(event, Tick):
            loud = -20.0 - 5 * (round(event.at * 10) % 7)
            self.told.append(Health(event.at, loud, loud - 10.0, 0.6))


class Screen:
    """A pseudo terminal that is read by another process."""

    def __init__(self, width: int, height: int) -> None:
        self._ends = pty.openpty()
        termios.tcsetwinsize(self._ends[1], (height, width))
        self._reader = subprocess.Popen(["cat"], stdin=self._ends[0], stdout=subprocess.DEVNULL)
        self._file = TextIOWrapper(os.fdopen(self._ends[1], "wb"), encoding="utf-8")
        self.terminal = Terminal(
            file=self._file,
            force_terminal=True,
            color_system="truecolor",
            width=width,
            height=height,
            legacy_windows=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._reader.kill()
        self._reader.wait()
        self._file.close()
        os.close(self._ends[0])


@dataclass
class Clock:
    """Call time as wall time, so that every tick is drawn."""

    at: float = 0.0

    def now(self) -> float:
        return self.at


def measure(calls: Sequence[Call], terminal: Terminal) -> None:
    """Print the tables."""
    heard = [_heard(call) for call in calls]
    table = Figures("CPU of the console (% of a core)", "median", "p95", "ratio", "target")
    for size in SIZES:
        rows = {
            name: [100 * way(told, shown, size) / told[-1].at for told, shown in heard]
            for name, way in (("console", _console), ("Rich's Live", _live))
        }
        for name, used in rows.items():
            middle, beside = median(used), median(rows["Rich's Live"])
            table.add(
                f"{name}, {size[0]}x{size[1]}",
                figure(middle),
                figure(percentile(used, 95)),
                ratio(middle, beside),
                figure(TARGET, 0) if name == "console" else "",
            )
    table.show(terminal, NOTE)
    _show_growth([told for told, _ in heard], terminal)


def _heard(call: Call) -> tuple[list[Told], Scene]:
    settings = Settings(
        source=call.sound.with_suffix(".vtt"), language=call.language, questions=call.questions
    )
    kept, playbook = Kept(), load_playbook(call.language)
    hear_call(settings, learn(playbook), [kept])
    return kept.told, scene(settings, playbook)


def _console(told: Sequence[Told], shown: Scene, size: tuple[int, int]) -> float:
    clock = Clock()
    with Screen(*size) as screen, Console(shown, screen.terminal, now=clock.now) as console:
        return _timed(told, clock, console.emit)


def _live(told: Sequence[Told], shown: Scene, size: tuple[int, int]) -> float:
    state, clock = ScreenState(), Clock()
    with (
        Screen(*size) as screen,
        Live(console=screen.terminal, screen=True, auto_refresh=False) as live,
    ):

        def emit(event: Told) -> None:
            nonlocal state
            state = after(state, event)
            if isinstance(event, Tick):
                live.update(Group(*draw(state, shown, *size)), refresh=True)

        return _timed(told, clock, emit)


def _timed(told: Sequence[Told], clock: Clock, emit: Callable[[Told], None]) -> float:
    begun = time.process_time()
    for event in told:
        clock.at = event.at
        emit(event)
    return time.process_time() - begun


def _show_growth(heard: Sequence[Sequence[Told]], terminal: Terminal) -> None:
    table = Figures("The screen's state in a long call (characters)", "after a tenth", "at the end")
    sizes = list(_sizes(heard, HOURS * 3600.0))
    table.add("state", figure(max(sizes[: len(sizes) // 10]), 0), figure(sizes[-1], 0))
    table.show(terminal, GROWTH.format(HOURS))


def _sizes(heard: Sequence[Sequence[Told]], length: float) -> Iterator[float]:
    state, begun = after(ScreenState(), heard[0][0]), 0.0
    while begun < length:
        for told in heard:
            for event in told[1:-1]:
                state = after(state, _later(event, begun))
            begun += told[-1].at
            yield float(len(repr(state)))


def _later(event: Told, by: float) -> Told:
    return replace(event, at=event.at + by)
