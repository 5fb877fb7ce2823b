"""Calls as the screen gets them, and the screen as text."""

import rich.console
from msgspec import structs

from copilot.dialogue.playbook import load_playbook
from copilot.events import (
    Act,
    ActKind,
    Agreed,
    Cue,
    CueCleared,
    CueName,
    Ended,
    Health,
    Line,
    Reason,
    Rung,
    Speaker,
    Speaking,
    Started,
    Tick,
    Told,
    YesRun,
)
from copilot.keys import BOUND
from copilot.sinks.look import COLOURS, Styles
from copilot.sinks.scene import Scene
from copilot.sinks.screen import ScreenState, after
from copilot.sinks.view import draw

SIZES = ((120, 40), (80, 24), (40, 10))
PLAYBOOK = load_playbook("nl")
KEYS = {BOUND[key].label: what for key, what in PLAYBOOK.keys.items()}
NL = Scene(PLAYBOOK.screen, PLAYBOOK.troubles, PLAYBOOK.reasons, KEYS, decimal=",")
REP, CUSTOMER = Speaker.REP, Speaker.CUSTOMER
ASKED = "Zullen we de proef dan volgende week laten beginnen?"
QUESTIONS = (
    "Bakt u al het brood zelf?",
    "Kost dat u veel [b]tijd[/b]?",
    "Laat de oven het wel eens afweten?",
)
LISTED = structs.replace(NL, questions=QUESTIONS)


def cue(at: float, name: CueName, text: str, because: str = ASKED, shown: bool = True) -> Cue:
    return Cue(at, name, text, because, at - 0.6, at, shown)


def line(start: float, end: float, speaker: Speaker, text: str) -> Line:
    return Line(end + 0.6, speaker, start, end, text, 0.9)


def act(of: Line, kind: ActKind, reason: Reason | None = None, rung: Rung | None = None) -> Act:
    return Act(of.at, of.speaker, kind, of.start, of.end, of.text, reason, prepared=rung)


HOLD = cue(17.8, CueName.HOLD_SILENCE, "Zwijg: laat de klant denken")
STOP = Cue(
    21.0, CueName.SILENCE_BROKEN, "Stil! Laat de klant antwoorden", ASKED, 20.5, 21.0, shown=True
)
HINT = cue(30.0, CueName.ASK_WHY, "Vraag waarom", "Dat is te duur.")
STARTED = Started(0.0, "2026-01-05T10:00:00+01:00", "bakker.flac", "nl", "base", "0.1.0")
TALK: tuple[Told, ...] = (
    STARTED,
    Speaking(1.0, REP, True, 1.0),
    Speaking(3.2, REP, False, 3.0),
    line(1.0, 3.0, REP, "Hoe bakt u nu het brood voor de winkels?"),
    Speaking(4.0, CUSTOMER, True, 4.0),
    Speaking(6.2, CUSTOMER, False, 6.0),
    line(
        4.0, 6.0, CUSTOMER, "Elke nacht hier, met vier man en een oven die het vaak laat afweten."
    ),
    line(8.0, 9.0, REP, "Dat is veel werk."),
    line(11.0, 12.0, CUSTOMER, "Zeg dat wel."),
    Speaking(14.0, REP, True, 14.0),
    Speaking(17.4, REP, False, 17.2),
    line(14.0, 17.2, REP, ASKED),
    HOLD,
)
TOO_DEAR = line(22.4, 24.0, CUSTOMER, "Dat is te duur.")
ANSWERED: tuple[Told, ...] = (
    *TALK,
    Speaking(22.6, CUSTOMER, True, 22.4),
    Speaking(24.2, CUSTOMER, False, 24.0),
    TOO_DEAR,
    act(TOO_DEAR, ActKind.NO, Reason.BUDGET),
    CueCleared(24.6, HOLD.name, "answered"),
)
WARM = line(31.0, 33.0, CUSTOMER, "Een oven die het altijd doet, dat zou wat zijn.")
LIST = line(36.0, 37.5, REP, "Ik mail u de checklist, die mag u houden.")
NOTED: tuple[Told, ...] = (
    *ANSWERED,
    WARM,
    act(WARM, ActKind.PRO),
    LIST,
    act(LIST, ActKind.GIVEAWAY),
    YesRun(38.0, 2),
    Health(38.1, -21.0, -48.0, 0.7),
    Tick(38.2),
)
RUNG = line(40.0, 41.0, REP, "Bakt u zelf?")
ENDED: tuple[Told, ...] = (
    *NOTED,
    Agreed(45.0, True, "Goed, dan beginnen we.", 44.0),
    Ended(52.0, "end of the recording"),
)


def seen(*events: Told) -> ScreenState:
    state = ScreenState()
    for event in events:
        state = after(state, event)
    return state


def drawn(
    state: ScreenState,
    width: int = 80,
    height: int = 24,
    scene: Scene = NL,
    style: Styles = COLOURS,
) -> str:
    return "\n".join(row.plain.rstrip() for row in draw(state, scene, width, height, style))


def ansi(state: ScreenState, console: rich.console.Console, style: Styles) -> str:
    """What a terminal is sent for a view of 80 by 24."""
    with console.capture() as capture:
        for row in draw(state, NL, 80, 24, style):
            console.print(row)
    return capture.get()


HOSTILE = (
    "\x1b[2J\x1b]0;titel\x07 weg",
    "\x9b31m C1",
    "[red]rood[/red] [link=file:///etc]klik[/]",
    "rechts \u202enaar links\u2066 \u200b\u061c",
    "שלום רב 12:30 مرحبا بالعالم",
    "een\ntwee\r\ndrie\x0b\u2028vier",
    "a" * 5000,
    "你好" * 300,
    "Z" + "\u0301\u0489" * 200 + "algo",
    "\u2764\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f3\U0001f1f1",
    "\ud800 \x00 \x7f \u0378",
)
