"""What to look at twice: examples that contradict each other or sit elsewhere, odd numbers."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct, structs

from copilot.dialogue.customer import examples_by_act
from copilot.dialogue.judge import NOTHING
from copilot.dialogue.playbook import Examples
from copilot.dialogue.space import SENSE, Encoder, Space, plain
from copilot.dialogue.thresholds import Thresholds
from copilot.events import ActKind, Reason

FAR = 10  # times more or less than usual: milliseconds, or a slip
NEAR = 0.8  # likeness from which an example of another act is worth a look
CONTRARY = [{str(one) for one in pair} for pair in (
    (ActKind.YES, ActKind.NO), (ActKind.YES, ActKind.HESITATION), (ActKind.NO, ActKind.HESITATION),
    (ActKind.QUID_PRO_QUO, ActKind.GIVEAWAY), (ActKind.QUID_PRO_QUO, ActKind.ARGUMENT),
)]  # fmt: skip
REASONS = {f"no.{reason}" for reason in Reason}
ByAct = Mapping[str, Sequence[str]]


class Doubt(Struct, frozen=True):
    """Something to look at."""

    key: str  # where it stands: `examples.rep.recap[2]`
    value: str | float  # the example, or the number
    what: str


def unusual(thresholds: Thresholds) -> Iterator[Doubt]:
    """Yield the numbers that are many times what is usual, or a small part of it."""
    usual = structs.asdict(Thresholds())
    for name, value in structs.asdict(thresholds).items():
        if not usual[name] / FAR <= value <= usual[name] * FAR:
            what = f"is far from the usual {usual[name]} (times are in seconds)"
            yield Doubt(f"thresholds.{name}", value, what)


def find_doubts(every: Examples, own: Examples, encoder: Encoder) -> Iterator[Doubt]:
    """Yield the doubtful ones among some examples.

    Args:
        every: example of the playbook.
        own: those that are looked at.
        encoder: of sentences.
    """
    rep, own_rep = structs.asdict(every.rep), structs.asdict(own.rep)
    yield from _doubts("rep", rep, own_rep, encoder)
    customer, own_customer = examples_by_act(every.customer), examples_by_act(own.customer)
    yield from _doubts("customer", customer, own_customer, encoder)


def _doubts(speaker: str, every: ByAct, own: ByAct, encoder: Encoder) -> Iterator[Doubt]:
    acts: dict[str, set[str]] = {}
    for act, lines in every.items():
        for line in lines:
            acts.setdefault(plain(line), set()).add(act)
    if not any(own.values()):
        return
    near = _Neighbours(encoder, [line for line in acts if line])
    for act, lines in own.items():
        if act == ActKind.NO:
            continue  # the same lines stand under their reasons
        for place, line in enumerate(lines):
            key = f"examples.{speaker}.{act}[{place}]"
            others = sorted(other for other in acts[plain(line)] if _contrary(act, other))
            if others:
                yield Doubt(key, line, f"stands under {', '.join(others)} too")
            else:
                yield from _near(key, act, line, acts, near)


def _contrary(act: str, other: str) -> bool:
    pair = {act.partition(".")[0], other.partition(".")[0]}
    reasons = act != other and {act, other} <= REASONS
    return reasons or (len(pair) > 1 and (NOTHING in pair or pair in CONTRARY))


def _near(
    key: str, act: str, line: str, acts: Mapping[str, set[str]], near: "_Neighbours"
) -> Iterator[Doubt]:
    other, likeness = near.nearest(plain(line))
    found = acts[other]
    if likeness >= NEAR and act not in found:
        names = ", ".join(sorted(one for one in found if one != ActKind.NO))
        yield Doubt(key, line, f"sits nearest to {names}: {other!r} ({likeness:.2f})")


class _Neighbours:
    """Finds the nearest other line."""

    def __init__(self, encoder: Encoder, lines: Sequence[str]) -> None:
        self._lines = list(lines)
        self._places = {line: place for place, line in enumerate(self._lines)}
        self._vectors = Space(encoder, self._lines).place_known()[:, :SENSE]

    def nearest(self, line: str) -> tuple[str, float]:
        own = self._places[line]
        likeness = self._vectors @ self._vectors[own]
        likeness[own] = -1.0
        best = int(np.argmax(likeness))
        return self._lines[best], float(likeness[best])
