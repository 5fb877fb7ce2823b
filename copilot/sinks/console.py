"""The screen beside the call: header, one cue, the last lines; drawn with Rich."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, Self

import rich.box
import rich.console
from rich.align import Align
from rich.live import Live
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from copilot.events import Cue, CueCleared, Speaker, Told
from copilot.sinks.screen import ScreenState, Severity, after, clean, clock, severity

REFRESH = 0.1  # s of wall time between two drawings, unless a cue comes or goes
SMALL = 16  # rows of screen; below it, no row is spent on air
CRAMPED, ROOMY = 6, 9  # rows of the cue's block, borders included, always the same for steady eyes
LEFT = 14  # rows of the view that is left behind
OVERDUE = 10.0  # s of silence that fill the bar, unless the playbook sets answer_overdue otherwise


class Look(NamedTuple):
    """What a severity looks like; sign, word and border still tell it apart without colour."""

    sign: str
    style: str
    border: rich.box.Box


LOOKS = {
    Severity.STOP: Look("■", "bright_white on red", rich.box.DOUBLE),
    Severity.HOLD: Look("‖", "black on yellow", rich.box.HEAVY),
    Severity.HINT: Look("►", "bright_white on blue", rich.box.SQUARE),
}


class Console:
    """Keeps the view on a terminal during the call; leaves it there with the cues given."""

    def __init__(
        self,
        words: Mapping[str, str],
        console: rich.console.Console,
        overdue: float = OVERDUE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._words = words
        self._console = console
        self._overdue = overdue
        self._now = now
        self._drawn = 0.0
        self._state = ScreenState()
        self._live = Live(
            get_renderable=self._view,
            console=console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,  # the event log may be there
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        self._drawn = self._now()
        return self

    def __exit__(self, *exc: object) -> None:
        self._live.stop()
        self._console.print(self._view(), height=LEFT)
        self._console.print(given(self._state.given, self._words))

    def emit(self, event: Told) -> None:
        """Draw a cue at once, and anything else at most ten times a second.

        What is held back comes with the next event: a Tick is never far away.
        """
        self._state = after(self._state, event)
        urgent = isinstance(event, CueCleared) or (isinstance(event, Cue) and event.shown)
        if urgent or self._now() - self._drawn >= REFRESH:
            self._live.refresh()
            self._drawn = self._now()

    def _view(self) -> "View":
        return View(self._state, self._words, self._overdue)


class View:
    """A state drawn for whatever width and height there is."""

    def __init__(
        self, state: ScreenState, words: Mapping[str, str], overdue: float = OVERDUE
    ) -> None:
        self._state = state
        self._words = words
        self._overdue = overdue

    def __rich_console__(
        self, console: rich.console.Console, options: rich.console.ConsoleOptions
    ) -> rich.console.RenderResult:
        height = options.height or options.max_height
        free = options.update(height=None)
        block = CRAMPED if height < SMALL else ROOMY
        yield from console.render(self._header(), free)
        yield from console.render(self._cue(block, max(1, options.max_width - 4)), free)
        rows = console.render_lines(self._lines(), free, pad=False) if self._state.lines else []
        for row in rows[-max(1, height - block - 1) :]:
            yield from row
            yield Segment.line()

    def _header(self) -> Table:
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, ratio=1, justify="right", overflow="ellipsis", style="dim")
        who = [Text(clock(self._state.now)[:-2], style="bold")]
        who.extend(self._speaker(speaker) for speaker in Speaker)
        table.add_row(Text("  ").join(who), Text(" · ").join(map(said, self._facts())))
        return table

    def _speaker(self, speaker: Speaker) -> Text:
        on = speaker in self._state.speaking
        sign, style = ("●", "bold green") if on else ("○", "dim")
        return Text(f"{sign} ", style=style).append_text(said(self._words[speaker]))

    def _facts(self) -> Iterator[str]:
        """Yield what the rep looks up when something seems wrong, the most urgent first."""
        if self._state.lost:
            yield f"{self._state.lost:.1f} s {self._words['lost']}"
        if self._state.behind is not None:
            yield f"{self._state.behind:.1f} s {self._words['behind']}"
        started = self._state.started
        if started is not None:
            yield from filter(None, (started.language, started.model, started.source))

    def _cue(self, height: int, width: int) -> Panel:
        cue = self._state.cue
        if cue is None:
            words = Align.center(self._idle(width), vertical="middle")
            return Panel(words, height=height, style="dim", box=rich.box.ROUNDED)
        kind = severity(cue.name)
        look = LOOKS[kind]
        return Panel(
            Align.center(self._told(cue, width, airy=height > CRAMPED), vertical="middle"),
            title=Text(f"{look.sign} ").append_text(said(self._words[kind])),
            title_align="left",
            height=height,
            style=look.style,
            box=look.border,
        )

    def _idle(self, width: int) -> Text:
        """Return the prepared question that is next, if the rep has a list."""
        rung = self._state.rung
        if rung is None or not rung.next:
            return said(self._words["listening"])
        label = f"{self._words['next']} {rung.asked + 1}/{rung.of}: "
        return one_row(said(f"{label}{rung.next}"), width)

    def _told(self, cue: Cue, width: int, airy: bool) -> Table:
        told = Table.grid(expand=True)
        told.add_column(justify="center")
        told.add_row(said(cue.text, "bold"))
        if airy:
            told.add_row("")
        if severity(cue.name) is Severity.HOLD:
            told.add_row(waited(self._state.now - cue.anchor, self._overdue, width))
        if cue.because:
            told.add_row(one_row(quoted(cue.because), width))
        return told

    def _lines(self) -> Table:
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(no_wrap=True, style="dim")
        table.add_column(ratio=1, overflow="fold", style="dim")
        for line in self._state.lines:
            table.add_row(said(self._words[line.speaker]), said(line.text))
        return table


def given(cues: tuple[Cue, ...], words: Mapping[str, str]) -> Table:
    """Return the list of cues that stays behind when the call is over."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    table.add_row("", said(words["cues"] if cues else words["no_cues"]))
    for cue in cues:
        what = said(f"{LOOKS[severity(cue.name)].sign} {cue.text}", "bold")
        table.add_row(clock(cue.at), Text.assemble(what, "  ", quoted(cue.because, "dim")))
    return table


def said(text: str, style: str = "") -> Text:
    """Return text from outside as Rich may draw it: no markup, no control characters."""
    return Text(clean(text), style=style)


def quoted(text: str, style: str = "") -> Text:
    """Return what was said, between quotes."""
    return said(f"“{text}”" if text else "", style)


def one_row(text: Text, width: int) -> Text:
    """Return the text cut to one row."""
    text.truncate(width, overflow="ellipsis")
    return text


def waited(seconds: float, overdue: float, width: int) -> Text:
    """Return the seconds counted since a closing question, and a bar that is full at overdue."""
    count = f"{max(0, int(seconds)):>2} s "
    room = max(0, width - len(count))
    filled = min(room, int(room * max(0.0, seconds) / overdue))
    return Text(count + "█" * filled + "░" * (room - filled))
