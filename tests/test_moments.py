"""Moments at which time, overlap or an answer in pieces decides, with acts that are given."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from copilot.events import Cue, CueCleared, CueName, Speaker
from tests.spelled import Spoken, advice, write_vtt

REP, CUSTOMER = Speaker.REP, Speaker.CUSTOMER
PLUS = Spoken(CUSTOMER, 0.2, 0.8, "pro")
CLOSING = Spoken(REP, 1.0, 3.0, "closing_question")
Call = Sequence[Spoken]


def given(tmp_path: Path, call: Call, delay: float = 0.0) -> list[Cue]:
    """The cues of a call."""
    told = advice(write_vtt(tmp_path / "call.vtt", call), delay)
    return [one for one in told if isinstance(one, Cue)]


def named(tmp_path: Path, call: Call, delay: float = 0.0) -> list[str]:
    """The names of the cues of a call."""
    return [str(one.name) for one in given(tmp_path, call, delay)]


@pytest.mark.parametrize(
    ("after", "taken"),
    [
        ([Spoken(REP, 3.8, 4.2, "name"), Spoken(CUSTOMER, 4.5, 5.5, "yes")], 5.5),
        ([Spoken(REP, 3.8, 4.6, "closing_question"), Spoken(CUSTOMER, 4.8, 5.5, "no:budget")], 5.5),
        ([Spoken(REP, 3.8, 4.2, "name"), Spoken(REP, 4.5, 6.0, "open_question")], 6.0),
        ([Spoken(REP, 3.8, 5.2, "closing_question? argument")], 5.2),
    ],
)
def test_a_hold_is_taken_back_though_its_question_went_on(
    tmp_path: Path, after: Call, taken: float
) -> None:
    call = [PLUS, CLOSING, *after, Spoken(CUSTOMER, 12.0, 13.0, "talk")]
    told = advice(write_vtt(tmp_path / "call.vtt", call), 0.0)
    holds = [one for one in told if one.name is CueName.HOLD_SILENCE]
    assert [type(one) for one in holds] == [Cue, CueCleared]
    assert holds[-1].at == pytest.approx(taken)


def test_a_second_hold_stays_when_its_reminder_came_a_moment_ago(tmp_path: Path) -> None:
    again = Spoken(REP, 14.0, 16.0, "closing_question")
    call = [PLUS, CLOSING, again, Spoken(CUSTOMER, 30.0, 31.0, "yes")]
    told = advice(write_vtt(tmp_path / "call.vtt", call), 0.0)
    cleared = [one.at for one in told if isinstance(one, CueCleared) and "hold" in one.name]
    assert cleared == [pytest.approx(13.0), pytest.approx(31.0)]


def test_who_asks_again_into_the_silence_is_told_to_hold_it(tmp_path: Path) -> None:
    again = Spoken(REP, 5.0, 6.5, "closing_question")
    cues = given(tmp_path, [PLUS, CLOSING, again, Spoken(CUSTOMER, 30.0, 31.0, "yes")])
    assert [cue.shown for cue in cues if cue.name is CueName.HOLD_SILENCE] == [True, True]


def rungs(*ends: float, answer: Sequence[str] = ("yes",)) -> list[Spoken]:
    """Closed questions, and the answers that end so many seconds into the call."""
    found = []
    for end in ends:
        begin = end - 0.9 * len(answer)
        found.append(Spoken(REP, begin - 1.2, begin - 0.2, "closed_question"))
        for place, text in enumerate(answer):
            found.append(Spoken(CUSTOMER, begin + 0.9 * place, begin + 0.9 * place + 0.6, text))
    return found


@pytest.mark.parametrize("delay", [0.0, 2.0])
def test_a_run_lapses_at_the_same_moment_however_late_it_is_understood(
    tmp_path: Path, delay: float
) -> None:
    call = [
        *rungs(3.0, 10.3),  # the second yes ends at 10.0
        Spoken(REP, 66.0, 68.0, "closed_question"),
        Spoken(CUSTOMER, 69.0, 69.4, "yes"),
    ]
    assert "make_the_ask" in named(tmp_path, call, delay)


def test_a_question_that_has_begun_keeps_the_pace(tmp_path: Path) -> None:
    asking = Spoken(REP, 29.0, 33.0, "closed_question")
    nod = Spoken(CUSTOMER, 30.5, 30.9, "backchannel")
    call = [*rungs(3.0, 10.3), asking, nod, Spoken(CUSTOMER, 34.0, 35.0, "yes")]
    assert "ladder_pace" not in named(tmp_path, call)
    late = asking._replace(start=30.4)
    assert "ladder_pace" in named(tmp_path, [late if one is asking else one for one in call])


@pytest.mark.parametrize("answer", [("talk", "yes"), ("yes asks",), ("yes", "talk")])
def test_a_yes_counts_in_whatever_answer_it_stands(tmp_path: Path, answer: Sequence[str]) -> None:
    assert "make_the_ask" in named(tmp_path, rungs(5.0, 12.0, 19.0, answer=answer))


@pytest.mark.parametrize("answer", [("talk",), ("talk", "talk"), ("asks",)])
def test_no_yes_is_none(tmp_path: Path, answer: Sequence[str]) -> None:
    assert "make_the_ask" not in named(tmp_path, rungs(5.0, 12.0, 19.0, answer=answer))


def test_a_yes_to_what_the_rep_says_next_is_no_answer(tmp_path: Path) -> None:
    told = [Spoken(REP, 5.2, 6.2, "talk"), Spoken(CUSTOMER, 6.6, 7.2, "yes")]
    call = [*rungs(5.0, answer=("talk",)), *told, *rungs(12.0, 19.0)]
    assert "make_the_ask" not in named(tmp_path, call)
    assert "make_the_ask" in named(tmp_path, [*call, *rungs(26.0)])


def nagged(first: Call, step: str = "") -> list[Spoken]:
    """Three times the same question, with a hesitation after each but the first."""
    call = [PLUS, CLOSING, *first]
    for begin in (70.0, 140.0):
        call.append(Spoken(REP, begin, begin + 2.0, f"closing_question{step}"))
        call.append(Spoken(CUSTOMER, begin + 3.0, begin + 4.0, "hesitation"))
    return call


def test_a_no_behind_other_words_answers_too(tmp_path: Path) -> None:
    talk, no = Spoken(CUSTOMER, 3.4, 4.4, "talk"), Spoken(CUSTOMER, 4.8, 6.0, "no:budget")
    assert "nagging" not in named(tmp_path, nagged([talk, no]))
    assert "nagging" in named(tmp_path, nagged([talk, no._replace(text="hesitation")]))


def test_a_contract_is_no_smaller_step(tmp_path: Path) -> None:
    doubt = Spoken(CUSTOMER, 3.4, 4.4, "hesitation")
    assert "nagging" in named(tmp_path, nagged([doubt], ":order"))
    assert "nagging" not in named(tmp_path, nagged([doubt], ":visit")[:-2])


@pytest.mark.parametrize("answer", [("yes", "yes"), ("yes asks",)])
def test_who_only_said_who_they_are_has_agreed_to_nothing(
    tmp_path: Path, answer: Sequence[str]
) -> None:
    lines = [Spoken(CUSTOMER, 2.3 + place, 3.1 + place, one) for place, one in enumerate(answer)]
    who = Spoken(REP, 1.0, 2.0, "closed_question:courtesy")
    early = [who, *lines, Spoken(REP, 6.0, 8.0, "closing_question")]
    assert "ask_too_early" in named(tmp_path, early)
    told = [Spoken(REP, 4.4, 5.0, "talk"), Spoken(CUSTOMER, 5.2, 5.8, "yes")]
    assert "ask_too_early" not in named(tmp_path, [*early[:-1], *told, early[-1]])


REFUSED = [
    Spoken(CUSTOMER, 1.0, 2.0, "no:supplier"),
    Spoken(REP, 3.0, 4.0, "talk"),
    Spoken(CUSTOMER, 5.0, 6.0, "no:budget"),
]


def test_one_no_too_many_is_told_of_once_it_is_beyond_doubt(tmp_path: Path) -> None:
    question, doubtful = Spoken(REP, 7.0, 8.0, "open_question"), "no:other?"
    third, push = Spoken(CUSTOMER, 9.0, 10.0, doubtful), Spoken(REP, 11.0, 12.0, "argument")
    call = [*REFUSED, question, third, push, Spoken(CUSTOMER, 13.0, 14.0, "talk")]
    assert not {"respect_no", "pushing_after_no"} & {*named(tmp_path, call)}
    call[-1] = Spoken(CUSTOMER, 13.0, 14.0, "no:other")
    again = Spoken(REP, 15.0, 16.0, "argument")
    assert named(tmp_path, [*call, again])[-2:] == ["respect_no", "pushing_after_no"]


@pytest.mark.parametrize("slight", ["filler", "backchannel"])
def test_a_push_is_told_of_though_a_sound_follows_it(tmp_path: Path, slight: str) -> None:
    push, sound = Spoken(REP, 7.0, 10.0, "argument"), Spoken(REP, 10.4, 10.8, slight)
    call = [*REFUSED, push, sound, Spoken(CUSTOMER, 22.0, 23.0, "talk")]
    (cue,) = [one for one in given(tmp_path, call) if one.name is CueName.PUSHING_AFTER_NO]
    assert cue.at < 12.0


def test_words_begun_before_the_no_do_not_push_after_it(tmp_path: Path) -> None:
    talking = Spoken(REP, 5.0, 12.0, "argument")
    no, then = Spoken(CUSTOMER, 10.5, 11.2, "no:budget"), Spoken(CUSTOMER, 12.8, 13.4, "talk")
    assert "pushing_after_no" not in named(tmp_path, [*REFUSED[:2], talking, no, then])
    after = talking._replace(start=10.9)
    assert "pushing_after_no" in named(tmp_path, [*REFUSED[:2], after, no, then])


def test_a_hesitation_during_the_question_comes_too_late_for_it(tmp_path: Path) -> None:
    big = Spoken(REP, 1.0, 6.0, "closing_question:order")
    doubt = Spoken(CUSTOMER, 4.0, 4.8, "hesitation")
    assert "ask_too_big" not in named(tmp_path, [PLUS, big, doubt])
    before = doubt._replace(start=0.9, end=1.6)
    later = big._replace(start=3.0)
    assert "ask_too_big" in named(tmp_path, [PLUS, before, later])
