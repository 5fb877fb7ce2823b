"""What the rep sees, as data: the state of the screen and how each event changes it."""

import unicodedata
from enum import StrEnum
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from copilot.events import (
    Act,
    Cue,
    CueCleared,
    CueName,
    Ended,
    Health,
    Line,
    Lost,
    Notice,
    Rung,
    Skipped,
    Speaker,
    Speaking,
    Started,
    Tick,
    Told,
)

LINES = 6  # of both speakers together that stay on screen
UNSAFE = frozenset(
    {"Cc", "Cf", "Co", "Cs"}
)  # controls, bidi and invisible marks, private, surrogates
# the keys of [screen] in every playbook
WORDS = (
    *("rep", "customer", "stop", "hold", "hint"),
    *("listening", "behind", "lost", "cues", "no_cues", "next"),
)


class Severity(StrEnum):
    """How a cue wants to be read: stop what you do, keep quiet, or take a hint."""

    STOP = "stop"
    HOLD = "hold"
    HINT = "hint"


SEVERITY = {
    CueName.SILENCE_BROKEN: Severity.STOP,
    CueName.HOLD_SILENCE: Severity.HOLD,
    CueName.ANSWER_OVERDUE: Severity.HOLD,
    CueName.NO_NEXT_STEP: Severity.STOP,
    CueName.RESPECT_NO: Severity.STOP,
    CueName.PUSHING_AFTER_NO: Severity.STOP,
    CueName.OPEN_QUESTION_IN_LADDER: Severity.STOP,
    CueName.NAGGING: Severity.STOP,
}


class ScreenState(Struct, frozen=True):
    """Everything the view needs; texts are as they came, not yet fit for a terminal."""

    now: float = 0.0
    started: Started | None = None
    speaking: frozenset[Speaker] = frozenset()
    behind: float | None = None  # s between the end of the latest line and its text
    lost: float = 0.0  # s of audio that was missing
    cue: Cue | None = None
    given: tuple[Cue, ...] = ()  # every cue that was shown
    lines: tuple[Line, ...] = ()  # the last LINES, by start
    rung: Rung | None = None  # the latest of the prepared questions, and what is next


def after(state: ScreenState, event: Told) -> ScreenState:
    """Return the state once the event has been seen."""
    state = replace(state, now=max(state.now, event.at))
    match event:
        case Started():
            return replace(state, started=event)
        case Speaking():
            return replace(state, speaking=_speaking(state.speaking, event))
        case Line():
            lines = sorted((*state.lines, event), key=lambda line: line.start)[-LINES:]
            return replace(state, lines=tuple(lines), behind=event.at - event.end)
        case Cue():
            return replace(state, cue=event, given=(*state.given, event)) if event.shown else state
        case CueCleared():
            return replace(state, cue=None) if _is_on(state, event.name) else state
        case Lost():
            return replace(state, lost=state.lost + event.seconds)
        case Act():
            return replace(state, rung=event.prepared) if event.prepared else state
        case Ended() | Tick() | Health() | Notice() | Skipped():
            return state
    assert_never(event)


def severity(name: CueName) -> Severity:
    """How a cue of this name wants to be read."""
    return SEVERITY.get(name, Severity.HINT)


def clean(text: str) -> str:
    """Return text that can do nothing to a terminal but be read: one line, no controls."""
    spaced = (" " if char.isspace() else char for char in text)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in UNSAFE).split())


def clock(at: float) -> str:
    """Call time as mm:ss.t, minutes going on past an hour."""
    minutes, tenths = divmod(round(at * 10), 600)
    return f"{minutes:02d}:{tenths // 10:02d}.{tenths % 10}"


def _speaking(before: frozenset[Speaker], event: Speaking) -> frozenset[Speaker]:
    return before | {event.speaker} if event.on else before - {event.speaker}


def _is_on(state: ScreenState, name: CueName) -> bool:
    return state.cue is not None and state.cue.name is name
