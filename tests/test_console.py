"""The console on a terminal of its own, and plain lines for all else."""

import io
import re

import pyte
import pytest
import rich.console
from msgspec.structs import replace

from copilot.events import (
    Again,
    Bookmarked,
    CueCleared,
    CueName,
    Ended,
    Key,
    Lost,
    Notice,
    Pressed,
    Tick,
    Told,
    Trouble,
)
from copilot.sinks.bell import Bell
from copilot.sinks.console import Console
from copilot.sinks.plain import Plain
from copilot.sinks.scene import Scene
from copilot.sinks.summary import summary
from copilot.sinks.text import clean
from tests.screens import (
    ASKED,
    ENDED,
    HINT,
    HOLD,
    HOSTILE,
    NL,
    NOTED,
    REP,
    STOP,
    TALK,
    cue,
    drawn,
    line,
    seen,
)

TALKING = replace(NL, transcript=True)


class Emulated(io.StringIO):
    """A terminal that understands what is written to it."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)

    def write(self, text: str) -> int:
        self._stream.feed(text)
        return super().write(text)

    @property
    def rows(self) -> str:
        return "\n".join(row.rstrip() for row in self.screen.display)


class Desk:
    """The console on an emulated terminal, on a clock that the test moves."""

    def __init__(self, width: int = 80, height: int = 24) -> None:
        self.wall = 100.0
        self.out = Emulated(width, height)
        self.terminal = rich.console.Console(
            file=self.out, force_terminal=True, width=width, height=height, legacy_windows=False
        )
        self.sink = Console(NL, self.terminal, now=lambda: self.wall)

    def resize(self, width: int, height: int) -> None:
        self.out.screen.resize(height, width)
        self.terminal.size = rich.console.ConsoleDimensions(width, height)

    def written(self) -> int:
        return len(self.out.getvalue())

    def moves(self) -> int:
        """How many rows have been written."""
        return len(re.findall(r"\x1b\[\d+;1H", self.out.getvalue()))


def plain(
    *events: Told, stream: io.TextIOWrapper | None = None, scene: Scene = TALKING
) -> list[str]:
    out = stream or io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with Plain(scene, out) as sink:
        for event in events:
            sink.emit(event)
    out.seek(0)
    return out.read().splitlines()


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 10)])
def test_the_terminal_shows_the_view_after_every_event(size: tuple[int, int]) -> None:
    desk, told = Desk(*size), list[Told]()
    with desk.sink as sink:
        for event in (*NOTED, *ENDED[-1:]):
            desk.wall += 1.0
            sink.emit(event)
            told.append(event)
            assert desk.out.rows == drawn(seen(*told), *size)


def test_call_after_call_on_one_console() -> None:
    desk = Desk()
    with desk.sink as sink:
        sink.emit(Tick(1.0))
        assert "wacht op een gesprek" in desk.out.rows
        for _ in range(3):
            for event in ENDED:
                sink.emit(event)
            assert "Afsluiten" in desk.out.rows  # stays until the next call begins
            desk.wall += 1.0
            sink.emit(Tick(60.0))
            assert desk.out.rows == drawn(seen(*ENDED))
            sink.emit(TALK[0])
            assert desk.out.rows == drawn(seen(*ENDED, TALK[0]))
            assert "Afsluiten" not in desk.out.rows


def test_resized_in_the_middle_of_a_call() -> None:
    desk = Desk()
    with desk.sink as sink:
        for event in TALK:
            sink.emit(event)
        for size in ((40, 10), (120, 40), (33, 7), (80, 24)):
            desk.resize(*size)
            desk.wall += 1.0
            sink.emit(Tick(18.0))
            assert desk.out.rows == drawn(seen(*TALK, Tick(18.0)), *size)


def test_what_was_seen_is_seen_again() -> None:
    desk = Desk()
    desk.sink = Console(NL, desk.terminal, back=60.0, now=lambda: desk.wall)
    with desk.sink as sink:
        for event in TALK:
            sink.emit(event)
        present = TALK[-1].at
        past = [event for event in TALK if event.at <= present - 8.0]
        desk.wall += 1.0
        sink.emit(Again(present, past[-1].at))
        assert "nog eens" in desk.out.rows.splitlines()[0]
        assert desk.out.rows.splitlines()[1:] == drawn(seen(*past)).splitlines()[1:]
        sink.emit(Again(present, -5.0))
        assert desk.out.rows.startswith("00:00")
        sink.emit(Pressed(present, Key.TRANSCRIPT))  # what is set now holds then, too
        sink.emit(Again(present, past[-1].at))
        assert desk.out.rows.splitlines()[1:] != drawn(seen(*past)).splitlines()[1:]
        sink.emit(Pressed(present, Key.TRANSCRIPT))
        desk.wall += 1.0
        sink.emit(Tick(present))
        assert desk.out.rows == drawn(seen(*TALK))


def test_no_more_is_kept_than_can_be_seen_again() -> None:
    desk = Desk()
    desk.sink = Console(NL, desk.terminal, back=5.0, now=lambda: desk.wall)
    with desk.sink as sink:
        sink.emit(TALK[0])
        for tick in range(200):
            sink.emit(Tick(tick / 10))
        sink.emit(Again(20.0, 1.0))
        assert "00:14" <= desk.out.rows[:5] <= "00:15"


def test_what_another_program_wrote_is_written_over() -> None:
    desk = Desk()
    with desk.sink as sink:
        sink.emit(TALK[0])
        desk.out.write("\x1b[5;1Hwarning: something")
        desk.wall += 6.0
        sink.emit(Tick(1.0))
        assert "warning" not in desk.out.rows


def test_drawn_ten_times_a_second_at_most() -> None:
    desk, drawings = Desk(), 0
    with desk.sink as sink:
        for event in TALK:
            sink.emit(event)
        for tick in range(1, 1001):  # 100 s of audio in one second
            desk.wall += 0.001
            before = desk.written()
            sink.emit(Tick(18.0 + tick / 10))
            drawings += desk.written() > before
    assert 5 <= drawings <= 10


def test_only_what_has_changed_is_written() -> None:
    desk = Desk()
    with desk.sink as sink:
        for event in TALK:
            sink.emit(event)
        desk.wall += 0.2
        sink.emit(Tick(19.0))
        before, rows = desk.written(), desk.moves()
        desk.wall += 0.2
        sink.emit(Tick(19.02))
        assert desk.written() == before
        desk.wall += 0.2
        sink.emit(Tick(20.0))
        assert desk.moves() - rows == 4  # the time, and the three rows of the bar


def test_a_cue_is_drawn_at_once_and_so_is_its_end() -> None:
    desk = Desk(40, 10)
    with desk.sink as sink:
        sink.emit(TALK[0])
        sink.emit(HOLD)
        assert HOLD.text in desk.out.rows
        sink.emit(CueCleared(18.0, HOLD.name, "answered"))
        assert HOLD.text not in desk.out.rows


def test_the_summary_stays_behind() -> None:
    desk = Desk()
    with desk.sink as sink:
        for event in (*TALK, STOP, Ended(52.0, "over")):
            sink.emit(event)
    left = desk.out.getvalue().split("\x1b[?1049l")[1]  # the normal screen is back
    assert "Volgende keer" in left
    assert STOP.text in left
    assert len(left.strip().splitlines()) <= 5
    assert "\x1b[?25h" in desk.out.getvalue()  # the cursor too
    assert "\x1b[?7h" in desk.out.getvalue()


def test_the_terminal_is_given_back_when_the_call_breaks() -> None:
    desk = Desk()
    with pytest.raises(KeyboardInterrupt), desk.sink:
        raise KeyboardInterrupt
    assert desk.out.getvalue().endswith("\x1b[?1049l")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_call_leaves_the_rows_in_their_places(text: str) -> None:
    desk = Desk()
    with desk.sink as sink:
        for event in (*TALK, cue(20.0, CueName.HOLD_SILENCE, text, text)):
            sink.emit(event)
        rows = desk.out.rows.splitlines()
    assert rows[0].startswith("00:20")
    assert rows[1].startswith("┏━ ‖ STIL ━")
    assert rows[14].startswith("┗━")
    assert desk.out.screen.title == ""
    assert "\x9b" not in desk.out.getvalue()


def test_plain_lines() -> None:
    unshown = cue(75.04, CueName.ASK_WHY, "Vraag waarom", "", shown=False)
    loud, mark = Notice(76.0, Trouble.CLIPPING, on=True), Bookmarked(77.0, 77.0)
    said = line(1.0, 3.0, REP, "Hoe bakt u nu het brood voor de winkels?")
    talk = (TALK[0], said, Tick(4.0), HOLD, STOP, Lost(60.0, 1.5), unshown, loud, mark)
    assert plain(*talk) == [
        "00:03.6  jij  Hoe bakt u nu het brood voor de winkels?",
        f"00:17.8  STIL  Zwijg: laat de klant denken  “{ASKED}”",
        f"00:21.0  STOP  Stil! Laat de klant antwoorden  “{ASKED}”",
        "01:00.0  1,5 s gemist",
        "01:15.0  (TIP)  Vraag waarom",
        "01:16.0  ! microfoon te hard",
        "01:17.0  gemarkeerd  01:17.0",
    ]


def test_plain_lines_tell_of_silence_and_end_with_the_summary() -> None:
    lines = plain(*ENDED, scene=NL)
    assert lines[1:] == [
        "00:24.6  5,2 s gezwegen",
        *(f"{point.title}: {point.text}" for point in summary(seen(*ENDED), NL)),
    ]


def rung(*events: Told) -> int:
    out = io.StringIO()
    with Bell(rich.console.Console(file=out, force_terminal=True)) as bell:
        for event in events:
            bell.emit(event)
    return out.getvalue().count("\a")


def test_the_bell_rings_for_stops_only() -> None:
    unshown = cue(75.0, CueName.NAGGING, "Genoeg", shown=False)
    assert rung(*TALK, HINT, unshown) == 0
    assert rung(*TALK, STOP) == 1
    assert rung(*TALK, Pressed(20.0, Key.MUTE), STOP) == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_lines_are_lines(text: str) -> None:
    (written,) = plain(line(1.0, 2.0, REP, text))
    assert written == f"00:02.6  jij  {clean(text)}".rstrip()
    assert "\x1b" not in written


def test_a_stream_that_knows_few_letters() -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert plain(line(1.0, 2.0, REP, "één"), stream=ascii_only) == ["00:02.6  jij  ??n"]
