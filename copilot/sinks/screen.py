"""What the rep sees, as data: the state of the screen and how each event changes it."""

from msgspec import Struct
from msgspec.structs import replace

from copilot.events import (
    SLIGHT,
    Act,
    Bookmarked,
    Cue,
    CueCleared,
    CueName,
    Ended,
    Health,
    Key,
    Line,
    Lost,
    Notice,
    Pressed,
    Rung,
    Speaker,
    Speaking,
    Started,
    Told,
    Trouble,
    YesRun,
)
from copilot.sinks.record import HOLDING, Record, noted

LINES = 12  # of both speakers together that stay at hand
MUTE = 60.0  # s that no cue is shown after the key
BROKEN_SHOWN = 4.0  # s; a broken silence is told of once, and leaves
OUTCOME_SHOWN = 3.0  # s that "held 6.2 s" stays
MARK_SHOWN = 2.0  # s that a bookmark is confirmed
HELP_SHOWN = 15.0  # s that the keys stay, unless the key is pressed again
ANSWERING = 2.0  # s after the customer's voice in which its words may still be on their way


class Voice(Struct, frozen=True):
    """One side of the line."""

    since: float | None = None  # s, when the speech that goes on now began
    stopped: float = -ANSWERING  # s, when the last speech ended
    spoke: float = 0.0  # s in all, without what goes on now
    line: float = 0.0  # s, start of the latest line that is understood
    level: float | None = None  # dBFS


class ScreenState(Struct, frozen=True):
    """Everything the view needs; texts are as they came, not yet fit for a terminal."""

    now: float = 0.0
    started: Started | None = None
    ended: Ended | None = None
    rep: Voice = Voice()
    customer: Voice = Voice()
    behind: float | None = None  # s that recognition is late
    lost: float = 0.0  # s of audio that was missing
    troubles: frozenset[Trouble] = frozenset()
    cue: Cue | None = None
    outcome: float | None = None  # s, when the last silence was answered; it is the record's last
    run: int = 0  # yeses in a row
    rung: Rung | None = None  # the latest of the prepared questions, and what is next
    asked: frozenset[int] = frozenset()  # numbers of the prepared questions, from 1
    lines: tuple[Line, ...] = ()  # the last LINES, by start
    record: Record = Record()
    muted: float = 0.0  # s until which no cue is shown
    marked: float = -MARK_SHOWN  # s, the last bookmark
    paused: bool = False
    transcript: bool = False
    help: float = -HELP_SHOWN  # s, when it was asked for
    present: float | None = None  # s, how far the call is, while an earlier moment is looked at

    def voice(self, speaker: Speaker) -> Voice:
        """One side of the line."""
        return self.rep if speaker is Speaker.REP else self.customer


def after(state: ScreenState, event: Told) -> ScreenState:
    """Return the state once the event has been seen."""
    if isinstance(event, Started):
        return _begun(state, event)
    if state.ended is None:
        state = replace(state, now=max(state.now, event.at))
    answered = _answered(state, event)
    record = noted(state.record, event, answered)
    if record is not state.record:
        state = replace(state, record=record)
    return _changed(state, event)


def again(past: ScreenState, state: ScreenState) -> ScreenState:
    """Return what was to be seen at a moment that has passed, with what is set now."""
    return replace(
        past,
        present=state.now,
        paused=state.paused,
        transcript=state.transcript,
        muted=0.0,
        marked=state.marked,
        help=past.now if state.now - state.help < HELP_SHOWN else -HELP_SHOWN,
    )


def muted(until: float, event: Told) -> float:
    """Return the time until which cues are muted once the event has been seen."""
    if isinstance(event, Started):
        return event.at
    if isinstance(event, Pressed) and event.key is Key.MUTE:
        return event.at if event.at < until else event.at + MUTE
    return until


def shown(state: ScreenState) -> Cue | None:
    """Return the cue that is to be seen now, if any."""
    cue = state.cue
    if cue is None or state.now < state.muted:
        return None
    if cue.name is CueName.SILENCE_BROKEN and state.now - cue.at >= BROKEN_SHOWN:
        return None
    return cue


def silence(state: ScreenState, cue: Cue) -> float:
    """Return the seconds since a closing question; the count stands still while an answer comes."""
    customer = state.customer
    answering = customer.since
    if answering is None and state.now - customer.stopped < ANSWERING:
        answering = customer.stopped  # its words may still be on their way
    until = state.now if answering is None else min(state.now, answering)
    return max(0.0, until - cue.anchor)


def share(state: ScreenState) -> float | None:
    """Return the rep's part of the talk, 0..1; None before anyone has spoken."""
    rep, customer = (_spoke(state.voice(speaker), state.now) for speaker in Speaker)
    return rep / (rep + customer) if rep + customer > 0 else None


def _spoke(voice: Voice, now: float) -> float:
    return voice.spoke + (max(0.0, now - voice.since) if voice.since is not None else 0.0)


def _begun(state: ScreenState, event: Started) -> ScreenState:
    """A call has begun: nothing of the one before is left but what the rep set."""
    return ScreenState(
        now=event.at,
        started=event,
        troubles=state.troubles,
        transcript=state.transcript,
        rep=Voice(level=state.rep.level),
        customer=Voice(level=state.customer.level),
    )


def _answered(state: ScreenState, event: Told) -> float:
    """The moment at which the silence ended that a hold's clearing tells of."""
    if isinstance(event, CueCleared) and event.why == "time to speak" and state.rep.since:
        return state.rep.since
    return state.customer.line


def _changed(state: ScreenState, event: Told) -> ScreenState:
    match event:
        case Speaking():
            return _speech(state, event)
        case Line():
            return _line(state, event)
        case Act():
            return _act(state, event)
        case YesRun():
            return replace(state, run=event.yeses)
        case Cue():
            return replace(state, cue=event, outcome=None) if event.shown else state
        case CueCleared():
            return _cleared(state, event)
        case Pressed():
            return _pressed(state, event)
        case Bookmarked():
            return replace(state, marked=event.moment)
        case _:
            return _weather(state, event)


def _weather(state: ScreenState, event: Told) -> ScreenState:
    """How the call comes in, and that it is over."""
    match event:
        case Health():
            rep, customer = (
                replace(state.rep, level=event.rep),
                replace(state.customer, level=event.customer),
            )
            return replace(state, rep=rep, customer=customer, behind=event.behind)
        case Notice():
            one = frozenset({event.trouble})
            troubles = state.troubles | one if event.on else state.troubles - one
            return replace(state, troubles=troubles)
        case Lost():
            return replace(state, lost=state.lost + event.seconds)
        case Ended():
            return replace(state, ended=event, cue=None, outcome=None, paused=False)
        case _:
            return state


def _speech(state: ScreenState, event: Speaking) -> ScreenState:
    voice = state.voice(event.speaker)
    if event.on:
        return _with_voice(state, event.speaker, replace(voice, since=event.since))
    if voice.since is None:
        return state
    spoke = voice.spoke + max(0.0, event.since - voice.since)
    return _with_voice(
        state, event.speaker, replace(voice, since=None, stopped=event.since, spoke=spoke)
    )


def _line(state: ScreenState, line: Line) -> ScreenState:
    lines = sorted((*state.lines, line), key=lambda one: one.start)[-LINES:]
    voice = replace(state.voice(line.speaker), line=line.start)
    state = _with_voice(state, line.speaker, voice)
    return replace(state, lines=tuple(lines), behind=line.at - line.end)


def _act(state: ScreenState, act: Act) -> ScreenState:
    if act.kind in SLIGHT and act.speaker is Speaker.CUSTOMER:  # no answer: the count goes on
        return _with_voice(state, act.speaker, replace(state.customer, stopped=-ANSWERING))
    if act.prepared is None:
        return state
    return replace(state, rung=act.prepared, asked=state.asked | {act.prepared.number})


def _cleared(state: ScreenState, event: CueCleared) -> ScreenState:
    if state.cue is None or state.cue.name is not event.name:
        return state
    answered = event.name in HOLDING and event.why in ("answered", "time to speak")
    return replace(state, cue=None, outcome=event.at if answered else None)


def _pressed(state: ScreenState, event: Pressed) -> ScreenState:
    match event.key:
        case Key.MUTE:
            return replace(state, muted=muted(state.muted, event))
        case Key.TRANSCRIPT:
            return replace(state, transcript=not state.transcript)
        case Key.PAUSE:
            return replace(state, paused=not state.paused)
        case Key.HELP:
            helped = event.at - state.help < HELP_SHOWN
            return replace(state, help=-HELP_SHOWN if helped else event.at)
        case Key.BOOKMARK | Key.BACK | Key.FORWARD | Key.NEW_CALL | Key.QUIT:
            return state


def _with_voice(state: ScreenState, speaker: Speaker, voice: Voice) -> ScreenState:
    if speaker is Speaker.REP:
        return replace(state, rep=voice)
    return replace(state, customer=voice)
