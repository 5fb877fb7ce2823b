"""Calls for the store: made of lines and acts, without a recogniser."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from copilot.events import (
    Act,
    ActKind,
    Agreed,
    Cue,
    CueName,
    Ended,
    Event,
    Line,
    Rung,
    Speaker,
    Speaking,
    Started,
    Step,
)
from copilot.store.card import Card
from copilot.store.keeper import Keeper

REP, CUSTOMER = Speaker.REP, Speaker.CUSTOMER
STARTED = Started(0.0, "2026-01-05T10:00:00+01:00", "koffie.flac", "nl", "base", "0.1.0")


def line(
    speaker: Speaker,
    start: float,
    end: float,
    text: str,
    *kinds: ActKind,
    step: Step | None = None,
    rung: Rung | None = None,
) -> list[Event]:
    """What a log tells of one line: the speech, the words, and what they do."""
    acts = [Act(end, speaker, kind, start, end, text, step=step, prepared=rung) for kind in kinds]
    heard = Line(end, speaker, start, end, text, 0.9)
    return [Speaking(start, speaker, True, start), Speaking(end, speaker, False, end), heard, *acts]


def cue(at: float, name: CueName, text: str = "Vraag waarom", because: str = "nee") -> Cue:
    return Cue(at, name, text, because, at, at, True)


def call(*lines: Sequence[Event], end: float = 60.0) -> tuple[Event, ...]:
    return (STARTED, *(event for one in lines for event in one), Ended(end, "over"))


TALK = call(
    line(REP, 1.0, 3.0, "Werkt u nog met papieren bonnen?", ActKind.CLOSED_QUESTION),
    line(CUSTOMER, 4.0, 5.0, "Ja, nog wel.", ActKind.YES),
    line(
        *(REP, 6.0, 8.0, "Zullen we dinsdag afspreken?"),
        *(ActKind.CLOSED_QUESTION, ActKind.CLOSING_QUESTION),
        step=Step.VISIT,
    ),
    [cue(8.6, CueName.HOLD_SILENCE, "Zwijg: laat de klant denken")],
    line(CUSTOMER, 12.0, 13.0, "Ja, dat is goed.", ActKind.YES),
    [Agreed(13.0, True, "dat is goed", 12.0)],
)


def keep(shelf: Path, events: Iterable[Event] = TALK, card: Card | None = None) -> Path:
    """A call in the store; returns its folder."""
    keeper = Keeper(shelf, card or Card())
    with keeper:
        for event in events:
            keeper.emit(event)
    assert keeper.folder is not None
    return keeper.folder
