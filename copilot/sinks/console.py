"""Keeps the view on a terminal: only rows that have changed are written."""

import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from math import ceil
from typing import Self

from rich.console import Console as Terminal
from rich.console import ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import Segment
from rich.text import Text

from copilot.events import Again, Bookmarked, Cue, CueCleared, Ended, Notice, Pressed, Started, Told
from copilot.sinks.look import COLOURS, NO_COLOURS
from copilot.sinks.scene import Scene
from copilot.sinks.screen import ScreenState, after, again
from copilot.sinks.view import draw, left_behind

REFRESH = 0.1  # s of wall time between two drawings, unless a cue comes or goes
WHOLE = 5.0  # s after which every row is written again, whatever another program wrote over it
URGENT = (CueCleared, Started, Ended, Notice, Pressed, Bookmarked)
EVERY = 0.09  # s of call at least between two moments that can be looked at again
NO_WRAP, WRAP = "\x1b[?7l", "\x1b[?7h"  # lest a letter wider than it says shifts the rows below


class Console:
    """Shows the calls on a terminal; leaves the last one's summary there.

    Args:
        scene: what stays the same.
        terminal: to draw on.
        back: seconds of call that can be looked at again.
        now: the wall clock, in seconds.
    """

    def __init__(
        self,
        scene: Scene,
        terminal: Terminal,
        back: float = 0.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._scene, self._terminal, self._now = scene, terminal, now
        self._styles = NO_COLOURS if terminal.no_color else COLOURS
        self._state = ScreenState(transcript=scene.transcript)
        self._past: deque[ScreenState] = deque(maxlen=ceil(back / EVERY))
        self._rows: list[Text] = []  # as they are on the terminal
        self._drawn = self._whole = 0.0  # s of wall time

    def __enter__(self) -> Self:
        self._terminal.set_alt_screen(True)
        self._terminal.show_cursor(False)
        self._wrap(NO_WRAP)
        self._draw(self._state)
        return self

    def __exit__(self, *exc: object) -> None:
        self._wrap(WRAP)
        self._terminal.show_cursor(True)
        self._terminal.set_alt_screen(False)
        if self._state.started is not None:
            for row in left_behind(self._state, self._scene):
                self._terminal.print(row)

    def emit(self, event: Told) -> None:
        """Draw a cue at once, and anything else at most ten times a second.

        What is held back comes with the next event: a Tick is never far away.
        """
        if isinstance(event, Again):
            self._draw(again(self._seen_at(event.moment), self._state))
            return
        self._state = after(self._state, event)
        self._remember()
        urgent = isinstance(event, URGENT) or (isinstance(event, Cue) and event.shown)
        if urgent or self._now() - self._drawn >= REFRESH:
            self._draw(self._state)

    def _remember(self) -> None:
        if not self._past or self._state.now >= self._past[-1].now + EVERY:
            self._past.append(self._state)

    def _seen_at(self, moment: float) -> ScreenState:
        """The state at that moment; the first that is known, if it was earlier."""
        if not self._past:
            return self._state
        place = bisect_right(self._past, moment, key=lambda state: state.now)
        return self._past[max(0, place - 1)]

    def _draw(self, state: ScreenState) -> None:
        now, (width, height) = self._now(), self._terminal.size
        rows = draw(state, self._scene, width, height, self._styles)
        before = self._rows
        resized = [row.cell_len for row in before[:1]] != [width] or len(before) != height
        if resized or now - self._whole >= WHOLE:
            before, self._whole = [], now
        changed = {
            place: row
            for place, row in enumerate(rows)
            if place >= len(before) or _key(row) != _key(before[place])
        }
        if changed:
            self._terminal.print(Written(changed), end="", crop=False, no_wrap=True)
        self._rows, self._drawn = rows, now

    def _wrap(self, code: str) -> None:
        if not self._terminal.legacy_windows:
            self._terminal.file.write(code)
            self._terminal.file.flush()


def _key(row: Text) -> tuple[str, object, object]:
    """What makes a row look as it does; Text itself compares without its style."""
    return row.plain, row.style, row.spans


class Written:
    """Rows, each written in its place."""

    def __init__(self, rows: dict[int, Text]) -> None:
        self._rows = rows

    def __rich_console__(self, console: Terminal, _options: ConsoleOptions) -> RenderResult:
        for place, row in self._rows.items():
            yield Control.move_to(0, place).segment
            base = console.get_style(row.style)
            yield from Segment.apply_style(row.render(console), base)
