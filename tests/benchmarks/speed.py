"""How fast a recording is heard when nobody waits: call seconds per wall second."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console as Terminal

from copilot.app import replay
from copilot.settings import Settings

from .calls import Call
from .command import copilot, plain, watch
from .tables import Figures, figure, median, percentile, ratio

TARGET = 15.0  # call seconds per wall second
NOTE = (
    "p5: 95 % of the calls are heard at least this fast. 'hearing' leaves out starting up: loading "
    "Python, the model and the playbook. The ratio is to the plain pipeline with defaults, hearing."
)
Speeds = Mapping[str, list[float]]  # wall seconds of each call


def measure(calls: Sequence[Call], model: str, terminal: Terminal) -> None:
    """Print the table."""
    seconds: dict[str, list[float]] = {"copilot, one process": _one_process(calls, model)}
    for name, command, options in (
        ("copilot", copilot, ()),
        ("plain, temperature 0", plain, ("--temperature", "0")),
        ("plain, defaults", plain, ()),
    ):
        whole, hearing = _commands(calls, model, command, options)
        seconds |= {f"{name}, whole command": whole, f"{name}, hearing": hearing}
    _show(calls, seconds, terminal)


def _one_process(calls: Sequence[Call], model: str) -> list[float]:
    """One after the other in this process, each with its own loading of the model."""
    spent = []
    for call in calls:
        settings = Settings(
            source=call.sound,
            language=call.language,
            model=model,
            questions=call.questions,
            events=Path(os.devnull),
            quiet=True,
        )
        begun = time.monotonic()
        replay(settings, Terminal(stderr=True))
        spent.append(time.monotonic() - begun)
    return spent


def _commands(
    calls: Sequence[Call], model: str, command: Callable[..., list[str]], options: Sequence[str]
) -> tuple[list[float], list[float]]:
    runs = [watch(command(call, model, *options)) for call in calls]
    return [run.wall for run in runs], [run.hearing for run in runs]


def _show(calls: Sequence[Call], seconds: Speeds, terminal: Terminal) -> None:
    lengths = [call.length for call in calls]
    title = f"Speed of an unpaced replay, {len(calls)} calls of {sum(lengths):.0f} s together"
    table = Figures(f"{title} (call s / wall s)", "together", "median", "p5", "ratio", "target")
    plain_speed = sum(lengths) / sum(seconds["plain, defaults, hearing"])
    for name, spent in seconds.items():
        speeds = [length / wall for length, wall in zip(lengths, spent, strict=True)]
        together = sum(lengths) / sum(spent)
        table.add(
            name,
            figure(together, 1),
            figure(median(speeds), 1),
            figure(percentile(speeds, 5), 1),
            ratio(together, plain_speed),
            figure(TARGET, 1) if name.startswith("copilot") else "",
        )
    table.show(terminal, NOTE)
