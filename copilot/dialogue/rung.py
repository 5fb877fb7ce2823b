"""Which questions are rungs of a yes-ladder."""

from copilot.events import ActKind, Said


def is_rung(asked: Said) -> bool:
    """A closed question about the matter itself, and nothing else."""
    other = asked.act(ActKind.OPEN_QUESTION, ActKind.CHOICE_QUESTION, ActKind.CLOSING_QUESTION)
    closed = asked.prepared is not None or asked.act(ActKind.CLOSED_QUESTION) is not None
    return closed and other is None and not is_courtesy(asked)


def is_courtesy(asked: Said) -> bool:
    """A question about identity, permission or the connection; no closing question is one."""
    closed = asked.act(ActKind.CLOSED_QUESTION)
    closing = asked.act(ActKind.CLOSING_QUESTION)
    return closed is not None and closed.courtesy and closing is None
