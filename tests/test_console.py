"""What the rep sees: the view as text at three sizes, the live console, and plain lines."""

import io
import re
import unicodedata

import pytest
import rich.console
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from copilot.events import (
    Cue,
    CueCleared,
    CueName,
    Event,
    Line,
    Lost,
    Speaker,
    Speaking,
    Started,
    Tick,
)
from copilot.sinks.console import Console, View
from copilot.sinks.plain import Plain
from copilot.sinks.screen import WORDS, ScreenState, after, clean

NL = {
    "rep": "jij",
    "customer": "klant",
    "stop": "STOP",
    "hold": "STIL",
    "hint": "TIP",
    "listening": "luistert mee",
    "behind": "achter",
    "lost": "gemist",
    "cues": "Gegeven aanwijzingen",
    "no_cues": "Geen aanwijzingen gegeven",
}
REP, CUSTOMER = Speaker.REP, Speaker.CUSTOMER
ASKED = "Zullen we de proef dan volgende week laten beginnen?"


def cue(at: float, name: CueName, text: str, because: str = ASKED, shown: bool = True) -> Cue:
    return Cue(at, name, text, because, at - 0.6, at, shown)


def line(start: float, end: float, speaker: Speaker, text: str) -> Line:
    return Line(end + 0.6, speaker, start, end, text, 0.9)


HOLD = cue(17.8, CueName.HOLD_SILENCE, "Zwijg tot de klant antwoordt")
STOP = cue(21.0, CueName.SILENCE_BROKEN, "Stop met praten, wacht op het antwoord")
HINT = cue(30.0, CueName.ASK_WHY, "Vraag wat erachter zit", "Dat is te duur.")
STARTED = Started(0.0, "2026-01-05T10:00:00+01:00", "bakker.flac", "nl", "base", "0.1.0")
TALK: tuple[Event | Tick, ...] = (
    STARTED,
    line(1.0, 3.0, REP, "Hoe bakt u nu het brood voor de winkels?"),
    line(
        4.0, 6.0, CUSTOMER, "Elke nacht hier, met vier man en een oven die het vaak laat afweten."
    ),
    line(8.0, 9.0, REP, "Dat is veel werk."),
    line(11.0, 12.0, CUSTOMER, "Zeg dat wel."),
    line(14.0, 17.2, REP, ASKED),
    HOLD,
)


def seen(*events: Event | Tick) -> ScreenState:
    state = ScreenState()
    for event in events:
        state = after(state, event)
    return state


def drawn(state: ScreenState, width: int = 80, height: int = 24) -> str:
    console = rich.console.Console(file=io.StringIO(), width=width)
    with console.capture() as capture:
        console.print(View(state, NL), height=height)
    return "\n".join(row.rstrip() for row in capture.get().splitlines())


def plain(*events: Event | Tick, stream: io.TextIOWrapper | None = None) -> list[str]:
    out = stream or io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with Plain(NL, out) as sink:
        for event in events:
            sink.emit(event)
    out.seek(0)
    return out.read().splitlines()


def test_a_hold_on_a_usual_screen() -> None:
    assert drawn(seen(*TALK, Speaking(22.0, CUSTOMER, True, 21.9), Tick(22.2))) == (
        """\
00:22  ○ jij  ● klant                     0.6 s achter · nl · base · bakker.flac
┏━ ‖ STIL ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃                                                                              ┃
┃                         Zwijg tot de klant antwoordt                         ┃
┃                                                                              ┃
┃  5 s ███████████████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ ┃
┃            “Zullen we de proef dan volgende week laten beginnen?”            ┃
┃                                                                              ┃
┃                                                                              ┃
┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
jij    Hoe bakt u nu het brood voor de winkels?
klant  Elke nacht hier, met vier man en een oven die het vaak laat afweten.
jij    Dat is veel werk.
klant  Zeg dat wel.
jij    Zullen we de proef dan volgende week laten beginnen?"""
    )


def test_a_stop_on_a_small_screen() -> None:
    assert drawn(seen(*TALK, Speaking(20.6, REP, True, 20.5), STOP), 40, 10) == (
        """\
00:21  ● jij  ○ klant  0.6 s achter · n…
╔═ ■ STOP ═════════════════════════════╗
║    Stop met praten, wacht op het     ║
║               antwoord               ║
║ “Zullen we de proef dan volgende we… ║
║                                      ║
╚══════════════════════════════════════╝
klant  Zeg dat wel.
jij    Zullen we de proef dan volgende
       week laten beginnen?"""
    )


def test_a_hint_on_a_large_screen() -> None:
    said = line(28.0, 29.4, CUSTOMER, "Dat is te duur.")
    state = seen(*TALK, CueCleared(28.0, HOLD.name, "answered"), Lost(28.0, 1.5), said, HINT)
    assert drawn(state, 120, 40) == (
        """\
00:30  ○ jij  ○ klant                                              1.5 s gemist · 0.6 s achter · nl · base · bakker.flac
┌─ ► TIP ──────────────────────────────────────────────────────────────────────────────────────────────────────────────┐
│                                                                                                                      │
│                                                                                                                      │
│                                                Vraag wat erachter zit                                                │
│                                                                                                                      │
│                                                  “Dat is te duur.”                                                   │
│                                                                                                                      │
│                                                                                                                      │
└──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
jij    Hoe bakt u nu het brood voor de winkels?
klant  Elke nacht hier, met vier man en een oven die het vaak laat afweten.
jij    Dat is veel werk.
klant  Zeg dat wel.
jij    Zullen we de proef dan volgende week laten beginnen?
klant  Dat is te duur."""  # noqa: E501  # the screen is 120 wide
    )


def test_nothing_heard_yet() -> None:
    rows = drawn(seen(), 40, 10).splitlines()
    assert rows[0] == "00:00  ○ jij  ○ klant"
    assert [row for row in rows if "luistert mee" in row] == [rows[3]]


def test_the_view_asks_for_no_words_but_these() -> None:
    assert set(NL) == set(WORDS)


def test_the_bar_is_full_at_ten_seconds_and_the_count_goes_on() -> None:
    for at, count, empty in ((17.8, " 0 s", True), (27.2, "10 s", False), (40.0, "22 s", False)):
        screen = drawn(seen(*TALK, Tick(at)))
        assert count in screen
        assert ("░" in screen) is empty


def test_a_cue_leaves_only_by_its_own_name() -> None:
    assert HOLD.text in drawn(seen(HOLD, CueCleared(18.0, HINT.name, "asked")))
    assert HOLD.text not in drawn(seen(HOLD, CueCleared(18.0, HOLD.name, "answered")))


def test_a_cue_that_kept_off_the_screen_is_not_drawn() -> None:
    unshown = cue(19.0, CueName.ASK_WHY, "Vraag waarom", shown=False)
    assert drawn(seen(*TALK, unshown)) == drawn(seen(*TALK, Tick(19.0)))


def test_a_line_that_comes_late_stands_where_it_was_said() -> None:
    late, early = line(5.0, 6.0, REP, "Tweede."), line(1.0, 3.0, CUSTOMER, "Eerste.")
    screen = drawn(seen(late, early))
    assert screen.index("Eerste.") < screen.index("Tweede.")


def test_seeing_changes_no_state() -> None:
    before = seen(*TALK)
    after(before, STOP)
    assert before == seen(*TALK)


def test_severity_needs_no_colour() -> None:
    console = rich.console.Console(
        file=io.StringIO(), force_terminal=True, color_system="truecolor", width=80, no_color=True
    )
    for event, sign in ((HOLD, "‖ STIL"), (STOP, "■ STOP"), (HINT, "► TIP")):
        with console.capture() as capture:
            console.print(View(seen(event), NL))
        assert sign in capture.get()
        assert not re.search(r"\x1b\[[\d;]*[34]\d", capture.get())


HOSTILE = (
    "\x1b[2J\x1b]0;titel\x07 weg",
    "\x9b31m C1",
    "[red]rood[/red] [link=file:///etc]klik[/]",
    "rechts \u202enaar links\u2066 \u200b\u061c",
    "een\ntwee\r\ndrie\x0b\u2028vier",
    "a" * 5000,
    "你好" * 300,
    "\ud800 \x00 \x7f",
)


@pytest.mark.parametrize(("width", "height"), [(120, 40), (80, 24), (40, 10)])
@pytest.mark.parametrize("text", HOSTILE)
def test_words_cannot_touch_the_terminal(text: str, width: int, height: int) -> None:
    told = cue(5.0, CueName.HOLD_SILENCE, text, text)
    spoken = (line(1.0, 2.0, speaker, text) for speaker in Speaker)
    screen = drawn(seen(Started(0.0, "", text, text, text, ""), *spoken, told), width, height)
    rows = screen.splitlines()
    assert len(rows) <= height
    assert max(cell_len(row) for row in rows) <= width
    assert {unicodedata.category(char) for char in screen} & {"Cc", "Cf", "Cs"} == {"Cc"}  # \n


def test_markup_is_shown_as_it_was_said() -> None:
    assert "[red]rood[/red]" in drawn(seen(line(1.0, 2.0, REP, "[red]rood[/red]")))


@given(st.text())
def test_clean_text_is_one_line_that_can_be_written(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.splitlines()) <= 1
    assert cleaned.encode().decode() == cleaned == clean(cleaned)


class Terminal:
    """A live console on a terminal of 80 by 24, on a clock that the test moves."""

    def __init__(self) -> None:
        self.wall = 100.0
        self.out = io.StringIO()
        screen = rich.console.Console(
            file=self.out, force_terminal=True, width=80, height=24, color_system=None
        )
        self.sink = Console(NL, screen, now=lambda: self.wall)

    def drawings(self) -> int:
        return self.out.getvalue().count("╰") + self.out.getvalue().count("┗")


def test_drawn_ten_times_a_second_at_most() -> None:
    terminal = Terminal()
    with terminal.sink as sink:
        first = terminal.drawings()
        for tick in range(1, 1001):  # 100 s of audio in one second
            terminal.wall += 0.001
            sink.emit(Tick(tick / 10))
        assert 9 <= terminal.drawings() - first <= 10


def test_a_cue_is_drawn_at_once_and_so_is_its_end() -> None:
    terminal = Terminal()
    with terminal.sink as sink:
        first = terminal.drawings()
        sink.emit(HOLD)
        assert terminal.drawings() == first + 1
        assert HOLD.text in terminal.out.getvalue()
        sink.emit(CueCleared(18.0, HOLD.name, "answered"))
        assert terminal.drawings() == first + 2


def test_the_live_screen_is_the_view_at_full_height() -> None:
    terminal = Terminal()
    with terminal.sink as sink:
        for event in TALK:
            sink.emit(event)
        last = terminal.out.getvalue().split("\x1b[H")[-1].splitlines()
    rows = drawn(seen(*TALK)).splitlines()
    assert len(last) == 24
    assert [row.rstrip() for row in last if row.strip()] == rows


def test_the_state_and_the_cues_stay_behind() -> None:
    terminal = Terminal()
    with terminal.sink as sink:
        for event in (*TALK, STOP, cue(22.0, CueName.ASK_WHY, "Niet getoond", shown=False)):
            sink.emit(event)
    left = terminal.out.getvalue().split("\x1b[?1049l")[1]  # the normal screen is back
    cues = left[left.index("Gegeven aanwijzingen") :]
    assert "■ STOP" in left
    assert f"00:17.8  ‖ {HOLD.text}" in cues
    assert f"00:21.0  ■ {STOP.text}" in cues
    assert "Niet getoond" not in left
    assert "\x1b[?25h" in terminal.out.getvalue()  # the cursor too


def test_the_terminal_is_given_back_when_the_call_breaks() -> None:
    terminal = Terminal()
    with pytest.raises(KeyboardInterrupt), terminal.sink:
        raise KeyboardInterrupt
    assert "\x1b[?1049l" in terminal.out.getvalue()
    assert "Geen aanwijzingen gegeven" in terminal.out.getvalue()


def test_plain_lines() -> None:
    unshown = cue(75.04, CueName.ASK_WHY, "Vraag waarom", "", shown=False)
    cleared = CueCleared(76.0, HOLD.name, "answered")
    talk = (*TALK[:2], Tick(4.0), HOLD, STOP, Lost(60.0, 1.5), unshown, cleared)
    assert plain(*talk) == [
        "00:03.6  jij  Hoe bakt u nu het brood voor de winkels?",
        f"00:17.8  STIL  Zwijg tot de klant antwoordt  “{ASKED}”",
        f"00:21.0  STOP  Stop met praten, wacht op het antwoord  “{ASKED}”",
        "01:00.0  1.5 s gemist",
        "01:15.0  (TIP)  Vraag waarom",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_lines_are_lines(text: str) -> None:
    (written,) = plain(line(1.0, 2.0, REP, text))
    assert written == f"00:02.6  jij  {clean(text)}"
    assert "\x1b" not in written


def test_a_stream_that_knows_few_letters() -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert plain(line(1.0, 2.0, REP, "één"), stream=ascii_only) == ["00:02.6  jij  ??n"]


def test_the_view_makes_a_picture() -> None:
    console = rich.console.Console(record=True, file=io.StringIO(), width=80)
    console.print(View(seen(*TALK), NL), height=18)
    svg = console.export_svg(title="call-copilot")
    assert "Zwijg&#160;tot&#160;de&#160;klant&#160;antwoordt" in svg
    assert svg.rstrip().endswith("</svg>")
