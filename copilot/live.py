"""Composition root of a day of calls: devices to sound, sound to calls, heard as a replay is."""

import sys
from contextlib import ExitStack
from itertools import chain

from msgspec import structs
from rich.console import Console as Terminal

from copilot.app import Feed, advised, learn, obeyed, recognizer_of, run, tell_failures
from copilot.choice import Choice
from copilot.day import Day, Ending
from copilot.deck import Deck
from copilot.dialogue.playbook import load_playbook, worded
from copilot.dialogue.prepared import read_questions
from copilot.events import Key
from copilot.front import full_screen, sinks, wanted_keys
from copilot.keeping import Keeping
from copilot.keys import Keyboard, Keys, NoKeys
from copilot.settings import Settings
from copilot.sinks.fanout import Fanout
from copilot.sources.live.device import System
from copilot.sources.live.live import Live
from copilot.speech.backlog import AsRecognised
from copilot.speech.listener import Listener
from copilot.speech.model import find_model
from copilot.stopping import stopping


def live(settings: Settings, choice: Choice, terminal: Terminal, system: System) -> None:
    """Hear the calls of a day until the user stops; each has its own log.

    Raises:
        CopilotError: what the user can mend.
    """
    playbook = load_playbook(settings.language, settings.playbook)
    told = worded(playbook, settings.ui_language or settings.language)
    questions = read_questions(settings.questions) if settings.questions else []
    learned = learn(structs.replace(playbook, cues=told.cues))
    model = find_model(settings.model)
    with ExitStack() as stack:
        recognizer = stack.enter_context(recognizer_of(model, settings.language, playbook))
        learned.readers  # noqa: B018  the examples are learned now, not in the first call
        source = stack.enter_context(source_of(system, choice))
        keys = _keyboard(settings, terminal, stack)
        keeping = Keeping(settings, playbook)
        everywhere = chain(keeping.sinks(), sinks(settings, told, terminal, live=True))
        out = stack.enter_context(Fanout(everywhere))
        stack.enter_context(stopping(source.stop))
        day, deck = Day(source.pieces()), Deck(keys)

        def press(key: Key) -> bool:
            """End the day or the call; what was said before is still told."""
            if key is Key.QUIT:
                source.stop()
            elif key is Key.NEW_CALL:
                day.hang_up()
            return False

        while not day.over:
            source.doze(on=True)
            for waiting in day.wait():
                out.emit(waiting)
                obeyed(deck, out, waiting.at, press)
            source.doze(on=False)
            if not day.over:
                listener = Listener(recognizer, AsRecognised(), day.crosstalk)
                ending = Ending()
                heard = day.call(listener, ending, keeping.hear)
                feed = Feed(heard, source.name, model.name, ending)
                run(feed, advised(learned, questions), out, deck, settings.language, press)
    tell_failures(out)


def source_of(system: System, choice: Choice) -> Live:
    """The chosen devices, not yet open."""
    return Live(
        system,
        microphone=choice.microphone,
        softphone=choice.softphone,
        stereo=choice.stereo,
    )


def _keyboard(settings: Settings, terminal: Terminal, stack: ExitStack) -> Keyboard:
    if not full_screen(settings, terminal, live=True):
        return NoKeys()
    stream = sys.__stderr__ if terminal.stderr else sys.__stdout__
    return stack.enter_context(Keys(wanted_keys(live=True), stream))
