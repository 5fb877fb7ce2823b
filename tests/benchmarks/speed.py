"""How fast a recording is heard when nobody waits: call seconds per wall second."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console as Terminal

from copilot.app import replay
from copilot.settings import Settings

from .calls import Call
from .command import BASELINE, PIPELINES, watch
from .tables import Figures, figure, median, percentile, ratio

TARGET = 15.0  # call seconds per wall second
NOTE = (
    "p5: 95 % of the calls are heard at least this fast. 'hearing' leaves out starting up: loading "
    "Python, the model and the playbook. The ratio is to the plain pipeline with defaults, "
    "hearing. 'CPU' is CPU seconds per call second: a busy machine changes it less."
)


@dataclass(frozen=True)
class Spent:
    """The time that one call took."""

    wall: float  # s
    cpu: float  # s, of all cores


def measure(calls: Sequence[Call], model: str, terminal: Terminal) -> None:
    """Print the table."""
    spent = {"copilot, one process": [_in_this_process(call, model) for call in calls]}
    for pipeline in PIPELINES:
        runs = [watch(pipeline.command(call, model, *pipeline.options)) for call in calls]
        spent[f"{pipeline.name}, whole command"] = [Spent(run.wall, run.cpu) for run in runs]
        spent[f"{pipeline.name}, hearing"] = [Spent(run.hearing, run.work) for run in runs]
    title = f"Speed of an unpaced replay, {len(calls)} calls (call s / wall s)"
    table = Figures(title, "together", "median", "p5", "ratio", "target", "CPU")
    for row in _rows([call.length for call in calls], spent):
        table.add(*row)
    table.show(terminal, NOTE)


def _in_this_process(call: Call, model: str) -> Spent:
    """With its own loading of the model, but not of Python."""
    settings = Settings(
        source=call.sound,
        language=call.language,
        model=model,
        questions=call.questions,
        events=Path(os.devnull),
        quiet=True,
    )
    wall, cpu = time.monotonic(), time.process_time()
    replay(settings, Terminal(stderr=True))
    return Spent(time.monotonic() - wall, time.process_time() - cpu)


def _rows(lengths: Sequence[float], spent: Mapping[str, list[Spent]]) -> Iterator[list[str]]:
    whole = sum(lengths)
    beside = whole / sum(one.wall for one in spent[f"{BASELINE}, hearing"])
    for name, own in spent.items():
        speeds = [length / one.wall for length, one in zip(lengths, own, strict=True)]
        together = whole / sum(one.wall for one in own)
        speed = [together, median(speeds), percentile(speeds, 5)]
        target = figure(TARGET, 1) if name.startswith("copilot") else ""
        cpu = figure(sum(one.cpu for one in own) / whole)
        yield [name, *(figure(value, 1) for value in speed), ratio(together, beside), target, cpu]
