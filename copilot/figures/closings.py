"""What became of the silence after each closing question."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct, structs

from copilot.dialogue.thresholds import Thresholds
from copilot.events import QUESTIONS, ActKind, Said, Speaker, Step
from copilot.figures.talk import by_start

ADDITION = 4  # words of a line that can belong to the question before it
T = Thresholds()  # the contract's numbers, so that calls of teams with their own can be compared


class Outcome(StrEnum):
    """How the silence ended."""

    ANSWERED = "answered"  # the customer spoke first: kept
    OVERDUE = "overdue"  # 10 s passed, and the rep may speak: kept
    ENDED = "ended"  # the call ended in it: kept
    BROKEN = "broken"  # the rep spoke first
    REPLACED = "replaced"  # the rep asked something else at once: there was no silence


class Closing(Struct, frozen=True):
    """A closing question and the silence after it."""

    end: float  # s, its last word
    words: str
    held: float  # s until the customer said something of substance, or the rep spoke
    outcome: Outcome
    step: Step | None = None

    @property
    def kept(self) -> bool:
        """Whether the customer had the time to think."""
        return self.outcome in (Outcome.ANSWERED, Outcome.OVERDUE, Outcome.ENDED)


class _Hold(Struct, frozen=True):
    """A silence that has not ended yet."""

    end: float  # of the question and what belongs to it
    counts_from: float  # s, when the silence counts as held
    murmur: float = -100.0  # end of the customer's last filler or backchannel
    argued: bool = False  # away, in the same breath


def closings(lines: Sequence[Said], call_end: float) -> tuple[Closing, ...]:
    """Every closing question with the seconds of silence held after it.

    Held: from its last word to the first word of anyone, backchannels and fillers passed over. A
    name, "please" or a second closing question within 1 s belongs to the question; an argument in
    the same breath breaks the silence before it began (held 0). From 10 s on the rep may speak.
    """
    spoken = by_start(lines)
    found, taken = [], -1.0
    for place, said in enumerate(spoken):
        closing = said.act(ActKind.CLOSING_QUESTION)
        if closing is None or said.speaker is not Speaker.REP or said.line.start < taken:
            continue
        one, taken = _followed(said, spoken[place + 1 :], call_end)
        found.append(structs.replace(one, words=closing.evidence, step=closing.step or one.step))
    return tuple(found)


def _followed(said: Said, later: Sequence[Said], call_end: float) -> tuple[Closing, float]:
    """The closing with its outcome, and until where lines have been taken up as part of it."""
    hold = _asked(said)
    for one in later:
        if hold.argued:
            return Closing(hold.end, "", 0.0, Outcome.BROKEN), hold.end
        if one.line.end <= hold.end:
            if _answers_over(hold, one):
                return Closing(hold.end, "", 0.0, Outcome.ANSWERED), hold.end
            continue
        result = _next(hold, one)
        if isinstance(result, Outcome):
            return Closing(hold.end, "", max(0.0, one.line.start - hold.end), result), hold.end
        hold = result
    if hold.argued:
        return Closing(hold.end, "", 0.0, Outcome.BROKEN), hold.end
    return Closing(hold.end, "", max(0.0, call_end - hold.end), Outcome.ENDED), hold.end


def _answers_over(hold: _Hold, one: Said) -> bool:
    """Whether the customer answered over the last words of the question."""
    late = one.line.end >= hold.end - T.same_question
    return one.speaker is Speaker.CUSTOMER and one.substantial and late


def _begun(end: float) -> _Hold:
    return _Hold(end, end + T.hold_due)


def _next(hold: _Hold, one: Said) -> _Hold | Outcome:
    """What the next line does to a silence."""
    if one.speaker is Speaker.CUSTOMER:
        if one.substantial:
            return Outcome.ANSWERED
        held = one.line.start > hold.counts_from
        counts_from = hold.counts_from if held else max(hold.counts_from, one.line.end)
        return structs.replace(hold, murmur=one.line.end, counts_from=counts_from)
    start, end = one.line.start, one.line.end
    if end - start < T.slight_sound or _nods(hold, one):
        return hold
    if start - hold.end >= T.answer_overdue:
        return Outcome.OVERDUE
    if start < hold.counts_from:
        return _goes_on(hold, one)
    if start - hold.end > T.same_question:
        return Outcome.BROKEN
    if not one.substantial:
        return hold
    if one.act(ActKind.CLOSING_QUESTION):
        return _asked(one)
    return _begun(end) if _adds(one) else Outcome.BROKEN


def _goes_on(hold: _Hold, one: Said) -> _Hold | Outcome:
    """The rep spoke again before the silence counted."""
    if not one.substantial:
        return hold
    if one.act(ActKind.CLOSING_QUESTION):
        return _asked(one)
    if one.act(ActKind.ARGUMENT, ActKind.QUID_PRO_QUO):
        return Outcome.BROKEN
    return Outcome.REPLACED if one.act(*QUESTIONS) else _begun(one.line.end)


def _asked(said: Said) -> _Hold:
    """The silence begins after a closing question, unless that is argued away at once."""
    return structs.replace(_begun(said.line.end), argued=_argued_after(said))


def _nods(hold: _Hold, one: Said) -> bool:
    """A sign of listening right after the customer's own filler."""
    since = one.line.start - hold.murmur
    return not one.substantial and -T.backchannel <= since <= T.same_question


def _adds(one: Said) -> bool:
    return not one.acts and len(one.line.text.split()) <= ADDITION


def _argued_after(said: Said) -> bool:
    argument, closing = said.act(ActKind.ARGUMENT), said.act(ActKind.CLOSING_QUESTION)
    if argument is None or closing is None:
        return False
    text = said.line.text
    return text.find(argument.evidence) > text.find(closing.evidence)
