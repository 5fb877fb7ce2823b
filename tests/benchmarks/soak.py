"""A day of live calls, faster than time: whether memory grows from call to call.

    python -m tests.benchmarks.soak [HOURS]

What a live day goes through behind the devices: waiting, calls of some ten minutes, silences, a log
for each. Only the clock is another: a line is waited for instead of told when it is ready, so that
none is skipped. Memory is what the kernel says is resident when a call has ended.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from rich.console import Console as Terminal

from copilot.app import advised, learn, recognizer_of
from copilot.day import Day, Ending
from copilot.dialogue.acts import Understanding
from copilot.dialogue.playbook import load_playbook
from copilot.events import Ended, Notice, Started
from copilot.frames import RATE, Block, Samples
from copilot.sinks.calllogs import CallLogs
from copilot.sinks.fanout import Fanout
from copilot.speech.listener import Listener, Piece
from copilot.speech.model import find_model
from copilot.speech.order import AfterDelay

from .calls import read_calls
from .live import sound_of
from .tables import Figures, figure

CALL = 600.0  # s
SILENCE = 70.0  # s between two calls
DELAY = 0.3  # s from a line to its words
WALL = "2026-01-01T00:00:00+00:00"  # the log of a call is named after it


def pieces(hours: float) -> Iterator[Piece]:
    """The Dutch fixtures over and over, with a silence after every ten minutes."""
    sounds = [sound_of(call.sound) for call in read_calls([]) if call.language == "nl"]
    at, silence = 0, np.zeros((round(SILENCE * RATE), 2), np.int16)
    while at < hours * 3600 * RATE:
        begun, turn = at, 0
        while at - begun < CALL * RATE:
            for block in _cut(sounds[turn % len(sounds)], at):
                yield block
                at += len(block.samples)
            turn += 1
        for block in _cut(silence, at):
            yield block
            at += len(block.samples)


def _cut(sound: Samples, start: int) -> Iterator[Block]:
    for place in range(0, len(sound), RATE // 10):
        yield Block(start + place, sound[place : place + RATE // 10])


def resident() -> float:
    """MB in memory now."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def main(hours: float) -> None:
    """Print the memory after each call."""
    playbook = load_playbook("nl")
    learned = learn(playbook)
    table = Figures(f"Soak: {hours:g} hours of live calls", "call s", "events", "resident MB")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        recognizer = stack.enter_context(recognizer_of(find_model("base"), "nl", playbook))
        out = stack.enter_context(Fanout([CallLogs(folder)]))
        day, number = Day(pieces(hours)), 0
        while not day.over:
            for told in day.wait():
                assert not isinstance(told, Notice), told
            if not day.over:
                number += 1
                listener = Listener(recognizer, AfterDelay(DELAY), day.crosstalk)
                row = _call(day, listener, learned, out)
                table.add(f"call {number}", *row, figure(resident(), 0))
    table.show(Terminal(width=100), "")


def _call(day: Day, listener: Listener, learned: Understanding, out: Fanout) -> tuple[str, str]:
    """Hear a call; return its length and how many events it had."""
    call, at, count = advised(learned, []), 0.0, 0
    out.emit(Started(0.0, WALL, "soak", "nl", "base", "soak"))
    for heard in day.call(listener, Ending()):
        at = heard.at
        for event in call.hear(heard):
            out.emit(event)
            count += 1
    out.emit(Ended(at, "soak"))
    return figure(at, 0), str(count)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0)
