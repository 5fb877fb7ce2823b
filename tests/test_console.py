"""The console on a live terminal, and plain lines for all else."""

import io

import pytest
import rich.console

from copilot.events import CueCleared, CueName, Lost, Tick, Told
from copilot.sinks.console import Console
from copilot.sinks.plain import Plain
from copilot.sinks.screen import clean
from tests.screens import ASKED, HOLD, HOSTILE, NL, REP, STOP, TALK, cue, drawn, line, seen


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


def plain(*events: Told, stream: io.TextIOWrapper | None = None) -> list[str]:
    out = stream or io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with Plain(NL, out) as sink:
        for event in events:
            sink.emit(event)
    out.seek(0)
    return out.read().splitlines()


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
