"""The rep's end of the program: what is shown where, in which words, and with which keys."""

import sys
from collections.abc import Iterator

from rich.console import Console as Terminal
from rich.file_proxy import FileProxy

from copilot.dialogue.playbook import Playbook
from copilot.dialogue.prepared import read_questions
from copilot.dialogue.wording import Word
from copilot.events import Key
from copilot.keys import BOUND, is_keyboard
from copilot.settings import Settings
from copilot.sinks.bell import Bell
from copilot.sinks.calllogs import CallLogs
from copilot.sinks.console import Console
from copilot.sinks.eventlog import STDOUT, EventLog
from copilot.sinks.plain import Plain
from copilot.sinks.progress import Progress
from copilot.sinks.scene import Scene
from copilot.sinks.sink import Sink
from copilot.sinks.text import clean
from copilot.sources.decode import length_of
from copilot.store.shelf import Shelf

BACK = 600.0  # s of a paced replay that can be looked at again


def full_screen(settings: Settings, terminal: Terminal, *, live: bool = False) -> bool:
    """Whether the terminal can show the console, and is to: of calls that keep time."""
    return (live or settings.pace is not None) and _may_draw(settings, terminal)


def _may_draw(settings: Settings, terminal: Terminal) -> bool:
    able = terminal.is_terminal and not terminal.is_dumb_terminal
    letters = terminal.encoding.lower().startswith("utf")
    return able and letters and not (settings.plain or settings.quiet)


def wanted_keys(*, live: bool) -> list[Key]:
    """The keys that do something."""
    if not is_keyboard():
        return []
    own = [Key.NEW_CALL] if live else [Key.PAUSE, Key.BACK, Key.FORWARD]
    return [Key.MUTE, Key.TRANSCRIPT, Key.BOOKMARK, *own, Key.HELP, Key.QUIT]


def sinks(
    settings: Settings, playbook: Playbook, terminal: Terminal, *, live: bool = False
) -> Iterator[Sink]:
    """Where the events go, as the user asked, besides the store."""
    if live and settings.events not in (None, STDOUT):
        yield CallLogs(settings.events)
    elif settings.events is not None:
        yield EventLog(settings.events)
    if settings.json and settings.events != STDOUT:
        yield EventLog(STDOUT)
    if settings.bell and terminal.is_terminal:
        yield Bell(terminal)
    if not settings.quiet:
        yield from _screens(settings, scene(settings, playbook, live=live), terminal, live=live)


def _screens(settings: Settings, scene: Scene, terminal: Terminal, *, live: bool) -> Iterator[Sink]:
    if full_screen(settings, terminal, live=live):
        yield Console(scene, terminal, back=0.0 if live else BACK)
    elif not live and _may_draw(settings, terminal):
        length = settings.end or length_of(settings.source or settings.rep)
        yield Progress(length, settings.begin, terminal)
        yield Plain(scene, FileProxy(terminal, terminal.file))  # the lines go above the bar
    else:
        yield Plain(scene, sys.stderr if terminal.stderr else sys.stdout)


def scene(settings: Settings, playbook: Playbook, *, live: bool = False) -> Scene:
    """What the screen shows besides the call itself."""
    questions = read_questions(settings.questions) if settings.questions else []
    log = settings.events if settings.events != STDOUT else None
    kept = Shelf(settings.store).root if settings.save else ""
    return Scene(
        words={key: clean(word) for key, word in playbook.screen.items()},
        troubles={key: clean(word) for key, word in playbook.troubles.items()},
        reasons={key: clean(word) for key, word in playbook.reasons.items()},
        keys={
            BOUND[key].label: clean(playbook.keys.get(key, key)) for key in wanted_keys(live=live)
        },
        questions=tuple(questions),
        overdue=playbook.thresholds.answer_overdue,
        log=str(log or kept),
        transcript=settings.transcript,
        decimal=clean(playbook.review[Word.DECIMAL]),
    )
