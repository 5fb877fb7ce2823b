"""A call as the screen gets it, and the screen as text."""

import io

import rich.console

from copilot.events import Cue, CueName, Line, Speaker, Started, Told
from copilot.sinks.console import View
from copilot.sinks.screen import ScreenState, after

NL = {
    "rep": "jij",
    "customer": "klant",
    "stop": "STOP",
    "hold": "STIL",
    "hint": "TIP",
    "listening": "luistert mee",
    "behind": "achter",
    "lost": "gemist",
    "cues": "Gegeven aanwijzingen",
    "no_cues": "Geen aanwijzingen gegeven",
    "next": "volgende vraag",
}
REP, CUSTOMER = Speaker.REP, Speaker.CUSTOMER
ASKED = "Zullen we de proef dan volgende week laten beginnen?"


def cue(at: float, name: CueName, text: str, because: str = ASKED, shown: bool = True) -> Cue:
    return Cue(at, name, text, because, at - 0.6, at, shown)


def line(start: float, end: float, speaker: Speaker, text: str) -> Line:
    return Line(end + 0.6, speaker, start, end, text, 0.9)


HOLD = cue(17.8, CueName.HOLD_SILENCE, "Zwijg tot de klant antwoordt")
STOP = cue(21.0, CueName.SILENCE_BROKEN, "Stop met praten, wacht op het antwoord")
HINT = cue(30.0, CueName.ASK_WHY, "Vraag wat erachter zit", "Dat is te duur.")
STARTED = Started(0.0, "2026-01-05T10:00:00+01:00", "bakker.flac", "nl", "base", "0.1.0")
TALK: tuple[Told, ...] = (
    STARTED,
    line(1.0, 3.0, REP, "Hoe bakt u nu het brood voor de winkels?"),
    line(
        4.0, 6.0, CUSTOMER, "Elke nacht hier, met vier man en een oven die het vaak laat afweten."
    ),
    line(8.0, 9.0, REP, "Dat is veel werk."),
    line(11.0, 12.0, CUSTOMER, "Zeg dat wel."),
    line(14.0, 17.2, REP, ASKED),
    HOLD,
)


def seen(*events: Told) -> ScreenState:
    state = ScreenState()
    for event in events:
        state = after(state, event)
    return state


def drawn(state: ScreenState, width: int = 80, height: int = 24) -> str:
    console = rich.console.Console(file=io.StringIO(), width=width)
    with console.capture() as capture:
        console.print(View(state, NL), height=height)
    return "\n".join(row.rstrip() for row in capture.get().splitlines())


HOSTILE = (
    "\x1b[2J\x1b]0;titel\x07 weg",
    "\x9b31m C1",
    "[red]rood[/red] [link=file:///etc]klik[/]",
    "rechts \u202enaar links\u2066 \u200b\u061c",
    "een\ntwee\r\ndrie\x0b\u2028vier",
    "a" * 5000,
    "你好" * 300,
    "\ud800 \x00 \x7f",
)
