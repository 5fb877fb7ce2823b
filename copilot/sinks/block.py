"""The block that is read at a glance: one cue, its reason, the seconds of a silence."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import set_cell_size
from rich.text import Text

from copilot.events import Cue, CueName
from copilot.sinks.letters import big, wrap
from copilot.sinks.look import LOOKS, MOODS, Mood, Styles, fitted
from copilot.sinks.scene import Scene
from copilot.sinks.screen import OUTCOME_SHOWN, ScreenState, shown, silence
from copilot.sinks.severity import severity
from copilot.sinks.text import clean, quoted

ROOMY = 9  # rows for the text from which its sign is a large one
COUNTED = (CueName.HOLD_SILENCE, CueName.ANSWER_OVERDUE)
HELP = "?"
INTRODUCED = 20.0  # s from the start in which the key that tells of the keys is named
TALL = 3  # rows of a number in big letters
FULL, EMPTY = ("█", "█", "▀"), ("░", "░", " ")  # of a bar of three rows


class Content(NamedTuple):
    """What goes into the block."""

    mood: Mood
    title: str
    text: str
    reason: str = ""
    seconds: float | None = None  # of a silence that is counted


def block(state: ScreenState, scene: Scene, styles: Styles, width: int, height: int) -> list[Text]:
    """Return the block as rows of exactly this size; always in one place, for steady eyes."""
    content = _content(state, scene)
    if content.mood is Mood.IDLE:
        return _idle(state, scene, width, height)
    inside = _inside(content, scene.overdue, width - 4, height - 2)
    look, style = LOOKS[content.mood], styles[content.mood]
    title = f"{look.sign} {content.title} " if content.title else f"{look.sign} "
    left, top, right, side, far, low_left, low, low_right = list(look.frame)
    edge = set_cell_size(f"{left}{top} {title}", width - 1).rstrip()
    edge = f"{edge} {top * width}"
    rows = [f"{set_cell_size(edge, width - 1)}{right}"]
    rows += [f"{side} {set_cell_size(row, width - 4)} {far}" for row in inside]
    rows.append(f"{low_left}{low * (width - 2)}{low_right}")
    return [fitted(Text(row, style=style), width) for row in rows]


def _content(state: ScreenState, scene: Scene) -> Content:
    cue = shown(state)
    if cue is not None:
        kind = severity(cue.name)
        seconds = silence(state, cue) if cue.name in COUNTED else None
        reason = _reason(state, scene, cue)
        return Content(MOODS[kind], scene.word(kind), clean(cue.text), reason, seconds)
    if state.outcome is not None and state.now - state.outcome < OUTCOME_SHOWN:
        held = state.record.closings[-1].held if state.record.closings else None
        if held is not None and state.now >= state.muted:
            return Content(Mood.KEPT, "", f"{scene.seconds(held)} {scene.word('held')}")
    return Content(Mood.IDLE, "", "")


def _reason(state: ScreenState, scene: Scene, cue: Cue) -> str:
    """Why the cue is there: the words that caused it, and how long a broken silence lasted."""
    closings = state.record.closings
    if cue.name is CueName.SILENCE_BROKEN and closings and closings[-1].held:
        held = scene.seconds(closings[-1].held)
        return f"{scene.word('broken')} {held}  {quoted(cue.because)}"
    return quoted(cue.because)


def _idle(state: ScreenState, scene: Scene, width: int, height: int) -> list[Text]:
    """What is there without a cue: the next prepared question, or that the program hears."""
    rung = state.rung
    first = rung.next if rung else (scene.questions[0] if scene.questions else "")
    if first and state.now >= state.muted:
        of, count = len(scene.questions) or (rung.of if rung else 0), rung.asked if rung else 0
        label = Text(f"{scene.word('next')} {count + 1}/{of}", style="dim")
        lines = wrap(clean(first), max(1, width - 4))[: max(1, height - 2)]
        rows = [label, *(Text(line, style="bold") for line in lines)]
    else:
        rows = [Text(scene.word("listening"), style="dim")]
        if HELP in scene.keys and state.now < INTRODUCED:
            rows.append(Text(f"{HELP}  {scene.keys[HELP]}", style="dim"))
    for row in rows:
        row.align("center", width)
    above = max(0, (height - len(rows)) // 2)
    blank = [Text(" " * width) for _ in range(height)]
    return [*blank[:above], *(fitted(row, width) for row in rows), *blank][:height]


def _inside(content: Content, overdue: float, width: int, height: int) -> list[str]:
    """The rows within the frame: sign and text, the bar, the reason."""
    reason = [_cut(content.reason, width)] if content.reason and height > 1 else []
    height -= len(reason)
    least = 0 if content.seconds is None or height < 2 else 1
    text = _signed(content, width, height - least)
    bar: list[str] = []
    if least and content.seconds is not None:
        rows = TALL if height - len(text) > TALL else 1
        bar = _bar(content.seconds, overdue, width, rows)
    space = height - len(text) - len(bar)
    above = [""] * (space // 2)
    return [*above, *text, *[""] * (space - len(above)), *bar, *reason]


def _signed(content: Content, width: int, height: int) -> list[str]:
    """The text in the largest letters that fit, beside its sign."""
    sign = _sign(content.mood, height)
    gap = len(sign[0]) + 2 if sign else 0
    room = max(1, width - gap)
    text = big(content.text, room, height) or wrap(content.text, room)[:height]
    rows = max(len(text), len(sign))
    both = zip(_centred(sign, rows), _centred(text, rows), strict=True)
    return [f"{one:{gap}}{other}" if gap else other for one, other in both]


def _sign(mood: Mood, height: int) -> Sequence[str]:
    sign = LOOKS[mood].large if height >= ROOMY else LOOKS[mood].small
    return sign if height >= len(sign) else ()


def _centred(rows: Sequence[str], height: int) -> list[str]:
    above = (height - len(rows)) // 2
    return [*[""] * above, *rows, *[""] * (height - len(rows) - above)]


def _bar(seconds: float, overdue: float, width: int, rows: int) -> list[str]:
    """The seconds counted since the closing question, and a bar that is full at overdue."""
    count = f"{int(seconds)} s"
    drawn = big(count, width // 3, TALL) if rows == TALL else None
    if drawn is None:
        drawn = [f"{count:>4} "]
        rows = 1
    drawn = [row.rstrip().ljust(max(len(one.rstrip()) for one in drawn) + 2) for row in drawn]
    room = max(0, width - len(drawn[0]))
    filled = min(room, int(room * seconds / overdue)) if overdue else room
    parts = zip(FULL, EMPTY, strict=True) if rows == TALL else [(FULL[0], EMPTY[0])]
    bars = [full * filled + empty * (room - filled) for full, empty in parts]
    return [f"{digits}{bar}" for digits, bar in zip(drawn, bars, strict=True)]


def _cut(text: str, width: int) -> str:
    row = Text(text)
    row.truncate(width, overflow="ellipsis")
    return row.plain
