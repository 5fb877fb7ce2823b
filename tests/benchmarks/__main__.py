"""The command: all figures, or some parts of them, as tables."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console as Terminal
from typer import Argument, Option

from . import console, live, memory, paced, speed, voice, words
from .calls import read_calls


class Part(StrEnum):
    """What can be measured on its own."""

    VOICE = "voice"
    WORDS = "words"
    SPEED = "speed"
    PACED = "paced"
    MEMORY = "memory"
    LIVE = "live"
    CONSOLE = "console"


def main(
    parts: Annotated[list[Part] | None, Argument(help="All, unless named.")] = None,
    call: Annotated[list[str] | None, Option(help="Only this fixture; may be repeated.")] = None,
    model: Annotated[str, Option(help="A folder or a name, as for call-copilot.")] = "base",
    minutes: Annotated[float, Option(help="Length of the long call, for memory.")] = 120.0,
    long: Annotated[float, Option(help="Minutes of one long live call as well.")] = 0.0,
    every: Annotated[int, Option(min=1, help="Only every so many read sentences.")] = 1,
    quick: Annotated[bool, Option("--quick", help="Every 6th sentence, 12 minutes.")] = False,
) -> None:
    """Measure the copilot beside the plain pipeline, on this machine, now."""
    terminal = Terminal(width=140)
    calls = read_calls(call or [])
    for part in parts or list(Part):
        match part:
            case Part.VOICE:
                voice.measure(calls, terminal)
            case Part.WORDS:
                words.measure(model, 6 if quick else every, terminal)
            case Part.SPEED:
                speed.measure(calls, model, terminal)
            case Part.PACED:
                paced.measure(calls, model, terminal)
            case Part.LIVE:
                live.measure(calls, model, long, terminal)
            case Part.CONSOLE:
                console.measure(calls, terminal)
            case Part.MEMORY:
                memory.measure(calls, model, 12.0 if quick else minutes, terminal)


if __name__ == "__main__":
    typer.run(main)
