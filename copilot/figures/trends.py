"""Figures across calls: by period, by rep, by playbook. They describe groups, and rank nobody."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from statistics import fmean

from msgspec import Struct

from copilot.figures.figures import Figures

FEW = 5  # calls below which a difference can well be chance


class Period(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"


class Held(Struct, frozen=True):
    """A call among others."""

    period: str  # `2026-03` or `2026-W09`; they sort as they follow each other
    rep: str
    playbook: str
    figures: Figures


class Group(Struct, frozen=True):
    """What some calls have in common; None is where there is nothing to divide."""

    name: str
    calls: int
    held: float | None  # s, mean over all closing questions
    kept: float | None  # closing questions whose silence was kept, over all of them
    why_rate: float | None  # noes that were explored, over all that were to be
    next_steps: float  # calls with a next step, over calls
    talk_share: float | None  # mean over calls of the rep's share, as the field does it


class Trends(Struct, frozen=True):
    """Every view of the same calls."""

    total: Group
    periods: tuple[Group, ...]  # in order
    reps: tuple[Group, ...]  # by name
    playbooks: tuple[Group, ...]
    by_rep: dict[str, tuple[Group | None, ...]]  # for each rep, one for each period


def trends_of(calls: Iterable[Held], everyone: str) -> Trends:
    """Group calls.

    Args:
        calls: in any order.
        everyone: the name of the group of all.
    """
    calls = list(calls)
    periods = _grouped(calls, lambda one: one.period)
    reps = {name: own for name, own in _split(calls, lambda one: one.rep).items() if name}
    return Trends(
        _group(everyone, calls),
        periods,
        tuple(_group(name, own) for name, own in reps.items()),
        _grouped(calls, lambda one: one.playbook),
        {name: _over(own, periods) for name, own in reps.items()},
    )


def _over(calls: list[Held], periods: tuple[Group, ...]) -> tuple[Group | None, ...]:
    own = {group.name: group for group in _grouped(calls, lambda one: one.period)}
    return tuple(own.get(group.name) for group in periods)


def _grouped(calls: list[Held], key: Callable[[Held], str]) -> tuple[Group, ...]:
    return tuple(_group(name, own) for name, own in _split(calls, key).items())


def _split(calls: list[Held], key: Callable[[Held], str]) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for call in calls:
        found.setdefault(key(call), []).append(call)
    return dict(sorted(found.items()))


def _group(name: str, calls: list[Held]) -> Group:
    figures = [call.figures for call in calls]
    closed = [closing for one in figures for closing in one.closings]
    explored = [one for own in figures for one in own.refusals.to_explore]
    shares = [one.talk_share for one in figures if one.talk_share is not None]
    return Group(
        name,
        len(calls),
        fmean(one.held for one in closed) if closed else None,
        fmean(one.kept for one in closed) if closed else None,
        fmean(explored) if explored else None,
        fmean(one.next_step is not None for one in figures) if figures else 0.0,
        fmean(shares) if shares else None,
    )
