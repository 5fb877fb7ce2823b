"""What was agreed, what was given and what the customer liked, for the CRM."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from copilot.events import QUESTIONS, ActKind, Agreed, Event, Said, Speaker, Step


class NextStep(Struct, frozen=True):
    """A question for the decision that had its yes."""

    at: float  # s, start of the yes
    asked: str
    answered: str
    step: Step | None = None


class Told(Struct, frozen=True):
    """Words worth a note: what the rep gave or promised, what the customer needs or likes."""

    at: float
    words: str


def told(lines: Sequence[Said], speaker: Speaker, kind: ActKind) -> tuple[Told, ...]:
    """The words of each act of a kind."""
    acts = [said.act(kind) for said in lines if said.speaker is speaker]
    return tuple(Told(act.start, act.evidence) for act in acts if act is not None)


def next_step(events: Iterable[Event], lines: Sequence[Said]) -> NextStep | None:
    """The last agreement that the log tells of and does not take back, with its question."""
    agreed = None
    for event in events:
        if isinstance(event, Agreed):
            agreed = event if event.on else None
    if agreed is None:
        return None
    before = [said for said in lines if said.line.start < agreed.anchor]
    asked = [
        said
        for said in before
        if said.speaker is Speaker.REP and (said.act(*QUESTIONS) or said.prepared is not None)
    ]
    closing = asked[-1].act(ActKind.CLOSING_QUESTION) if asked else None
    question = closing.evidence if closing else asked[-1].line.text if asked else ""
    answer = next((said.line.text for said in lines if said.line.start == agreed.anchor), "")
    step = closing.step if closing else None
    return NextStep(agreed.anchor, question, answer or agreed.because, step)
