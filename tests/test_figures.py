"""Each figure against one worked out by hand, and against the cues on every scenario."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from copilot.dialogue.grammar import Parser
from copilot.events import Act, ActKind, Agreed, CueName, Event, Reason, Rung, Speaker, Step
from copilot.figures.agreed import NextStep, Told
from copilot.figures.balance import Span
from copilot.figures.closings import Closing, Outcome
from copilot.figures.figures import Figures, figures_of
from copilot.figures.ladders import Broke, Ladder
from tests.scenarios import FIXTURES, SCENARIOS, Hearing, names, read_scenario
from tests.stored import CUSTOMER, REP, call, line

CLOSED, OPEN = ActKind.CLOSED_QUESTION, ActKind.OPEN_QUESTION
CLOSING, CHOICE = ActKind.CLOSING_QUESTION, ActKind.CHOICE_QUESTION
YES, NO, WHY = ActKind.YES, ActKind.NO, ActKind.WHY_QUESTION
ORDER = "Zal ik de bestelling plaatsen?"


def figured(*lines: Sequence[Event], end: float = 60.0) -> Figures:
    return figures_of(call(*lines, end=end), lambda text: text.endswith("?"))


def exact(value: float | None) -> object:
    return pytest.approx(value, abs=1e-6)


def test_a_call_without_a_word() -> None:
    none = figured()
    assert (none.spoken, none.talk_share, none.patience, none.interactivity) == (
        0,
        None,
        None,
        None,
    )
    assert (none.monologue, none.story, none.next_step, none.held) == (None, None, None, None)
    assert (none.non_talk, none.closings, none.refusals.why_rate) == (0, (), None)


def test_talk_share_is_speech_over_speech() -> None:
    # rep 2 + 4 = 6 s, customer 2 s; the silences count for nobody
    told = figured(
        line(REP, 0, 2, "een"), line(CUSTOMER, 10, 12, "twee"), line(REP, 20, 24, "drie")
    )
    assert told.talk_share == exact(6 / 8)
    assert (told.rep.talk, told.customer.talk, told.spoken, told.length) == (6, 2, 24, 60)


def test_the_longest_turns_run_over_pauses_and_signs_of_listening() -> None:
    told = figured(
        line(REP, 0, 5, "lang"),
        line(CUSTOMER, 5.5, 6, "hm-hm", ActKind.BACKCHANNEL),
        line(REP, 7, 12, "verhaal"),  # 0 to 12
        line(CUSTOMER, 13, 15, "kort"),
        line(CUSTOMER, 16, 20, "antwoord"),  # 13 to 20
        line(REP, 21, 30, "nog eens"),  # 9 s
    )
    assert told.monologue == Span(0, 12)
    assert told.story == Span(13, 20)


def test_interactivity_is_changes_of_turn_a_minute() -> None:
    # four turns are three changes, in 30 s from first to last word: 6 a minute
    told = figured(
        line(REP, 10, 12, "a"),
        line(CUSTOMER, 13, 15, "b"),
        line(REP, 16, 17, "c"),
        line(REP, 18, 19, "c"),
        line(CUSTOMER, 20, 40, "d"),
    )
    assert told.interactivity == exact(6.0)


def test_patience_is_the_median_gap_and_no_gap_is_negative() -> None:
    # customer to rep: 1.0, 4.0, and an overlap that counts as 0; the median is 1.0
    told = figured(
        line(CUSTOMER, 0, 2, "a"),
        line(REP, 3, 4, "b"),
        line(CUSTOMER, 5, 6, "c"),
        line(REP, 10, 11, "d"),
        line(CUSTOMER, 12, 14, "e"),
        line(REP, 13.9, 16, "f"),
    )
    assert told.patience == exact(1.0)


def test_interruptions_are_more_than_listening() -> None:
    told = figured(
        line(CUSTOMER, 0, 10, "een lang verhaal over bonnen"),
        line(REP, 2, 2.8, "hm-hm", ActKind.BACKCHANNEL),  # a sign of listening, by its words
        line(REP, 4, 4.9, "ja precies"),  # and by its length
        line(REP, 6, 7.5, "maar wacht even daar wil ik wat over zeggen"),  # this is one
        line(REP, 9.8, 12, "dus wat ik dan zou doen"),  # 0.2 s together: a change of turns
        line(CUSTOMER, 11, 13, "nee dat bedoel ik helemaal niet"),  # 1 s of both: one
    )
    assert list(told.rep.interruptions) == [6.0]
    assert list(told.customer.interruptions) == [11.0]


def test_non_talk_is_silence_of_more_than_three_seconds() -> None:
    # gaps 3.0 (not more than 3), 4.0 and 2.0; a sign of listening ends a silence
    told = figured(
        line(REP, 0, 1, "a"),
        line(CUSTOMER, 4, 5, "b"),
        line(REP, 9, 10, "c"),
        line(CUSTOMER, 12, 12.5, "hm", ActKind.BACKCHANNEL),
    )
    assert told.non_talk == exact(4.0)


def test_questions_and_talk_speed_of_each_side() -> None:
    # rep: 6 words in 3 s is 120 a minute; customer: 3 words in 2 s is 90
    told = figured(
        line(REP, 0, 2, "Hoe doet u dat?", OPEN),
        line(CUSTOMER, 3, 5, "Wat bedoelt u?"),
        line(REP, 6, 7, "Zomaar benieuwd."),
    )
    assert (told.rep.questions, told.customer.questions) == (1, 1)
    assert told.rep.words_a_minute == exact(120)
    assert told.customer.words_a_minute == exact(90)


def asked(start: float = 0.0, end: float = 2.0, text: str = ORDER) -> list[Event]:
    return line(REP, start, end, text, CLOSED, CLOSING, step=Step.ORDER)


HELD = [
    # answered after 5 s; the customer's thinking aloud passes
    (
        [line(CUSTOMER, 4, 5, "eh", ActKind.FILLER), line(CUSTOMER, 7, 8, "Ja.", YES)],
        2,
        5.0,
        "answered",
    ),
    # the rep speaks after 3 s
    ([line(REP, 5, 7, "U krijgt er veel voor terug.")], 2, 3.0, "broken"),
    # the rep speaks after 11 s, when it is time to
    ([line(REP, 13, 15, "Hoe wilt u verder?", OPEN)], 2, 11.0, "overdue"),
    # a name belongs to the question: the silence begins after it
    (
        [line(REP, 2.4, 2.9, "meneer Jansen"), line(CUSTOMER, 6.9, 8, "Ja.", YES)],
        2.9,
        4.0,
        "answered",
    ),
    # nobody speaks any more; the call ends at 60
    ([], 2, 58.0, "ended"),
    # a question at once: there was no silence to keep
    ([line(REP, 2.3, 4, "Of hoe ziet u dat?", OPEN)], 2, 0.3, "replaced"),
    # an argument at once
    ([line(REP, 2.4, 4, "U verdient het terug.", ActKind.ARGUMENT)], 2, 0.4, "broken"),
    # the customer answers into the question
    ([line(CUSTOMER, 1.8, 3, "Ja, graag.", YES)], 2, 0.0, "answered"),
    # "okay" within a second of the own question breaks nothing, as in the call itself
    (
        [line(REP, 2.8, 3.2, "Oké.", ActKind.BACKCHANNEL), line(CUSTOMER, 6, 7, "Ja.", YES)],
        2,
        4.0,
        "answered",
    ),
    # a rep's sound under 0.3 s is nothing
    ([line(REP, 4, 4.2, "ah"), line(CUSTOMER, 6, 7, "Ja.", YES)], 2, 4.0, "answered"),
]


@pytest.mark.parametrize(("after", "end", "held", "outcome"), HELD)
def test_seconds_of_silence_held(
    after: list[list[Event]], end: float, held: float, outcome: str
) -> None:
    (closing,) = figured(asked(), *after).closings
    assert closing.held == exact(held)
    assert (closing.end, closing.outcome, closing.words) == (end, outcome, ORDER)
    assert closing.step is Step.ORDER
    assert closing.kept == (outcome in ("answered", "overdue", "ended"))


def test_two_closing_questions_at_once_are_one() -> None:
    told = figured(asked(), asked(2.5, 4.0, "Spreken we dat af?"), line(CUSTOMER, 7, 8, "Ja.", YES))
    assert told.closings == (Closing(4.0, ORDER, 3.0, Outcome.ANSWERED, Step.ORDER),)
    assert (told.held, told.kept) == (3.0, 1)


def test_an_argument_in_the_same_breath_leaves_no_silence() -> None:
    both = "Zal ik bestellen? U verdient het terug."
    told = call(line(REP, 0, 4, both, CLOSING, ActKind.ARGUMENT))
    first, second = (event for event in told if isinstance(event, Act))
    acts = (replace(first, evidence="Zal ik bestellen?"), replace(second, evidence="U verdient"))
    events = [event for event in told if event not in (first, second)]
    figures = figures_of([*events[:-1], *acts, events[-1]], lambda _: False)
    assert [(one.held, one.outcome) for one in figures.closings] == [(0.0, Outcome.BROKEN)]


def test_why_rate_and_pushes() -> None:
    told = figured(
        line(CUSTOMER, 0, 1, "Te duur.", NO),
        line(REP, 2, 3, "Waarom?", OPEN, WHY),  # asked: explored
        line(CUSTOMER, 4, 5, "Geen budget.", NO),  # the reason: no new no
        line(REP, 6, 7, "Maar u bespaart.", ActKind.ARGUMENT),  # excused by the question
        line(CUSTOMER, 8, 9, "Nee, dank u.", NO),
        line(REP, 10, 11, "Vandaag met korting.", ActKind.ARGUMENT),  # a push
        line(REP, 11.5, 12, "Doen?", CLOSING),  # the same turn: the same push
        line(CUSTOMER, 13, 14, "Mooi is het wel.", ActKind.PRO),  # clears the slate
        line(REP, 15, 16, "Het scheelt tijd.", ActKind.ARGUMENT),  # no push any more
    )
    assert [(no.at, no.explored) for no in told.refusals.noes] == [(0, True), (8, False)]
    assert told.refusals.why_rate == 0.5
    assert told.refusals.pushes == (10,)


def test_the_third_no_is_to_be_respected() -> None:
    told = figured(
        line(CUSTOMER, 0, 1, "Te duur.", NO),
        line(REP, 2, 3, "Waarom?", OPEN),
        line(CUSTOMER, 4, 5, "Daarom niet.", NO),
        line(REP, 6, 7, "Tja."),
        line(CUSTOMER, 8, 9, "Nee dus.", NO),
        line(REP, 10, 11, "Duidelijk."),
        line(CUSTOMER, 12, 13, "Nee.", NO),
    )
    assert [no.explored for no in told.refusals.noes] == [True, False, None, None]
    assert told.refusals.why_rate == 0.5


def test_a_final_no_is_no_question_of_why_and_every_push_after_it_counts() -> None:
    told = figured(
        line(CUSTOMER, 0, 1, "Bel nooit meer.", NO, ActKind.FINAL_NO),
        line(REP, 2, 3, "Het is echt goed.", ActKind.ARGUMENT),
        line(CUSTOMER, 4, 5, "Ja ja.", YES),
        line(REP, 6, 7, "Zal ik?", CLOSING),
    )
    assert told.refusals.noes == ()
    assert told.refusals.pushes == (2, 6)


def rungs(count: int, start: float = 0.0) -> list[list[Event]]:
    return [
        part
        for rung in range(count)
        for part in (
            line(REP, start + 4 * rung, start + 4 * rung + 1, "Werkt u zo?", CLOSED),
            line(CUSTOMER, start + 4 * rung + 2, start + 4 * rung + 3, "Ja.", YES),
        )
    ]


@pytest.mark.parametrize(
    ("after", "broke"),
    [
        ([asked(20, 21)], Broke.REQUEST),
        ([line(REP, 20, 21, "Hoe dan?", OPEN), line(CUSTOMER, 22, 23, "Zo.")], Broke.OPEN_QUESTION),
        (
            [line(REP, 20, 21, "A of B?", CHOICE), line(CUSTOMER, 22, 23, "A.", YES)],
            Broke.CHOICE_QUESTION,
        ),
        (
            [line(REP, 20, 21, "Werkt u?", CLOSED), line(CUSTOMER, 22, 23, "Niet.")],
            Broke.OTHER_ANSWER,
        ),
        ([line(CUSTOMER, 22, 23, "Nee.", NO)], Broke.NO),
        ([line(CUSTOMER, 22, 23, "Tja.", ActKind.HESITATION)], Broke.HESITATION),
        ([line(REP, 90, 91, "Zo.")], Broke.TIME),
        ([], Broke.END),
    ],
)
def test_ladders_and_what_broke_them(after: list[list[Event]], broke: Broke) -> None:
    assert figured(*rungs(3), *after).ladders == (Ladder(2.0, 3, broke),)


def test_one_yes_is_no_ladder_and_a_prepared_question_is_a_rung() -> None:
    assert figured(*rungs(1)).ladders == ()
    rung = Rung(1, 1, 2, "")
    first = line(REP, 0, 1, "U heeft er twintig.", ActKind.RECAP, rung=rung)
    told = figured(first, line(CUSTOMER, 2, 3, "Ja.", YES), *rungs(1, 4.0))
    assert told.ladders == (Ladder(2.0, 2, Broke.END),)


def agreed(at: float, anchor: float, *, on: bool = True) -> list[Event]:
    return [Agreed(at, on, "doe maar", anchor)]


def test_the_next_step_is_what_the_log_says_was_agreed() -> None:
    yes = line(CUSTOMER, 6, 7, "Ja, doe maar.", YES)
    step = NextStep(6, ORDER, "Ja, doe maar.", Step.ORDER)
    assert figured(asked(), yes, agreed(7, 6)).next_step == step
    assert figured(asked(), yes).next_step is None
    assert figured(asked(), yes, agreed(7, 6), agreed(9, 6, on=False)).next_step is None
    own = line(CUSTOMER, 3, 4, "Wat kost dat?")
    told = figured(asked(), own, line(REP, 4.5, 5, "Tien."), yes, agreed(7, 6))
    assert told.next_step == step


def test_a_question_that_only_may_have_asked_for_it_is_told_as_it_was_said() -> None:
    oblique = line(REP, 4, 5, "Staat u dinsdag in de agenda?", CLOSED)
    yes = line(CUSTOMER, 6, 7, "Ja, doe maar.", YES)
    told = figured(asked(), line(CUSTOMER, 3, 3.5, "Nee.", NO), oblique, yes, agreed(7, 6))
    assert told.next_step == NextStep(6, "Staat u dinsdag in de agenda?", "Ja, doe maar.")


def test_giveaways_and_plus_points_with_their_words() -> None:
    told = figured(
        line(REP, 3, 5, "Ik mail u de checklist.", ActKind.GIVEAWAY),
        line(CUSTOMER, 6, 7, "Dat scheelt werk.", ActKind.PRO),
    )
    assert told.pros == (Told(6, "Dat scheelt werk."),)
    assert told.gifts == (Told(3, "Ik mail u de checklist."),)


def test_reasons_of_noes_are_kept() -> None:
    events = call(line(CUSTOMER, 0, 1, "Te duur.", NO))
    given = [replace(e, reason=Reason.BUDGET) if isinstance(e, Act) else e for e in events]
    assert figures_of(given, lambda _: False).refusals.noes[0].reason is Reason.BUDGET


@pytest.mark.parametrize("path", [*FIXTURES, *SCENARIOS], ids=lambda path: path.stem)
def test_the_figures_agree_with_the_cues(path: Path, hearing: Hearing) -> None:
    scenario = read_scenario(path)
    events = hearing.hear(scenario.settings)
    asks = Parser(hearing.learned(scenario.language).playbook.grammar).asks_back
    told, due = figures_of(events, asks), names(scenario.cues)
    broken = [one for one in told.closings if one.outcome is Outcome.BROKEN]
    assert len(broken) == due.count("silence_broken")
    assert len(told.refusals.pushes) >= due.count("pushing_after_no")
    assert told.next_step is None or "no_next_step" not in due
    if "make_the_ask" in due and scenario.questions is None:
        assert any(one.length >= 3 for one in told.ladders)
    assert {str(name) for name in told.cues} == set(due)
    assert set(told.cues) <= set(CueName)
    for speaker in Speaker:
        side = told.rep if speaker is Speaker.REP else told.customer
        assert 0 <= side.talk <= told.spoken <= told.length
