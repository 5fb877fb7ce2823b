"""Plain lines of both languages, the contract's own examples and traps among them."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from copilot.dialogue.acts import Interpreter
from copilot.dialogue.floor import Floor
from copilot.events import ActKind, Line, Speaker
from tests.benchmarks.corpus import LETTERS
from tests.scenarios import Hearing

ROW = re.compile(r"(?:(?P<before>.+) > )?(?P<speaker>rep|cus): (?P<text>.+?) \|(?P<acts>.*)")
HEARING = Hearing()
FOLDER = Path(__file__).parent / "acts"
SHORTEST = 0.4  # s that a word lasts


class Case(NamedTuple):
    language: str
    before: str | None
    speaker: Speaker
    text: str
    acts: frozenset[str]


def cases() -> list[Case]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for row in path.read_text(encoding="utf-8").splitlines():
            if match := ROW.fullmatch(row):
                speaker = Speaker.REP if match["speaker"] == "rep" else Speaker.CUSTOMER
                acts = frozenset(match["acts"].split())
                found.append(Case(path.stem, match["before"], speaker, match["text"], acts))
    return found


@settings(max_examples=60, deadline=None)
@given(some.text(max_size=60), some.sampled_from(Speaker))
@example("...", Speaker.CUSTOMER)
@example("?", Speaker.REP)
def test_any_line_is_understood(text: str, speaker: Speaker) -> None:
    interpreter = Interpreter(HEARING.learned("nl"), Floor(), ["Werkt u op papier?"])
    said = interpreter.understand(Line(2.0, speaker, 0.0, 2.0, text, 1.0))
    assert all(act.evidence in text for act in said.acts)


def test_a_line_of_minutes_is_understood() -> None:
    interpreter = Interpreter(HEARING.learned("nl"), Floor(), [])
    text = "dan is het nog een heel lang verhaal " * 1000
    assert interpreter.understand(Line(300.0, Speaker.REP, 1.0, 300.0, text, 1.0)).substantial


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.language}: {case.text}")
def test_acts(case: Case, hearing: Hearing) -> None:
    interpreter = Interpreter(hearing.learned(case.language), Floor(), [])
    if case.before:
        interpreter.understand(Line(2.0, case.speaker.other, 0.0, 2.0, case.before, 1.0))
    end = 2.6 + max(SHORTEST, len(case.text) / LETTERS)
    said = interpreter.understand(Line(end, case.speaker, 2.6, end, case.text, 1.0))
    wanted = {act.partition(":")[0] for act in case.acts}
    reasons = {act for act in case.acts if act.startswith("no:")}
    assert {str(act.kind) for act in said.acts} == wanted
    assert reasons <= {f"no:{act.reason}" for act in said.acts if act.kind is ActKind.NO}
    assert any(act.courtesy for act in said.acts) == ("closed_question:courtesy" in case.acts)
    assert all(act.evidence in case.text for act in said.acts)
