"""What the rep sees: the view as text at three sizes, whatever was said."""

import io
import re
import unicodedata

import pytest
import rich.console
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from copilot.events import (
    Act,
    ActKind,
    CueCleared,
    CueName,
    Lost,
    Rung,
    Speaker,
    Speaking,
    Started,
    Tick,
)
from copilot.sinks.console import View
from copilot.sinks.screen import WORDS, after, clean
from tests.screens import (
    CUSTOMER,
    HINT,
    HOLD,
    HOSTILE,
    NL,
    REP,
    STARTED,
    STOP,
    TALK,
    cue,
    drawn,
    line,
    seen,
)


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


def test_the_next_prepared_question_waits_while_no_cue_is_on() -> None:
    asked = Act(3.5, REP, ActKind.CLOSED_QUESTION, 1.0, 3.0, "Bakt u zelf?")
    rung = Rung(1, 1, 3, "Kost dat u veel [b]tijd[/b]?")
    screen = drawn(seen(STARTED, replace(asked, prepared=rung)))
    assert "volgende vraag 2/3: Kost dat u veel [b]tijd[/b]?" in screen
    done = replace(asked, prepared=Rung(3, 3, 3, ""))
    assert "luistert mee" in drawn(seen(STARTED, replace(asked, prepared=rung), done))


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


def test_the_view_makes_a_picture() -> None:
    console = rich.console.Console(record=True, file=io.StringIO(), width=80)
    console.print(View(seen(*TALK), NL), height=18)
    svg = console.export_svg(title="call-copilot")
    assert "Zwijg&#160;tot&#160;de&#160;klant&#160;antwoordt" in svg
    assert svg.rstrip().endswith("</svg>")
