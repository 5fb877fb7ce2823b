"""When in doubt, say nothing: an act that is not sure warns of nothing."""

from itertools import chain, islice
from pathlib import Path

import pytest

from copilot.dialogue.acts import Interpreter
from copilot.dialogue.floor import Floor
from copilot.events import Act, Cue, Speaker
from copilot.sinks.eventlog import encode
from tests.benchmarks.corpus import calls
from tests.scenarios import Hearing
from tests.spelled import Spoken, advice, write_vtt

SPEAKERS = {"rep": Speaker.REP, "cus": Speaker.CUSTOMER}
LASTS, PAUSE = 1.5, 0.9  # s
CALLS = [  # with a sure act, the same with a doubtful one, and the cue that doubt takes away
    ("rep: talk / cus: no:other", "rep: talk / cus: no:other?", "ask_why"),
    ("rep: talk / cus: final_no", "rep: talk / cus: final_no?", "respect_no"),
    (
        "rep: open_question why_question / cus: no:budget",
        "rep: open_question why_question? / cus: no:budget",
        "poor_fit",
    ),
    (
        "cus: no:other / rep: argument / cus: talk / rep: argument",
        "cus: no:other / rep: argument / cus: talk / rep: argument?",
        "pushing_after_no",
    ),
    (
        "cus: no:other / rep: argument / cus: talk / rep: argument",
        "cus: no:other / rep: argument / cus: talk / rep: argument ~open_question",
        "pushing_after_no",
    ),
    ("cus: yes / rep: goodbye", "cus: yes / rep: goodbye?", "no_next_step"),
    (
        "rep: closing_question / cus: talk / rep: goodbye",
        "rep: closing_question / cus: talk ~yes / rep: goodbye",
        "no_next_step",
    ),
    (
        "rep: talk / cus: yes / rep: goodbye",
        "rep: talk ~closing_question / cus: yes / rep: goodbye",
        "no_next_step",
    ),
    ("rep: closing_question", "rep: closing_question?", "ask_too_early"),
    (
        "cus: talk / rep: closing_question",
        "cus: talk ~pro / rep: closing_question",
        "ask_too_early",
    ),
    (
        "rep: closed_question / cus: yes / rep: closed_question / cus: yes / rep: open_question",
        "rep: closed_question / cus: yes / rep: closed_question / cus: yes? / rep: open_question",
        "open_question_in_ladder",
    ),
    (
        "rep: closing_question / rep: talk and more talk than a name",
        "rep: closing_question? / rep: talk and more talk than a name",
        "silence_broken",
    ),
    ("rep: quid_pro_quo", "rep: quid_pro_quo?", "quid_pro_quo"),
    (
        "cus: no:other? / rep: talk / cus: no:other? / rep: talk / cus: no:other",
        "cus: no:other? / rep: talk / cus: no:other? / rep: talk / cus: no:other?",
        "respect_no",
    ),
]


def told(path: Path, lines: str) -> set[str]:
    """The cues of a call in which everybody lets the other finish."""
    call, clock = [], 1.0
    for line in lines.split(" / "):
        speaker, _, text = line.partition(": ")
        call.append(Spoken(SPEAKERS[speaker], clock, clock + LASTS, text))
        clock += LASTS + PAUSE + (PAUSE if text.startswith("closing_question") else 0.0)
    return {str(one.name) for one in advice(write_vtt(path, call), 0.0) if isinstance(one, Cue)}


@pytest.mark.parametrize(("sure", "doubtful", "cue"), CALLS)
def test_doubt_takes_the_warning_away(sure: str, doubtful: str, cue: str, tmp_path: Path) -> None:
    assert cue in told(tmp_path / "sure.vtt", sure)
    assert cue not in told(tmp_path / "doubtful.vtt", doubtful)


def test_a_doubtful_act_is_marked_in_the_log(hearing: Hearing) -> None:
    interpreter, at = Interpreter(hearing.learned("nl"), Floor(), []), 0.0
    acts: list[Act] = []
    for labelled in chain(*islice(calls("nl_pass1"), 10)):
        line = labelled.line(at)
        said, at = interpreter.understand(line), line.end + 0.5
        assert all((said.surely(act.kind) is None) is act.unsure for act in said.acts)
        acts += said.acts
    assert 0 < sum(act.unsure for act in acts) < len(acts) / 2
    assert all((b'"unsure":true' in encode(act)) is act.unsure for act in acts)
