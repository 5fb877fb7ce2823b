"""Composition root of a day of calls: devices to sound, sound to calls, heard as a replay is."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from platformdirs import user_data_path
from rich.console import Console as Terminal

from copilot.app import Feed, advised, learn, recognizer_of, run, screen_of, tell_failures
from copilot.choice import Choice
from copilot.day import Day, Ending
from copilot.dialogue.playbook import Playbook, load_playbook
from copilot.dialogue.prepared import read_questions
from copilot.settings import Settings
from copilot.sinks.calllogs import CallLogs
from copilot.sinks.eventlog import STDOUT, EventLog
from copilot.sinks.fanout import Fanout
from copilot.sinks.sink import Sink
from copilot.sources.live.device import System
from copilot.sources.live.live import Live
from copilot.speech.backlog import AsRecognised
from copilot.speech.listener import Listener
from copilot.speech.model import find_model

STOPS = (signal.SIGINT, signal.SIGTERM)


def live(settings: Settings, choice: Choice, terminal: Terminal, system: System) -> None:
    """Hear the calls of a day until the user stops; each has its own log.

    Raises:
        CopilotError: what the user can mend.
    """
    playbook = load_playbook(settings.language, settings.playbook)
    questions = read_questions(settings.questions) if settings.questions else []
    learned, model = learn(playbook), find_model(settings.model)
    with ExitStack() as stack:
        recognizer = stack.enter_context(recognizer_of(model, settings.language, playbook))
        source = Live(
            system,
            microphone=choice.microphone,
            softphone=choice.softphone,
            stereo=choice.stereo,
        )
        learned.readers  # noqa: B018  the examples are learned now, not in the first call
        stack.enter_context(source)
        out = stack.enter_context(Fanout(_sinks(settings, playbook, terminal)))
        stack.enter_context(stopping(source.stop))
        day = Day(source.pieces())
        while not day.over:
            for told in day.wait():
                out.emit(told)
            if not day.over:
                listener = Listener(recognizer, AsRecognised(), day.crosstalk)
                ending = Ending()
                feed = Feed(day.call(listener, ending), source.name, model.name, ending)
                run(feed, advised(learned, questions), out, settings.language)
    tell_failures(out)


def log_folder() -> Path:
    """Where the event logs of live calls lie, unless the user names another folder."""
    return user_data_path("call-copilot", appauthor=False) / "calls"


def _sinks(settings: Settings, playbook: Playbook, terminal: Terminal) -> Iterator[Sink]:
    if settings.events == STDOUT:
        yield EventLog(STDOUT)
    else:
        yield CallLogs(settings.events or log_folder())
    if not settings.quiet:
        yield screen_of(playbook, terminal)


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """While it is on, Ctrl-C asks for an end, however often; nothing is torn away in the middle."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop()

    before = {one: signal.signal(one, ask) for one in STOPS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
