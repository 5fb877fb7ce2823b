"""How a cue wants to be read."""

from enum import StrEnum

from copilot.events import CueName


class Severity(StrEnum):
    """Stop what you do, keep quiet, or take a hint."""

    STOP = "stop"
    HOLD = "hold"
    HINT = "hint"


SEVERITY = {
    CueName.SILENCE_BROKEN: Severity.STOP,
    CueName.HOLD_SILENCE: Severity.HOLD,
    # answer_overdue is a hint: from then on the rep may speak
    CueName.NO_NEXT_STEP: Severity.STOP,
    CueName.RESPECT_NO: Severity.STOP,
    CueName.PUSHING_AFTER_NO: Severity.STOP,
    CueName.OPEN_QUESTION_IN_LADDER: Severity.STOP,
    CueName.NAGGING: Severity.STOP,
}


def severity(name: CueName) -> Severity:
    """How a cue of this name wants to be read."""
    return SEVERITY.get(name, Severity.HINT)
