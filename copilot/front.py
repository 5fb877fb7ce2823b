"""The rep's end of the program: what is shown where, in which words, and with which keys."""

import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console as Terminal

from copilot.dialogue.playbook import Playbook
from copilot.dialogue.prepared import read_questions
from copilot.events import Key
from copilot.keys import BOUND, is_keyboard
from copilot.settings import Settings
from copilot.sinks.bell import Bell
from copilot.sinks.calllogs import CallLogs
from copilot.sinks.console import Console
from copilot.sinks.eventlog import STDOUT, EventLog
from copilot.sinks.plain import Plain
from copilot.sinks.scene import Scene
from copilot.sinks.sink import Sink
from copilot.sinks.text import clean


def full_screen(settings: Settings, terminal: Terminal) -> bool:
    """Whether the terminal can show the console, and is to."""
    able = terminal.is_terminal and not terminal.is_dumb_terminal
    letters = terminal.encoding.lower().startswith("utf")
    return able and letters and not (settings.plain or settings.quiet)


def wanted_keys(settings: Settings, *, live: bool = False) -> list[Key]:
    """The keys that do something."""
    if not is_keyboard():
        return []
    if live:
        return [Key.MUTE, Key.TRANSCRIPT, Key.BOOKMARK, Key.NEW_CALL, Key.HELP, Key.QUIT]
    paced = [] if settings.pace is None else [Key.PAUSE, Key.FORWARD]
    return [Key.MUTE, Key.TRANSCRIPT, Key.BOOKMARK, *paced, Key.HELP, Key.QUIT]


def sinks(
    settings: Settings, playbook: Playbook, terminal: Terminal, logs: Path | None = None
) -> Iterator[Sink]:
    """Where the events go, as the user asked; `logs` is the folder of the logs of live calls."""
    if logs is not None and settings.events != STDOUT:
        yield CallLogs(logs)
    elif settings.events is not None:
        yield EventLog(settings.events)
    if settings.json and settings.events != STDOUT:
        yield EventLog(STDOUT)
    if settings.bell and terminal.is_terminal:
        yield Bell(terminal)
    if settings.quiet:
        return
    if full_screen(settings, terminal):
        yield Console(scene(settings, playbook, logs), terminal)
    else:
        yield Plain(scene(settings, playbook, logs), sys.stderr if terminal.stderr else sys.stdout)


def scene(settings: Settings, playbook: Playbook, logs: Path | None = None) -> Scene:
    """What the screen shows besides the call itself."""
    questions = read_questions(settings.questions) if settings.questions else []
    return Scene(
        words={key: clean(word) for key, word in playbook.screen.items()},
        troubles={key: clean(word) for key, word in playbook.troubles.items()},
        reasons={key: clean(word) for key, word in playbook.reasons.items()},
        keys={
            BOUND[key].label: clean(playbook.keys.get(key, key))
            for key in wanted_keys(settings, live=logs is not None)
        },
        questions=tuple(questions),
        overdue=playbook.thresholds.answer_overdue,
        log=str(settings.events or logs or ""),
        transcript=settings.transcript,
    )
