"""What the rep sees, whatever was said and however large the terminal is."""

import io
import re
import unicodedata

import pytest
import rich.console
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from copilot.events import (
    Act,
    ActKind,
    CueCleared,
    CueName,
    Health,
    Key,
    Lost,
    Notice,
    Pressed,
    Rung,
    Skipped,
    Speaker,
    Speaking,
    Started,
    Tick,
    Told,
    Trouble,
)
from copilot.sinks.letters import big, wrap
from copilot.sinks.look import COLOURS, LOOKS, NO_COLOURS, Mood
from copilot.sinks.scene import WORDS, Scene
from copilot.sinks.screen import LINES, after
from copilot.sinks.text import clean
from copilot.sinks.view import draw
from tests.screens import (
    ANSWERED,
    CUSTOMER,
    ENDED,
    HINT,
    HOLD,
    HOSTILE,
    LISTED,
    NL,
    NOTED,
    PLAYBOOK,
    REP,
    SIZES,
    STARTED,
    STOP,
    TALK,
    ansi,
    cue,
    drawn,
    line,
    seen,
)

SMALL = (40, 10)  # where a cue is written in ordinary letters
MINUTE = Pressed(18.0, Key.MUTE)


def test_the_view_asks_for_no_words_but_these() -> None:
    assert set(PLAYBOOK.screen) == set(WORDS)


def test_a_word_that_a_playbook_lacks_is_no_crash() -> None:
    assert "listening" in drawn(seen(STARTED), scene=Scene({}, {}, {}, {}))


@pytest.mark.parametrize("size", [*SIZES, (200, 60), (20, 5), (10, 3), (5, 1), (1, 1)])
@pytest.mark.parametrize("events", [TALK, (*NOTED, HINT), ENDED, ANSWERED, (*TALK, STOP)])
def test_a_view_has_the_size_of_the_terminal(
    size: tuple[int, int], events: tuple[Told, ...]
) -> None:
    rows = draw(seen(*events), LISTED, *size)
    assert [row.cell_len for row in rows] == [size[0]] * size[1]


def test_the_block_never_moves() -> None:
    for width, height in SIZES:
        edges = set()
        for event, mood in ((HOLD, Mood.HOLD), (STOP, Mood.STOP), (HINT, Mood.HINT)):
            left = [row.plain[:1] for row in draw(seen(*TALK, event), NL, width, height)]
            edges.add((left.index(LOOKS[mood].frame[0]), left.index(LOOKS[mood].frame[5])))
        assert len(edges) == 1


def test_severity_needs_no_colour() -> None:
    console = rich.console.Console(
        file=io.StringIO(), force_terminal=True, color_system="truecolor", width=80, no_color=True
    )
    for event, title, sign in (
        (HOLD, "‖ STIL", "███    ███"),
        (STOP, "■ STOP", "██████████"),
        (HINT, "► TIP", "██████▀▀"),
    ):
        written = ansi(seen(STARTED, event), console, NO_COLOURS)
        assert title in written
        assert sign in written
        assert not re.search(r"\x1b\[[\d;]*[34]\d", written)
    styles = {NO_COLOURS[mood] for mood in (Mood.STOP, Mood.HOLD, Mood.HINT)}
    assert len(styles) == len({COLOURS[mood] for mood in (Mood.STOP, Mood.HOLD, Mood.HINT)}) == 3


def test_the_bar_is_full_at_ten_seconds_and_the_count_goes_on() -> None:
    for at, count, empty in ((17.8, " 0 s", True), (27.3, "10 s", False), (40.0, "22 s", False)):
        screen = drawn(seen(*TALK, Tick(at)), *SMALL)
        assert count in screen
        assert ("░" in screen) is empty


def test_the_count_stands_still_while_the_customer_answers() -> None:
    answering = (*TALK, Speaking(20.4, CUSTOMER, True, 20.2))
    assert "  3 s" in drawn(seen(*answering, Tick(25.0)), *SMALL)
    over = (*answering, Speaking(25.2, CUSTOMER, False, 25.0))
    assert "  7 s" in drawn(seen(*over, Tick(26.0)), *SMALL)  # its words are on their way
    filler = Act(26.1, CUSTOMER, ActKind.FILLER, 20.2, 25.0, "eh")
    assert "  9 s" in drawn(seen(*over, filler, Tick(26.3)), *SMALL)


def test_a_kept_silence_is_told_of_for_a_moment() -> None:
    assert "5,2 s gezwegen" in drawn(seen(*ANSWERED), *SMALL)
    assert "gezwegen" not in drawn(seen(*ANSWERED, Tick(27.7)), *SMALL)


def test_a_broken_silence_is_told_of_once_and_leaves() -> None:
    broken = (*TALK, CueCleared(21.0, HOLD.name, "broken"), STOP)
    assert "stilte verbroken na 3,3 s" in drawn(seen(*broken), *SMALL)
    assert STOP.text.split("!")[0] not in drawn(seen(*broken, Tick(25.1)), *SMALL)


def test_a_cue_leaves_only_by_its_own_name() -> None:
    hold = HOLD.text
    assert hold in drawn(seen(STARTED, HOLD, CueCleared(18.0, HINT.name, "asked")), *SMALL)
    assert hold not in drawn(seen(STARTED, HOLD, CueCleared(18.0, HOLD.name, "answered")), *SMALL)


def test_a_cue_that_kept_off_the_screen_is_not_drawn() -> None:
    unshown = cue(19.0, CueName.ASK_WHY, "Vraag waarom", shown=False)
    assert drawn(seen(*TALK, unshown)) == drawn(seen(*TALK, Tick(19.0)))


def test_muted_for_a_minute_and_no_longer() -> None:
    muted = (*TALK, MINUTE)
    assert HOLD.text not in drawn(seen(*muted, Tick(77.9)), *SMALL)
    assert "uit tot 01:18" in drawn(seen(*muted), *SMALL)
    assert HOLD.text in drawn(seen(*muted, Tick(78.0)), *SMALL)
    assert HOLD.text in drawn(seen(*muted, Pressed(19.0, Key.MUTE)), *SMALL)  # pressed again


def test_the_keys_are_told_when_asked_for() -> None:
    asked = (*NOTED, Pressed(39.0, Key.HELP))
    for size in SIZES:
        assert "moment markeren"[:10] in drawn(seen(*asked), *size)
        assert "stoppen" in drawn(seen(*asked), *size)
        assert "stoppen" not in drawn(seen(*asked, Pressed(40.0, Key.HELP)), *size)
        assert "stoppen" not in drawn(seen(*asked, Tick(54.1)), *size)
    hold = drawn(seen(*asked, cue(39.5, CueName.HOLD_SILENCE, HOLD.text)), *SMALL)
    assert HOLD.text in hold


def test_the_next_prepared_question_waits_while_no_cue_is_on() -> None:
    assert "volgende vraag 1/3" in drawn(seen(STARTED), scene=LISTED)
    asked = Act(
        3.5, REP, ActKind.CLOSED_QUESTION, 1.0, 3.0, "x", prepared=Rung(1, 1, 3, "[b]t[/]?")
    )
    screen = drawn(seen(STARTED, asked), scene=LISTED)
    assert "volgende vraag 2/3" in screen
    assert "[b]t[/]?" in screen
    assert f"✓ {LISTED.questions[0]}" in screen
    assert f"► {LISTED.questions[1]}" in screen
    done = Act(9.5, REP, ActKind.CLOSED_QUESTION, 9.0, 9.4, "x", prepared=Rung(3, 3, 3, ""))
    assert "luistert mee" in drawn(seen(STARTED, asked, done), scene=LISTED)


def test_a_long_list_shows_what_is_next() -> None:
    questions = tuple(f"Vraag {number}?" for number in range(1, 41))
    scene = Scene(NL.words, NL.troubles, NL.reasons, NL.keys, questions)
    asked = [
        Act(at, REP, ActKind.CLOSED_QUESTION, at, at, "x", prepared=Rung(at, at, 40, "y"))
        for at in range(1, 31)
    ]
    screen = drawn(seen(STARTED, *asked), scene=scene)
    assert "► Vraag 31?" in screen
    assert "✓ Vraag 30?" in screen


def test_what_comes_in_badly_is_told_before_all_else() -> None:
    for size in SIZES:
        state = seen(*NOTED, Notice(39.0, Trouble.CLIPPING, on=True))
        assert "! microfoon te hard" in drawn(state, *size).splitlines()[0]
        state = after(state, Notice(39.1, Trouble.CLIPPING, on=False))
        assert "microfoon" not in drawn(state, *size).splitlines()[0]
    assert "op tijd" in drawn(seen(*NOTED)).splitlines()[0]
    assert "2 s achter" in drawn(seen(*NOTED, Health(39.0, -20.0, -90.0, 2.2))).splitlines()[0]
    late = drawn(seen(*NOTED, Health(39.0, -20.0, -100.0, 4.2)))
    assert "4 s achter" in late.splitlines()[0]
    assert "1,5 s gemist" in drawn(seen(*NOTED, Lost(39.0, 1.5)))


def test_levels_of_both_sides() -> None:
    def head(rep: float, customer: float) -> str:
        return drawn(seen(STARTED, Health(1.0, rep, customer, 0.0))).splitlines()[0]

    assert "jij █" in head(-0.5, -100.0)
    assert "klant █" in head(-100.0, 3.0)
    assert "█" not in head(-100.0, -60.0)


def test_share_of_the_talk() -> None:
    assert "72%" in drawn(seen(*TALK)).splitlines()[0]  # 2.0 and 3.2 s against 2.0 s
    assert "%" not in drawn(seen(STARTED)).splitlines()[0]


def test_a_line_that_comes_late_stands_where_it_was_said() -> None:
    late, early = line(5.0, 6.0, REP, "Tweede."), line(1.0, 3.0, CUSTOMER, "Eerste.")
    screen = drawn(seen(STARTED, Pressed(0.0, Key.TRANSCRIPT), late, early))
    assert screen.index("Eerste.") < screen.index("Tweede.")


def test_what_was_said_is_shown_when_asked_for_only() -> None:
    assert "Zeg dat wel." not in drawn(seen(*TALK))
    assert "Zeg dat wel." in drawn(seen(*TALK, Pressed(18.0, Key.TRANSCRIPT)))


def test_a_new_call_starts_afresh_with_what_the_rep_had_set() -> None:
    again = Started(0.0, "", "tweede", "nl", "base", "0.1.0")
    state = seen(*ENDED, Pressed(52.0, Key.TRANSCRIPT), again)
    assert drawn(state) == drawn(
        seen(Pressed(0.0, Key.TRANSCRIPT), Health(0.0, -21.0, -48.0, 0.0), again)
    )
    assert "wacht op een gesprek" in drawn(seen(*ENDED))
    assert "wacht op een gesprek" in drawn(seen())
    assert "wacht op een gesprek" not in drawn(state)


def test_seeing_changes_no_state() -> None:
    before = seen(*TALK)
    after(before, STOP)
    assert before == seen(*TALK)


def test_nothing_grows_with_the_call() -> None:
    def call(hours: int) -> int:
        state = seen(STARTED)
        for at in range(0, 3600 * hours, 20):
            said = line(at, at + 1.0, CUSTOMER, f"Dit is zin {at}.")
            kinds = (ActKind.PRO, ActKind.NO, ActKind.GIVEAWAY)
            acts = [Act(at + 2.0, s, kind, at, at + 1, f"{at}") for kind in kinds for s in Speaker]
            cues = [
                cue(at + 2.0, name, "x", f"{at}")
                for name in (CueName.HOLD_SILENCE, CueName.ASK_WHY)
            ]
            skipped = Skipped(at + 2.0, REP, at, at + 1)
            told: tuple[Told, ...] = (said, *acts, *cues, skipped)
            for event in told:
                state = after(state, event)
        return len(repr(state))

    assert call(6) - call(1) < 200  # digits
    assert len(seen(*TALK[1:] * 5).lines) == LINES


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("text", HOSTILE)
def test_words_cannot_touch_the_terminal(text: str, width: int, height: int) -> None:
    scene = Scene(NL.words, NL.troubles, NL.reasons, NL.keys, (text,), log=text)
    told = cue(5.0, CueName.HOLD_SILENCE, text, text)
    spoken = [line(1.0, 2.0, speaker, text) for speaker in Speaker]
    acts = [Act(4.0, CUSTOMER, ActKind.PRO, 3.0, 4.0, text)]
    acts.append(Act(4.0, REP, ActKind.GIVEAWAY, 3.0, 4.0, text))
    begun: tuple[Told, ...] = (
        Started(0.0, "", text, text, text, ""),
        Pressed(0.0, Key.TRANSCRIPT),
        *spoken,
        *acts,
    )
    for events in (begun, (*begun, told), (*begun, told, ENDED[-1])):
        rows = draw(seen(*events), scene, width, height)
        assert [row.cell_len for row in rows] == [width] * height
        shown = "".join(row.plain for row in rows)
        assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Cn", "Co"}


def test_markup_is_shown_as_it_was_said() -> None:
    said = line(1.0, 2.0, REP, "[red]rood[/red]")
    assert "[red]rood[/red]" in drawn(seen(STARTED, Pressed(0.0, Key.TRANSCRIPT), said))


def test_what_makes_a_letter_wider_or_taller_than_it_says_goes() -> None:
    assert clean("\u2764\ufe0f") == "\u2764"
    assert clean("e" + "\u0301" * 9 + "n") == "e\u0301\u0301n"


@given(st.text())
def test_clean_text_is_one_line_that_can_be_written(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.splitlines()) <= 1
    assert cleaned.encode().decode() == cleaned == clean(cleaned)


@given(st.text(), st.integers(2, 30))
def test_wrapped_text_is_whole_and_fits(text: str, width: int) -> None:
    text = clean(text)
    rows = wrap(text, width)
    assert max(map(cell_len, rows)) <= width
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")


def test_large_letters_for_words_that_have_them() -> None:
    assert big("Één keer", 40, 3) is not None
    assert big("價格", 40, 3) is None  # written in ordinary letters instead
    assert "價格" in drawn(seen(STARTED, cue(5.0, CueName.ASK_WHY, "價格")))
    assert len(big("Nu", 100, 6) or []) == 6
    assert len(big("Nu", 100, 5) or []) == 3
    assert big("Nu", 100, 2) is None
    assert big("Verkoopgesprekken", 20, 9) is None


def test_a_docked_column_has_large_letters_and_all_notes() -> None:
    rows = drawn(seen(*NOTED, HOLD), 40, 40)
    assert HOLD.text not in rows
    assert "▀█▀" in rows
    for word in ("Pluspunten", "Bezwaren", "Weggegeven"):
        assert f"\n{word}\n" in rows


def test_every_shipped_cue_has_large_letters_on_a_usual_screen() -> None:
    for text in PLAYBOOK.cues.values():
        rows = drawn(seen(STARTED, cue(5.0, CueName.HOLD_SILENCE, text)))
        assert text not in rows, text
        assert "▀" in rows
