"""Composition root: settings to objects, and the one loop that every call goes through."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from msgspec import structs
from rich.console import Console as Terminal
from threadpoolctl import threadpool_limits

from copilot import __version__
from copilot.advisor import Advisor
from copilot.call import Call
from copilot.day import STOPPED, Ending
from copilot.deck import Deck
from copilot.dialogue.acts import Interpreter, Understanding
from copilot.dialogue.byheart import ByHeart
from copilot.dialogue.floor import Floor
from copilot.dialogue.network import Network
from copilot.dialogue.playbook import Playbook, languages, load_playbook, worded
from copilot.dialogue.prepared import read_questions
from copilot.dialogue.space import multilingual_encoder
from copilot.errors import CopilotError, OutputError, SourceError
from copilot.events import Ended, Heard, Key, Lost, Pressed, Started, Tick
from copilot.frames import Block
from copilot.front import full_screen, sinks, wanted_keys
from copilot.keeping import Keeping
from copilot.keys import Keyboard, Keys, NoKeys
from copilot.settings import Settings
from copilot.sinks.fanout import Fanout
from copilot.sinks.sink import Sink
from copilot.sources.decode import length_of
from copilot.sources.excerpt import excerpt, told_excerpt
from copilot.sources.files import is_transcript
from copilot.sources.paced import Pace
from copilot.sources.pieces import Sound
from copilot.sources.recording import Pair, Recording
from copilot.sources.transcript import Transcript
from copilot.speech.backlog import AsRecognised
from copilot.speech.listener import Listener
from copilot.speech.model import Model, find_model
from copilot.speech.order import AfterDelay
from copilot.speech.recognizer import Whisper
from copilot.stopping import Stop, stopping
from copilot.techniques import TECHNIQUES

MOST_WORKERS = 4  # lines recognised at once; each costs some 40 MB
RECOGNITION = 0.3  # s that it is taken to last where nobody waits; measured in tests/benchmarks


Tap = Callable[[Iterator[Sound]], Iterator[Sound]]


class Feed(NamedTuple):
    """What hears the call, ready to be run through."""

    heard: Iterator[Heard]
    source: str
    model: str
    ending: Ending
    pace: Pace | None = None


def replay(settings: Settings, terminal: Terminal) -> Path | None:
    """Hear a recording or a transcript as if it were live, and show the cues on a terminal.

    Returns:
        The folder in the store, if the call was to be kept.

    Raises:
        CopilotError: what the user can mend; all that was heard before it has been emitted.
    """
    _spare_inputs(settings)
    playbook = load_playbook(settings.language, settings.playbook)
    told = worded(playbook, settings.ui_language or settings.language)
    keeping = Keeping(settings, playbook)
    with ExitStack() as stack:
        keys = Stop()
        stack.enter_context(stopping(keys.ask))
        if full_screen(settings, terminal):
            stream = sys.__stderr__ if terminal.stderr else sys.__stdout__
            keys.keys = stack.enter_context(Keys(wanted_keys(live=False), stream))
        learned = learn(structs.replace(playbook, cues=told.cues))
        out = chain(keeping.sinks(), sinks(settings, told, terminal))
        hear_call(settings, learned, out, keys, keeping.hear)
    return keeping.folder


def learn(playbook: Playbook) -> Understanding:
    """What a playbook teaches."""
    threadpool_limits(1, user_api="blas")  # its matrices are small: more threads only spin
    return Understanding(playbook, ByHeart(multilingual_encoder()), Network())


def _spare_inputs(settings: Settings) -> None:
    """Refuse an event log in the place of a file that is to be read."""
    inputs = (
        settings.source,
        settings.rep,
        settings.customer,
        settings.questions,
        settings.playbook,
    )
    log = settings.events
    if log is not None and any(one and one.resolve() == log.resolve() for one in inputs):
        raise OutputError(f"{log}: is read for this call; name another file for --events")


def hear_call(
    settings: Settings,
    learned: Understanding,
    sinks: Iterable[Sink],
    keys: Keyboard = NoKeys(),  # noqa: B008  it has no state
    tap: Tap = iter,
) -> None:
    """Hear a call from its start to its end; every event goes to every sink.

    Args:
        settings: of the call.
        learned: from the playbook.
        sinks: opened in this order.
        keys: that may be pressed meanwhile.
        tap: lets the sound through, and may keep it.

    Raises:
        CopilotError: as for `replay`. The sinks are opened only when the call can be heard.
    """
    questions = read_questions(settings.questions) if settings.questions else []
    with ExitStack() as stack:
        feed = _open(settings, learned.playbook, stack, tap)
        call = advised(learned, questions)
        out = stack.enter_context(Fanout(sinks))
        deck = Deck(keys, feed.pace)
        run(feed, call, out, deck, settings.language, lambda key: key is Key.QUIT)
    tell_failures(out)


def tell_failures(out: Fanout) -> None:
    """Raise what kept a sink from taking every event."""
    if out.failures:
        raise OutputError("; ".join(out.failures))


def run(
    feed: Feed, call: Call, out: Fanout, deck: Deck, language: str, press: Callable[[Key], bool]
) -> None:
    """The one loop; `press` does what a key commands, and tells whether the call ends at once."""
    wall = datetime.now().astimezone().isoformat(timespec="seconds")
    out.emit(Started(0.0, wall, feed.source, language, feed.model, __version__))
    at = 0.0
    try:
        for heard in feed.heard:
            at = heard.at
            for event in call.hear(heard):
                out.emit(event)
            if isinstance(heard, Tick) and not obeyed(deck, out, at, press):
                feed.ending.reason = STOPPED
                break
    except KeyboardInterrupt:  # asked twice, or where nothing asks
        feed.ending.reason = STOPPED
    except CopilotError as error:
        feed.ending.reason = str(error)
        raise
    finally:
        out.emit(Ended(at, feed.ending.reason))


def obeyed(deck: Deck, out: Fanout, at: float, press: Callable[[Key], bool]) -> bool:
    """Do what the keys ask; False when the call is to end."""
    for told in deck.obey(at):
        out.emit(told)
        if isinstance(told, Pressed) and press(told.key):
            return False
    return True


def advised(learned: Understanding, questions: Sequence[str]) -> Call:
    """A call that is about to begin."""
    playbook, floor = learned.playbook, Floor()
    interpreter = Interpreter(learned, floor, questions)
    techniques = [one(playbook.thresholds, floor, len(questions)) for one in TECHNIQUES]
    wording = {name: text for name, text in playbook.cues.items() if text.strip()}
    return Call(interpreter, Advisor(techniques, wording, playbook.thresholds, floor))


def _open(settings: Settings, playbook: Playbook, stack: ExitStack, tap: Tap) -> Feed:
    path = settings.source
    if path is not None and is_transcript(path):
        return _transcript(path, settings, stack)
    source = _recording(settings, stack)
    _lies_within(settings, source.name, length_of(settings.source or settings.rep))
    model = find_model(settings.model)
    recognizer = stack.enter_context(recognizer_of(model, settings.language, playbook))
    pieces = tap(excerpt(source.blocks(), settings.begin, settings.end))
    pace = _pace_of(settings)
    if pace is not None:
        pieces = pace.blocks(pieces)
    order = (
        AsRecognised()
        if pace is not None
        else AfterDelay(RECOGNITION if settings.delay is None else settings.delay)
    )
    heard = _hear(Listener(recognizer, order), pieces)
    return Feed(heard, source.name, model.name, Ending(), pace)


def recognizer_of(model: Model, language: str, playbook: Playbook) -> Whisper:
    """The recogniser, not yet open."""
    return Whisper(
        model.folder,
        language,
        prompt=playbook.hearing.prompt,
        phantoms=playbook.hearing.phantoms,
        others=languages(),
        workers=min(os.cpu_count() or 1, MOST_WORKERS),
    )


def _hear(listener: Listener, pieces: Iterator[Block | Lost]) -> Iterator[Heard]:
    for piece in pieces:
        yield from listener.hear(piece)
    yield from listener.finish()


def _recording(settings: Settings, stack: ExitStack) -> Recording | Pair:
    if settings.source is not None:
        return stack.enter_context(Recording(settings.source, settings.swap))
    if settings.rep is not None and settings.customer is not None:
        return stack.enter_context(Pair(settings.rep, settings.customer))
    raise SourceError("nothing to replay: give a recording, or --rep A --customer B")


def _transcript(path: Path, settings: Settings, stack: ExitStack) -> Feed:
    names = (settings.rep_name, settings.customer_name)
    transcript = stack.enter_context(Transcript(path, *names, delay=settings.delay or 0.0))
    _lies_within(settings, transcript.name, transcript.length)
    heard = told_excerpt(transcript.heard(), settings.begin, settings.end)
    pace = _pace_of(settings)
    if pace is not None:
        heard = pace.heard(heard)
    return Feed(heard, transcript.name, "transcript", Ending(), pace)


def _lies_within(settings: Settings, name: str, length: float | None) -> None:
    if length is not None and settings.begin >= length:
        raise SourceError(f"{name}: lasts {length:.1f} s; give a --from before its end")


def _pace_of(settings: Settings) -> Pace | None:
    return None if settings.pace is None else Pace(settings.pace, settings.begin)
