"""Draws the README's pictures of the console from real runs: `python tests/pictures/make.py`."""

import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import NamedTuple, Self

from rich.console import Console as Terminal

from copilot.app import hear_call, learn
from copilot.dialogue.playbook import load_playbook
from copilot.events import Told
from copilot.front import scene
from copilot.settings import Settings
from copilot.sinks.look import COLOURS, NO_COLOURS, Styles
from copilot.sinks.screen import ScreenState, after
from copilot.sinks.view import draw

CALLS = Path(__file__).parents[2] / "audio_fixtures"
FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)  # Rich would fetch one from the network


class Shot(NamedTuple):
    """A moment of a call on a terminal."""

    call: str
    at: float  # s
    width: int
    height: int
    questions: str | None = None
    styles: Styles = COLOURS


SHOTS: Mapping[str, Shot] = {
    "hold": Shot("nl_silence_kept", 24.0, 80, 24),
    "stop": Shot("nl_silence_broken", 19.5, 40, 10),
    "ladder": Shot("nl_ladder_prepared", 10.5, 120, 40, "nl_ladder_prepared.txt"),
    "no_colour": Shot("nl_no_pushed", 19.4, 80, 24, None, NO_COLOURS),
    "summary": Shot("nl_silence_broken", 1e9, 80, 12),
}


class Snapshot:
    """Keeps the screen as it was at a moment of the call."""

    def __init__(self, moment: float) -> None:
        self._moment = moment
        self.state = ScreenState()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def emit(self, event: Told) -> None:
        if event.at <= self._moment:
            self.state = after(self.state, event)


def main() -> None:
    playbook = load_playbook("nl")
    learned = learn(playbook)
    for name, shot in SHOTS.items():
        settings = Settings(
            source=CALLS / f"{shot.call}.flac",
            questions=CALLS / shot.questions if shot.questions else None,
            model="base",
            events=Path("call.jsonl") if name == "summary" else None,
        )
        snapshot = Snapshot(shot.at)
        hear_call(settings, learned, [snapshot])
        size = (shot.width, shot.height)
        rows = draw(snapshot.state, scene(settings, playbook), *size, shot.styles)
        terminal = Terminal(record=True, width=shot.width, force_terminal=True, file=StringIO())
        for row in rows:
            terminal.print(row, no_wrap=True, crop=False)
        picture = FONT.sub("", terminal.export_svg(title="call-copilot"))
        Path(__file__).with_name(f"{name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
