"""Draws the README's picture of the console from a real run: `python tests/pictures/make.py`."""

import re
from io import StringIO
from pathlib import Path
from typing import Self

from rich.console import Console as Terminal

from copilot.app import hear_call
from copilot.dialogue.acts import Understanding
from copilot.dialogue.network import Network
from copilot.dialogue.playbook import load_playbook
from copilot.dialogue.space import multilingual_encoder
from copilot.events import Told
from copilot.settings import Settings
from copilot.sinks.console import View
from copilot.sinks.screen import ScreenState, after

ROOT = Path(__file__).parents[2]
CALL = ROOT / "audio_fixtures" / "nl_silence_kept.flac"
FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)  # Rich would fetch one from the network
MOMENT = 24.0  # s, when the silence has been held for a while


class Snapshot:
    """Keeps the screen as it was at a moment of the call."""

    def __init__(self) -> None:
        self.state = ScreenState()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def emit(self, event: Told) -> None:
        if event.at <= MOMENT:
            self.state = after(self.state, event)


def main() -> None:
    playbook, snapshot = load_playbook("nl"), Snapshot()
    settings = Settings(source=CALL, language="nl", model="base")
    hear_call(settings, Understanding(playbook, multilingual_encoder(), Network()), [snapshot])
    terminal = Terminal(record=True, width=80, height=18, force_terminal=True, file=StringIO())
    terminal.print(View(snapshot.state, playbook.screen), height=18)
    picture = FONT.sub("", terminal.export_svg(title="call-copilot"))
    Path(__file__).with_name("console.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
