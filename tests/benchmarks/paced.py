"""A replay that keeps time, as a live call does: what it costs, and how late everything is told."""

from collections.abc import Mapping, Sequence

from rich.console import Console as Terminal

from .calls import Call
from .command import BASELINE, PIPELINES, Run, watch
from .delays import Delays, read_delays
from .tables import Figures, figure, median, percentile, ratio

CPU_TARGET = 0.35  # CPU seconds per call second
TARGETS = {  # s: median, p95
    "text": (0.6, 1.0),
    "hold": (0.7, 1.0),
    "broken": (None, 0.65),
}
MEANING = {
    "text": "text of a line known, after its last word",
    "hold": "hold_silence, after the last word of the closing question (due at 0.6)",
    "broken": "silence_broken, after the rep's onset (due at 0.5)",
}
CPU_NOTE = (
    "Both channels together, real time. 'hearing' leaves out starting up: loading Python, the "
    "model and the playbook. The ratio is to the plain pipeline with defaults."
)
DELAY_NOTE = (
    "Wall clock at which the log can be read, minus the wall clock at which that sound was fed; "
    "true times from the scripts. n: told of expected. The plain pipeline gives no cues: its row "
    "shows the earliest moment at which it has the text of the closing question (not before 0.6), "
    "or of the rep's breaking line. The ratio is of the medians, to the plain pipeline with "
    "defaults."
)
Runs = Mapping[str, list[Run]]


def measure(calls: Sequence[Call], model: str, terminal: Terminal) -> None:
    """Print the tables."""
    runs = {
        pipeline.name: [
            watch(pipeline.command(call, model, "--pace", "1", *pipeline.options)) for call in calls
        ]
        for pipeline in PIPELINES
    }
    _show_cpu(calls, runs, terminal)
    _show_delays(calls, runs, terminal)


def _show_cpu(calls: Sequence[Call], runs: Runs, terminal: Terminal) -> None:
    lengths = [call.length for call in calls]
    columns = ["together", "median", "p95", "ratio", "target", "with start-up"]
    table = Figures("CPU of a paced replay (CPU s / call s)", *columns)
    used = {name: sum(run.work for run in one) / sum(lengths) for name, one in runs.items()}
    for name, own in runs.items():
        each = [run.work / length for run, length in zip(own, lengths, strict=True)]
        table.add(
            f"{name}, hearing",
            figure(used[name]),
            figure(median(each)),
            figure(percentile(each, 95)),
            ratio(used[name], used[BASELINE]),
            figure(CPU_TARGET) if name == "copilot" else "",
            figure(sum(run.cpu for run in own) / sum(lengths)),
        )
    table.show(terminal, CPU_NOTE)


def _show_delays(calls: Sequence[Call], runs: Runs, terminal: Terminal) -> None:
    delays = {name: read_delays(calls, own) for name, own in runs.items()}
    columns = ["n", "median", "p95", "ratio", "target median", "target p95"]
    table = Figures("Delay in a paced replay (s)", *columns)
    for kind, meaning in MEANING.items():
        table.add(f"[bold]{meaning}")
        beside = median(delays[BASELINE].of(kind))
        for name, own in delays.items():
            table.add(f"  {name}", *_row(own, kind, beside), *_targets(name, kind))
    table.show(terminal, DELAY_NOTE)


def _row(delays: Delays, kind: str, beside: float | None) -> list[str]:
    late = delays.of(kind)
    middle = median(late)
    told = f"{len(late)} of {delays.expected[kind]}"
    return [told, figure(middle), figure(percentile(late, 95)), ratio(middle, beside)]


def _targets(name: str, kind: str) -> list[str]:
    return [figure(value) if name == "copilot" else "" for value in TARGETS[kind]]
