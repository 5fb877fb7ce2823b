"""A call in some lines: what went well, what to try, and when, to listen to it."""

from collections.abc import Iterator
from math import inf

from msgspec import Struct

from copilot.events import CueName, Trouble
from copilot.sinks.record import SAME, Closing, Record
from copilot.sinks.scene import Scene
from copilot.sinks.screen import ScreenState, share
from copilot.sinks.text import clean, minutes, quoted

JOINT = " · "
SHOWN = 3  # of a kind in a line, the latest
BALANCED = (0.35, 0.6)  # the rep's part of a talk in which neither talks the other down
LONG = 2.0  # s of silence that it takes some courage to hold
LADDER = 2  # yeses in a row worth telling of
FAULTS = (  # what can be done otherwise next time, the weightiest first
    CueName.SILENCE_BROKEN,
    CueName.PUSHING_AFTER_NO,
    CueName.NO_NEXT_STEP,
    CueName.OPEN_QUESTION_IN_LADDER,
    CueName.NAGGING,
    CueName.ASK_TOO_BIG,
    CueName.ASK_TOO_EARLY,
    CueName.QUID_PRO_QUO,
    CueName.ASK_WHY,
    CueName.LADDER_PACE,
    CueName.MONOLOGUE,
)


class Point(Struct, frozen=True):
    """A line of the summary."""

    sign: str
    title: str
    text: str


def summary(state: ScreenState, scene: Scene) -> list[Point]:
    """Return the lines; at most five, and one if it was in another language."""
    record = state.record
    wrong = Trouble.LANGUAGE in state.troubles
    points = [
        Point("!", scene.word("mind"), scene.troubles[Trouble.LANGUAGE] if wrong else ""),
        Point(
            "✓", scene.word("well"), JOINT.join(_well(state, scene)) or scene.word("nothing_yet")
        ),
        Point("►", scene.word("try_next"), _faults(record)),
        Point("?", scene.word("closings"), JOINT.join(_closings(state, scene))),
        Point(
            "◊",
            scene.word("giveaways"),
            JOINT.join(
                f"{minutes(note.at)} {quoted(note.text)}" for note in record.giveaways[-SHOWN:]
            ),
        ),
        Point("≡", scene.word("log"), JOINT.join(_to_find(record, scene))),
    ]
    return [point for point in points if point.text]


def _to_find(record: Record, scene: Scene) -> Iterator[str]:
    """Where the log is, and the moments that the rep marked in it."""
    if scene.log:
        yield clean(scene.log)
    if record.marks:
        yield " ".join((scene.word("marked"), *map(minutes, record.marks)))


def _well(state: ScreenState, scene: Scene) -> Iterator[str]:
    """What the rep did well, the two that matter most."""
    return iter(list(_merits(state, scene))[:2])


def _merits(state: ScreenState, scene: Scene) -> Iterator[str]:
    record = state.record
    held = [one for one in record.closings if one.kept and (one.held or 0.0) >= LONG]
    if held:
        best = max(held, key=lambda one: one.held or 0.0)
        yield f"{minutes(best.at)} {scene.seconds(best.held or 0.0)} {scene.word('held')}"
    if record.why and record.noes:
        yield f"{minutes(record.why.at)} {scene.word('asked_why')}"
    if record.best_run.yeses >= LADDER:
        run = record.best_run
        yield f"{minutes(run.at)} {run.yeses} {scene.word('yeses')}"
    if record.agreed:
        yield f"{minutes(record.agreed.at)} {scene.word('agreed')}"
    part = share(state)
    if part is not None and BALANCED[0] <= part <= BALANCED[1]:
        yield f"{scene.word('balanced')} {part:.0%}"


def _faults(record: Record) -> str:
    """What to try next time: the weightiest, and a second one."""
    found = [name for name in FAULTS if name in record.given and not _mended(record, name)]
    told = []
    for name in found[:2]:
        one = record.given[name]
        often = f" ({one.count}x)" if one.count > 1 else ""
        told.append(f"{minutes(one.at)} {clean(one.text)}{often}")
    return JOINT.join(told)


def _mended(record: Record, name: CueName) -> bool:
    """Whether the rep did what was asked."""
    return name is CueName.ASK_WHY and record.why is not None


def _closings(state: ScreenState, scene: Scene) -> Iterator[str]:
    record, end = state.record, state.ended.at if state.ended else inf
    if record.agreed:
        yield f"{minutes(record.agreed.at)} {scene.word('agreed')} {quoted(record.agreed.text)}"
    else:
        yield scene.word("not_agreed")
    for one in record.closings[-SHOWN:]:
        yield f"{minutes(one.at)} {_silence(one, end, scene)}"
    if not record.closings:
        yield scene.word("no_closing")


def _silence(one: Closing, end: float, scene: Scene) -> str:
    """What became of the silence; nobody is to blame for one in which the call ended."""
    if one.held is None and end - one.at < (scene.overdue if one.waited else SAME):
        return scene.word("ended_in_it")
    if one.held is None:
        return scene.word("unanswered" if one.waited else "no_silence")
    held = scene.seconds(one.held)
    return f"{held} {scene.word('held')}" if one.kept else f"{scene.word('broken')} {held}"
