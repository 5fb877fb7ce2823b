"""Runs a command that writes an event log to its standard output, and watches it from outside.

Time is when an event can be read here, on this process's clock; CPU and memory are the kernel's
figures for the other process. Needs Linux's /proc.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from copilot.events import Ended, Event, Started
from copilot.sinks.eventlog import DECODER

from .calls import Call

PLAIN = f"{__package__}.plain"
TICKS = os.sysconf("SC_CLK_TCK")  # a second, in /proc


@dataclass(frozen=True)
class Told:
    """An event, and when it could be read."""

    event: Event
    wall: float  # s since the command was started
    cpu: float  # s used by then
    peak: float  # MB of memory held at most by then


@dataclass(frozen=True)
class Run:
    """A command that has ended."""

    told: tuple[Told, ...]
    wall: float  # s, starting up and winding down included
    cpu: float
    started: float  # when the command was, on this process's clock
    played: float | None = None  # when the first sample of a live call was heard, on that clock

    @property
    def begun(self) -> Told:
        """The moment at which the call began to be heard."""
        return next(told for told in self.told if isinstance(told.event, Started))

    @property
    def version(self) -> str:
        """Of the program that heard the call."""
        return next(told.event.version for told in self.told if isinstance(told.event, Started))

    @property
    def hearing(self) -> float:
        """Seconds of wall time from the beginning of the call to its end."""
        ended = next(told for told in self.told if isinstance(told.event, Ended))
        return ended.wall - self.begun.wall

    @property
    def work(self) -> float:
        """Seconds of CPU time after starting up."""
        return self.cpu - self.begun.cpu

    @property
    def peak(self) -> float:
        """MB of memory held at most."""
        return max(told.peak for told in self.told)

    def since_begun(self, told: Told) -> float:
        """Seconds of wall time since the call began: the call's clock, when it keeps time."""
        if self.played is not None:
            return told.wall + self.started - self.played
        return told.wall - self.begun.wall


def copilot(call: Call, model: str, *options: str) -> list[str]:
    """The command that users have."""
    prepared = ["--questions", str(call.questions)] if call.questions else []
    log = ["--quiet", "--events", "-"]
    return [*_on(call, "copilot", "replay"), "--model", model, *log, *prepared, *options]


def plain(call: Call, model: str, *options: str) -> list[str]:
    """The plain pipeline as a command."""
    return [*_on(call, PLAIN), "--model", model, *options]


@dataclass(frozen=True)
class Pipeline:
    """A way to hear a call."""

    name: str
    command: Callable[..., list[str]]
    options: tuple[str, ...] = ()


BASELINE = "plain, defaults"
PIPELINES = (
    Pipeline("copilot", copilot),
    Pipeline("plain, temperature 0", plain, ("--temperature", "0")),
    Pipeline(BASELINE, plain),
)


def watch(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    beside: Callable[[int], None] | None = None,
) -> Run:
    """Run a command to its end; `beside` runs in a thread meanwhile, and gets its process id."""
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        if process.stdout is None:
            raise RuntimeError("a pipe was asked for")
        if beside is not None:
            threading.Thread(target=beside, args=(process.pid,)).start()
        told = tuple(_told(process.pid, process.stdout, begun))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"exit status {process.returncode}: {' '.join(command)}")
    return Run(told, time.monotonic() - begun, used.ru_utime + used.ru_stime, begun)


def _on(call: Call, module: str, *words: str) -> list[str]:
    return [sys.executable, "-m", module, *words, str(call.sound), "--language", call.language]


def _told(pid: int, log: IO[bytes], begun: float) -> Iterator[Told]:
    for line in log:
        wall = time.monotonic() - begun
        yield Told(DECODER.decode(line), wall, cpu_of(pid), _peak(pid))


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS  # utime, stime


def _peak(pid: int) -> float:
    """MB; 0 when the process has just ended. (rusage would count the memory of the parent.)"""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
