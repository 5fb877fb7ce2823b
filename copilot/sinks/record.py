"""What is worth remembering of a call: what the rep looks up during it, and its summary after it.

However long the call, a record holds a few of each kind only.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from copilot.events import (
    Act,
    ActKind,
    Agreed,
    Bookmarked,
    Cue,
    CueCleared,
    CueName,
    Reason,
    Speaker,
    Told,
    YesRun,
)
from copilot.sinks.severity import Severity, severity

KEPT = 8  # of each kind of note, the latest
CLOSINGS = 6
SAME = 1.0  # s in which a second closing question is the first one again
LONGEST = 200  # characters of a note
HOLDING = (CueName.HOLD_SILENCE, CueName.ANSWER_OVERDUE)
REFUSALS = (ActKind.NO, ActKind.FINAL_NO)


class Note(Struct, frozen=True):
    """Words to come back to."""

    at: float  # s, start of the line
    text: str
    reason: Reason | None = None  # of a no


class Closing(Struct, frozen=True):
    """A closing question and the silence after it."""

    at: float  # s, the question's last word
    question: str
    waited: bool = False  # there was a silence
    held: float | None = None  # s of it; None while it lasts, or when nobody answered
    kept: bool = True


class Tally(Struct, frozen=True):
    """A cue that was given, once or more."""

    count: int
    at: float  # s, what caused the first
    text: str
    because: str


class Run(Struct, frozen=True):
    """Yeses in a row."""

    yeses: int
    at: float


class Record(Struct, frozen=True):
    """The notes of one call."""

    pros: tuple[Note, ...] = ()
    noes: tuple[Note, ...] = ()
    giveaways: tuple[Note, ...] = ()
    closings: tuple[Closing, ...] = ()
    given: Mapping[CueName, Tally] = {}  # cues, stops and hints only
    agreed: Note | None = None
    why: Note | None = None  # the first question that asked what lay behind a no
    best_run: Run = Run(0, 0.0)
    marks: tuple[float, ...] = ()
    counts: Mapping[ActKind, int] = {}  # of pros, noes and giveaways


def noted(record: Record, event: Told, silence: float) -> Record:
    """Return the record once the event has been seen.

    Args:
        record: so far.
        event: that became known.
        silence: s, when the one who spoke last began to; what ends a hold.
    """
    match event:
        case Act():
            return _act(record, event)
        case Cue():
            return _cue(record, event)
        case CueCleared() if event.name in HOLDING and event.why in ("answered", "time to speak"):
            return _settled(record, silence, kept=True)
        case Agreed():
            agreed = Note(event.anchor, event.because[:LONGEST]) if event.on else None
            return replace(record, agreed=agreed)
        case YesRun() if event.yeses > record.best_run.yeses:
            return replace(record, best_run=Run(event.yeses, event.at))
        case Bookmarked():
            return replace(record, marks=(*record.marks, event.moment)[-KEPT:])
        case _:
            return record


def _act(record: Record, act: Act) -> Record:
    note = Note(act.start, act.evidence[:LONGEST], act.reason)
    if act.kind is ActKind.WHY_QUESTION:
        late = CueName.RESPECT_NO in record.given  # there was no more to ask
        return record if record.why or late else replace(record, why=note)
    if act.speaker is Speaker.CUSTOMER and act.kind is ActKind.PRO:
        return replace(_counted(record, act.kind), pros=_with(record.pros, note))
    if act.speaker is Speaker.CUSTOMER and act.kind in REFUSALS:
        if record.noes and record.noes[-1].at == note.at:  # a final no is a no as well
            return record
        return replace(_counted(record, ActKind.NO), noes=_with(record.noes, note))
    if act.speaker is Speaker.REP and act.kind is ActKind.CLOSING_QUESTION:
        return _asked(record, act)
    if act.speaker is Speaker.REP and act.kind is ActKind.GIVEAWAY:
        return replace(_counted(record, act.kind), giveaways=_with(record.giveaways, note))
    return record


def _asked(record: Record, act: Act) -> Record:
    before, closing = record.closings, Closing(act.end, act.evidence[:LONGEST])
    if before and not before[-1].waited and act.start - before[-1].at <= SAME:
        before = before[:-1]
    return replace(record, closings=(*before, closing)[-CLOSINGS:])


def _held(record: Record, cue: Cue) -> Record:
    """The last closing question has its silence; a name behind it may have moved its end."""
    before = record.closings
    if before and not before[-1].waited and before[-1].held is None:
        before = before[:-1]
    closing = Closing(cue.anchor, cue.because[:LONGEST], waited=True)
    return replace(record, closings=(*before, closing)[-CLOSINGS:])


def _counted(record: Record, kind: ActKind) -> Record:
    return replace(record, counts={**record.counts, kind: record.counts.get(kind, 0) + 1})


def _with(notes: tuple[Note, ...], note: Note) -> tuple[Note, ...]:
    """Add a note; words that were there already move to the end."""
    same = note.text.casefold()
    return (*(one for one in notes if one.text.casefold() != same), note)[-KEPT:]


def _cue(record: Record, cue: Cue) -> Record:
    if cue.name is CueName.HOLD_SILENCE:
        return _held(record, cue)
    if cue.name is CueName.SILENCE_BROKEN:
        record = _broken(record, cue)
    if severity(cue.name) is Severity.HOLD or cue.name is CueName.ANSWER_OVERDUE:
        return record
    before = record.given.get(cue.name)
    told = (
        replace(before, count=before.count + 1)
        if before
        else Tally(1, cue.anchor, cue.text, cue.because[:LONGEST])
    )
    return replace(record, given={**record.given, cue.name: told})


def _broken(record: Record, cue: Cue) -> Record:
    if record.closings and record.closings[-1].held is None:
        return _settled(record, cue.anchor, kept=False)
    closing = Closing(cue.anchor, cue.because[:LONGEST], held=0.0, kept=False)
    return replace(record, closings=(*record.closings, closing)[-CLOSINGS:])


def _settled(record: Record, until: float, *, kept: bool) -> Record:
    if not record.closings or record.closings[-1].held is not None:
        return record
    last = record.closings[-1]
    held = max(0.0, until - last.at)
    return replace(record, closings=(*record.closings[:-1], replace(last, held=held, kept=kept)))
