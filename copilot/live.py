"""Composition root of a day of calls: devices to sound, sound to calls, heard as a replay is."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from types import FrameType

from rich.console import Console as Terminal

from copilot.app import Feed, advised, learn, recognizer_of, run, screen_of, tell_failures
from copilot.choice import Choice
from copilot.day import Day, Ending
from copilot.dialogue.playbook import Playbook, load_playbook
from copilot.dialogue.prepared import read_questions
from copilot.keeping import Keeping
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
        keeping = Keeping(settings, playbook)
        sinks = chain(keeping.sinks(), _sinks(settings, playbook, terminal))
        out = stack.enter_context(Fanout(sinks))
        stack.enter_context(stopping(source.stop))
        day = Day(source.pieces())
        while not day.over:
            for told in day.wait():
                out.emit(told)
            if not day.over:
                listener = Listener(recognizer, AsRecognised(), day.crosstalk)
                ending = Ending()
                feed = Feed(
                    day.call(listener, ending, keeping.hear), source.name, model.name, ending
                )
                run(feed, advised(learned, questions), out, settings.language)
    tell_failures(out)


def _sinks(settings: Settings, playbook: Playbook, terminal: Terminal) -> Iterator[Sink]:
    if settings.events == STDOUT:
        yield EventLog(STDOUT)
    elif settings.events is not None:
        yield CallLogs(settings.events)
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
