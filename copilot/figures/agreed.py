"""What was agreed and what was given, for the CRM."""

from collections.abc import Sequence

from msgspec import Struct

from copilot.events import QUESTIONS, Act, ActKind, Said, Speaker, Step
from copilot.figures.closings import Closing, Outcome


class NextStep(Struct, frozen=True):
    """A closing question that had its yes."""

    at: float  # s, start of the yes
    asked: str
    answered: str
    step: Step | None = None


class Gift(Struct, frozen=True):
    """What the rep gave or promised without a condition."""

    at: float
    words: str


def gifts(lines: Sequence[Said]) -> tuple[Gift, ...]:
    """The giveaways, with their words."""
    acts = [said.act(ActKind.GIVEAWAY) for said in lines if said.speaker is Speaker.REP]
    return tuple(Gift(act.start, act.evidence) for act in acts if act is not None)


def next_step(lines: Sequence[Said], closed: Sequence[Closing]) -> NextStep | None:
    """The last closing question that got a yes, as `no_next_step` of the contract counts it.

    The rep's newer question, a no, or a broken silence between the two undoes the question; a
    hesitation or a question of the customer's leaves it open.
    """
    broken = [one.end + one.held for one in closed if one.outcome is Outcome.BROKEN]
    asked: Act | None = None
    found = None
    for said in lines:
        if said.speaker is Speaker.REP:
            if closing := said.act(ActKind.CLOSING_QUESTION):
                asked = closing
            elif said.act(*QUESTIONS) or said.prepared is not None:
                asked = None
        elif said.act(ActKind.NO):
            asked = None
        elif asked and said.act(ActKind.YES) and not said.act(ActKind.HESITATION):
            start = said.line.start
            if not any(asked.end <= moment < start for moment in broken):
                found = NextStep(start, asked.evidence, said.line.text, asked.step)
            asked = None
    return found
