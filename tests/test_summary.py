"""A call in five lines, or six."""

import re

import pytest
from msgspec.structs import replace

from copilot.events import (
    Act,
    ActKind,
    Agreed,
    Bookmarked,
    CueCleared,
    CueName,
    Ended,
    Speaking,
    Told,
    YesRun,
)
from copilot.sinks.summary import summary
from tests.screens import (
    ANSWERED,
    CUSTOMER,
    ENDED,
    HINT,
    HOLD,
    NL,
    NOTED,
    REP,
    STARTED,
    STOP,
    TALK,
    cue,
    line,
    seen,
)

LOGGED = replace(NL, log="gesprek.jsonl")
PUSHED = cue(
    40.0, CueName.PUSHING_AFTER_NO, "Niet aandringen: vraag door of rond af", "U bespaart veel."
)
BROKEN = (CueCleared(21.0, HOLD.name, "broken"), STOP)
OVER = Ended(60.0, "over")


def told(*events: Told) -> dict[str, str]:
    points = summary(seen(*events), LOGGED)
    assert 1 <= len(points) <= 5
    return {point.title: point.text for point in points}


def test_a_good_call() -> None:
    assert list(told(*ENDED).items()) == [
        ("Goed", "00:17 5,2 s gezwegen · 00:38 2 keer ja op rij"),
        (
            "Afsluiten",
            "00:44 vervolgstap afgesproken “Goed, dan beginnen we.” · 00:17 5,2 s gezwegen",
        ),
        ("Weggegeven", "00:36 “Ik mail u de checklist, die mag u houden.”"),
        ("Logboek", "gesprek.jsonl"),
    ]


def test_what_went_well_comes_before_what_to_try() -> None:
    assert list(told(*NOTED, PUSHED, OVER))[:2] == ["Goed", "Volgende keer"]
    assert next(iter(told(STARTED, OVER))) == "Goed"  # something is said at least


def test_what_to_try_is_the_weightiest_and_one_more() -> None:
    twice = replace(PUSHED, at=70.0, anchor=69.4)
    early = cue(20.0, CueName.ASK_TOO_EARLY, "Te vroeg: eerst een ja ophalen")
    slow = cue(25.0, CueName.LADDER_PACE, "Stel de volgende ja-vraag")
    assert told(STARTED, slow, early, PUSHED, twice, OVER)["Volgende keer"] == (
        "00:39 Niet aandringen: vraag door of rond af (2x) · 00:19 Te vroeg: eerst een ja ophalen"
    )


def test_a_hint_that_was_heeded_is_nothing_to_try() -> None:
    why = Act(33.0, REP, ActKind.WHY_QUESTION, 31.0, 32.4, "Wat houdt u tegen?")
    assert told(*ANSWERED, HINT, OVER)["Volgende keer"] == "00:29 Vraag waarom"
    asked = told(*ANSWERED, HINT, why, OVER)
    assert "Volgende keer" not in asked
    assert "00:31 doorgevraagd na een nee" in asked["Goed"]


def test_asking_why_after_a_no_that_is_to_be_respected_is_no_merit() -> None:
    why = Act(33.0, REP, ActKind.WHY_QUESTION, 31.0, 32.4, "Wat houdt u tegen?")
    respect = cue(30.0, CueName.RESPECT_NO, "Nee is nee: rond vriendelijk af")
    assert "doorgevraagd" not in told(*ANSWERED, HINT, respect, why, OVER)["Goed"]


def test_a_broken_silence_and_its_seconds() -> None:
    ends = told(*TALK, *BROKEN, OVER)
    assert ends["Volgende keer"] == "00:20 Stil! Laat de klant antwoorden"
    assert ends["Afsluiten"] == "geen vervolgstap afgesproken · 00:17 stilte verbroken na 3,3 s"
    assert "gezwegen" not in ends["Goed"]


def test_a_silence_that_lasted_until_the_rep_might_speak() -> None:
    overdue = cue(27.2, CueName.ANSWER_OVERDUE, "Wacht")
    spoke = Speaking(29.4, REP, True, 29.2)
    cleared = CueCleared(29.4, CueName.ANSWER_OVERDUE, "time to speak")
    over = (CueCleared(27.2, HOLD.name, "overdue"), overdue, spoke, cleared)
    assert "00:17 12,0 s gezwegen" in told(*TALK, *over, OVER)["Afsluiten"]


def test_without_a_closing_question() -> None:
    assert told(STARTED, OVER)["Afsluiten"] == (
        "geen vervolgstap afgesproken · geen afsluitvraag gesteld"
    )


def test_a_closing_question_that_left_no_silence() -> None:
    asked = Act(41.0, REP, ActKind.CLOSING_QUESTION, 38.0, 40.0, "Dinsdag dan?")
    again = replace(asked, start=40.5, end=41.5)
    assert told(STARTED, asked, OVER)["Afsluiten"].endswith("· 00:40 er volgde geen stilte")
    assert told(STARTED, asked, again, OVER)["Afsluiten"].endswith(
        "afgesproken · 00:41 er volgde geen stilte"
    )
    hold = replace(HOLD, at=42.1, anchor=41.5)
    kept = (hold, line(44.0, 45.0, CUSTOMER, "Ja."), CueCleared(46.0, HOLD.name, "answered"))
    assert told(STARTED, asked, *kept, OVER)["Afsluiten"].endswith(
        "afgesproken · 00:41 2,5 s gezwegen"
    )


def test_a_call_that_ended_in_the_silence() -> None:
    asked = Act(41.0, REP, ActKind.CLOSING_QUESTION, 38.0, 40.0, "Dinsdag dan?")
    hold = replace(HOLD, at=40.6, anchor=40.0)
    for heard, end in (((asked, hold), 46.0), ((asked,), 40.5)):
        over = replace(OVER, at=end)
        assert told(STARTED, *heard, over)["Afsluiten"].endswith(
            "· 00:40 het gesprek eindigde in de stilte"
        )
    late = replace(OVER, at=52.0)
    assert told(STARTED, asked, hold, late)["Afsluiten"].endswith("· 00:40 geen antwoord afgewacht")


def test_an_agreement_that_was_taken_back() -> None:
    yes = Agreed(40.0, True, "Ja, goed.", 38.0)
    assert "vervolgstap afgesproken “Ja, goed.”" in told(*NOTED, yes, OVER)["Afsluiten"]
    back = Agreed(42.0, False, "Ja, goed.", 38.0)
    assert "geen vervolgstap" in told(*NOTED, yes, back, OVER)["Afsluiten"]


def test_bookmarks_are_found_again() -> None:
    assert told(STARTED, Bookmarked(5.2, 5.2), Bookmarked(70.0, 65.0), OVER)["Logboek"] == (
        "gesprek.jsonl · gemarkeerd 00:05 01:05"
    )


def test_five_lines_however_much_happened() -> None:
    events: list[Told] = [STARTED]
    for at in range(20, 4000, 20):
        events += [
            replace(HOLD, at=at, anchor=at - 0.6),
            CueCleared(at + 5.0, HOLD.name, "answered"),
        ]
        events += [replace(STOP, at=at + 6.0), replace(PUSHED, at=at + 7.0), YesRun(at + 8.0, at)]
        gift = line(at + 8.0, at + 9.0, REP, f"Ik mail u gids {at}.")
        events += [Act(at + 9.5, REP, ActKind.GIVEAWAY, gift.start, gift.end, gift.text)]
        events += [Agreed(at + 10.0, True, "Ja.", at + 9.0), Bookmarked(at + 10.0, at + 10.0)]
    points = told(*events, OVER)
    assert len(points) == 5
    assert max(len(text) for text in points.values()) < 250
    assert points["Weggegeven"].count("gids") == 3


@pytest.mark.parametrize("kind", ["Goed", "Afsluiten", "Weggegeven"])
def test_each_line_says_when(kind: str) -> None:
    assert re.match(r"\d\d:\d\d ", told(*ENDED)[kind])


def test_a_no_of_the_rep_is_no_objection() -> None:
    no = Act(30.0, REP, ActKind.NO, 29.0, 29.5, "Nee hoor.")
    assert seen(STARTED, no).record.noes == ()
    assert seen(STARTED, replace(no, speaker=CUSTOMER)).record.noes != ()
