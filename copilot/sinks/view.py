"""The whole screen as a pure function of its state: rows of exactly the terminal's size."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from copilot.sinks.block import block
from copilot.sinks.header import header
from copilot.sinks.letters import wrap
from copilot.sinks.look import COLOURS, Styles, fitted
from copilot.sinks.notes import keys, notes
from copilot.sinks.scene import Scene
from copilot.sinks.screen import HELP_SHOWN, ScreenState, shown
from copilot.sinks.summary import Point, summary
from copilot.sinks.text import clean

PART = 0.6  # of the rows that the block takes
LEAST = 3  # rows of the block
ROWS_AROUND = 3  # of a summary
STRIP = 16  # rows under which all but two go to the block


def draw(
    state: ScreenState, scene: Scene, width: int, height: int, styles: Styles = COLOURS
) -> list[Text]:
    """Return `height` rows of `width` cells each; what was said in them cannot do anything."""
    rows = [header(state, scene, width)]
    if state.started is None or state.ended is not None:
        rows += _between(state, scene, width, height - 1)
    elif height < STRIP and shown(state) is None and state.now - state.help < HELP_SHOWN:
        rows += keys(scene, width, height - 1)
    else:
        tall = min(height - 1, max(LEAST, _tall(height)))
        rows += block(state, scene, styles, width, tall)
        rows += notes(state, scene, width, max(0, height - len(rows)))
    rows += [Text(" " * width) for _ in range(height - len(rows))]
    return rows[:height]


def _tall(height: int) -> int:
    return height - 3 if height < STRIP else round(height * PART)


def _between(state: ScreenState, scene: Scene, width: int, height: int) -> list[Text]:
    """Before the first call and after each: how the last one went, and that the program waits."""
    rows = [Text()]
    if state.ended is not None:
        rows += _points(summary(state, scene), width, height - ROWS_AROUND)
    rows += [Text(), Text(scene.word("waiting"), style="dim"), Text()]
    rows += keys(scene, width, max(0, height - len(rows)))  # there is time to read them now
    return [fitted(row, width) for row in rows[:height]]


def _points(points: Sequence[Point], width: int, height: int) -> Iterator[Text]:
    """Every point in one row at least; those that come first have what is left over."""
    spare = max(0, height - len(points))
    for point in points:
        told = _point(point, width)
        kept = told[: 1 + spare]
        if len(kept) < len(told):
            kept[-1].append(" …")
        spare -= len(kept) - 1
        yield from kept


def _point(point: Point, width: int) -> list[Text]:
    head = f"{point.sign} {point.title}"
    told = wrap(f"{head}  {point.text}", max(1, width - 2))
    first = Text(told[0])
    first.stylize("bold", 0, len(head))
    return [first, *(Text(f"  {row}") for row in told[1:])]


def left_behind(state: ScreenState, scene: Scene) -> list[Text]:
    """Return the summary as it stays in the terminal when the program has gone."""
    return [
        Text.assemble(f"{point.sign} ", (point.title, "bold"), f"  {clean(point.text)}")
        for point in summary(state, scene)
    ]
