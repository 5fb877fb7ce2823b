"""All figures of a call in one record; none of them scores a person."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from copilot.events import ActKind, Cue, CueName, Ended, Event, Said, Speaker
from copilot.figures import balance
from copilot.figures.agreed import NextStep, Told, next_step, told
from copilot.figures.balance import Span
from copilot.figures.closings import Closing, closings
from copilot.figures.ladders import Ladder, ladders
from copilot.figures.refusals import Refusals, refusals
from copilot.figures.talk import Asks, by_start, lines_of, turns_of

VERSION = 2  # of the formulas; figures that were remembered by another are worked out anew


class Side(Struct, frozen=True):
    """The figures of one speaker."""

    talk: float = 0.0  # s
    questions: int = 0
    words_a_minute: float | None = None
    interruptions: tuple[float, ...] = ()  # s, when each began


class Figures(Struct, frozen=True):
    """What a coach looks at; None is where there is nothing to divide."""

    length: float  # s, of the call
    spoken: float  # s from the first word to the last
    rep: Side
    customer: Side
    talk_share: float | None
    monologue: Span | None
    story: Span | None
    interactivity: float | None
    patience: float | None
    non_talk: float
    closings: tuple[Closing, ...]
    refusals: Refusals
    ladders: tuple[Ladder, ...]
    next_step: NextStep | None
    gifts: tuple[Told, ...]
    pros: tuple[Told, ...]
    cues: dict[CueName, int]  # that were due

    @property
    def held(self) -> float | None:
        """Mean seconds of silence after a closing question."""
        closed = self.closings
        return sum(one.held for one in closed) / len(closed) if closed else None

    @property
    def kept(self) -> int:
        """Closing questions whose silence was not broken."""
        return sum(one.kept for one in self.closings)


def figures_of(events: Iterable[Event], asks: Asks) -> Figures:
    """Work out the figures of a call.

    Args:
        events: of its log.
        asks: whether a line of the customer is a question.
    """
    events = tuple(events)
    lines = lines_of(events, asks)
    spoken = by_start(lines)
    turns = turns_of(spoken)
    first_to_last = max(s.line.end for s in lines) - spoken[0].line.start if lines else 0.0
    end = _end(events)
    closed = closings(lines, end)
    return Figures(
        length=end,
        spoken=first_to_last,
        rep=_side(lines, Speaker.REP),
        customer=_side(lines, Speaker.CUSTOMER),
        talk_share=balance.talk_share(lines),
        monologue=balance.longest_turn(turns, Speaker.REP),
        story=balance.longest_turn(turns, Speaker.CUSTOMER),
        interactivity=balance.interactivity(turns, first_to_last),
        patience=balance.patience(turns),
        non_talk=balance.non_talk(lines),
        closings=closed,
        refusals=refusals(turns_of(lines)),
        ladders=ladders(lines),
        next_step=next_step(events, lines),
        gifts=told(lines, Speaker.REP, ActKind.GIVEAWAY),
        pros=told(lines, Speaker.CUSTOMER, ActKind.PRO),
        cues=dict(Counter(one.name for one in events if isinstance(one, Cue))),
    )


def _side(lines: Sequence[Said], speaker: Speaker) -> Side:
    return Side(
        balance.talk_time(lines, speaker),
        balance.questions(lines, speaker),
        balance.words_a_minute(lines, speaker),
        balance.interruptions(lines, speaker),
    )


def _end(events: tuple[Event, ...]) -> float:
    """When the call ended, or where its log was cut off."""
    last = events[-1] if events else Ended(0.0, "")
    return last.at
