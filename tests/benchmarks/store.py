"""How long a full store takes to read: `python -m tests.benchmarks.store`."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace
from rich.console import Console as Terminal
from typer import Option

from copilot.events import Cue, Ended, Event, Started
from copilot.sinks.eventlog import encode
from copilot.store.card import Card, read_card, write_card
from copilot.store.digest import DIGEST, digest_of
from copilot.store.keeper import EVENTS
from copilot.store.shelf import Shelf
from tests.benchmarks.tables import Figures, figure, median
from tests.scenarios import FIXTURES, Hearing, read_scenario

LENGTH = 600.0  # s of each call
RUNS = 3
REPS = ("Eva", "Jan", "Noor", "Ali", "Sam", "Kim", "Bo", "Lot")


def main(
    calls: Annotated[int, Option(help="How many calls the store holds.")] = 10_000,
    anew: Annotated[int, Option(help="Of how many the figures are worked out anew.")] = 200,
) -> None:
    """Fill a store with calls of ten minutes, and time what a coach asks of it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "calls"
        size = _fill(root, calls)
        slow = _anew(Shelf(root), anew)
        _remember_all(Shelf(root), anew)
        title = f"{calls} calls of {LENGTH / 60:.0f} minutes, logs of {size / 1e3:.0f} kB"
        table = Figures(title, "median s", "slowest s", "times as fast as every log anew")
        for what in (["trends"], ["trends", "--rep", "Eva"], ["calls"]):
            taken = [_timed([*what, "--store", str(root)]) for _ in range(RUNS)]
            middle = median(taken)
            faster = figure(slow * calls / middle if middle else None, 0)
            table.add(" ".join(what), figure(middle), figure(max(taken)), faster)
        note = f"the figures of one log worked out anew take {1000 * slow:.1f} ms (mean of {anew})"
        table.show(Terminal(width=110), note)


def _long_call() -> Iterator[Event]:
    """The Dutch fixtures one after the other, as one call."""
    hearing, offset = Hearing(), 0.0
    yield Started(0.0, "2026-01-05T10:00:00+01:00", "long.flac", "nl", "base", "0.1.0")
    while True:
        for path in FIXTURES:
            scenario = read_scenario(path)
            if scenario.language != "nl":
                continue
            for event in hearing.hear(scenario.settings):
                if isinstance(event, Ended):
                    offset += event.at
                elif not isinstance(event, Started):
                    yield _later(event, offset)
            if offset > LENGTH:
                yield Ended(offset, "over")
                return


def _later(event: Event, offset: float) -> Event:
    times = ("at", "start", "end", "since", "anchor", "due")
    given = {name: getattr(event, name) + offset for name in times if hasattr(event, name)}
    if isinstance(event, Cue):
        given = {name: given[name] for name in ("at", "anchor", "due")}
    return replace(event, **given)


def _fill(root: Path, calls: int) -> int:
    """Calls of three years; their logs are one file on the disk, read once for each."""
    log = root.parent / "log"
    log.write_bytes(b"".join(encode(event) for event in _long_call()))
    for number in range(calls):
        day = f"{2024 + number % 3}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        folder = root / f"{day.replace('-', '')}-{number:06d}-abcd"
        folder.mkdir(parents=True)
        os.link(log, folder / EVENTS)
        write_card(folder, Card(when=f"{day}T10:00:00+01:00", rep=REPS[number % len(REPS)]))
    return log.stat().st_size


def _anew(shelf: Shelf, count: int) -> float:
    """Seconds a call, for figures that nobody has remembered."""
    folders = shelf.folders()[:count]
    digest_of(folders[0], read_card(folders[0]))  # loads the playbook
    (folders[0] / DIGEST).unlink()
    begun = time.perf_counter()
    for folder in folders:
        digest_of(folder, read_card(folder))
    return (time.perf_counter() - begun) / len(folders)


def _remember_all(shelf: Shelf, done: int) -> None:
    """As the program leaves a store: the figures lie beside each call that has ended."""
    folders = shelf.folders()
    remembered = (folders[0] / DIGEST).read_bytes()
    for folder in folders[done:]:
        (folder / DIGEST).write_bytes(remembered)


def _timed(arguments: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "copilot", *arguments], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - begun


if __name__ == "__main__":
    typer.run(main)
