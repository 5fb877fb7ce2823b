"""Prepared questions: heard in other words, ticked off in any order, the next one known."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from copilot.dialogue.acts import Interpreter
from copilot.dialogue.floor import Floor
from copilot.dialogue.prepared import read_questions
from copilot.errors import PlaybookError
from copilot.events import ActKind, Line, Rung, Said, Speaker
from tests.scenarios import Hearing

LIST = [
    "Heeft u meer dan twintig mensen in dienst?",
    "Schrijft u de uren nog op papier?",
    "Gaat er wel eens iets mis met de uren?",
    "Klagen uw mensen daar wel eens over?",
    "Kost het u veel tijd?",
    "Werkt u met een vaste leverancier?",
]
CASES = [
    ("Heeft u meer dan twintig mensen in dienst?", 0),
    ("U heeft meer dan twintig man in dienst, toch?", 0),
    ("Zijn jullie met meer dan twintig personen?", 0),
    ("en de uren schrijft u die nog op papier", 1),
    ("Noteert u de uren nog met pen en papier?", 1),
    ("Gaat er weleens wat fout met de uren?", 2),
    ("Mopperen uw mensen daar weleens over?", 3),
    ("En kost u dat dan een hoop tijd?", 4),
    ("Zit u vast aan een leverancier?", 5),
    ("Heeft u even tijd?", None),
    ("Hoeveel mensen heeft u in dienst?", None),
    ("Heeft u nog vragen?", None),
    ("Dat kost u niets.", None),
    ("Zullen we een afspraak maken?", None),
]


def say(interpreter: Interpreter, *texts: str) -> list[Said]:
    clock, said = 0.0, []
    for text in texts:
        said.append(
            interpreter.understand(Line(clock + 2, Speaker.REP, clock, clock + 2, text, 1.0))
        )
        clock += 3.0
    return said


def rungs(said: Sequence[Said]) -> list[Rung | None]:
    return [next((act.prepared for act in one.acts if act.prepared), None) for one in said]


@pytest.mark.parametrize(("text", "number"), CASES)
def test_a_question_is_heard_in_other_words(
    text: str, number: int | None, hearing: Hearing
) -> None:
    [said] = say(Interpreter(hearing.learned("nl"), Floor(), LIST), text)
    assert said.prepared == number


def test_questions_are_ticked_off_in_any_order(hearing: Hearing) -> None:
    interpreter = Interpreter(hearing.learned("nl"), Floor(), LIST[:3])
    assert rungs(say(interpreter, LIST[1], LIST[1], LIST[0], LIST[2])) == [
        Rung(2, 1, 3, LIST[0]),
        Rung(2, 1, 3, LIST[0]),
        Rung(1, 2, 3, LIST[2]),
        Rung(3, 3, 3, ""),
    ]


def test_a_prepared_question_that_sounds_like_a_statement_asks(hearing: Hearing) -> None:
    interpreter = Interpreter(hearing.learned("nl"), Floor(), LIST)
    [said] = say(interpreter, "u schrijft de uren nog op papier")
    assert said.prepared == 1
    assert said.act(ActKind.CLOSED_QUESTION) is not None


def test_a_markdown_list_is_a_list(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text(f"# Vragen\n\n- [ ] {LIST[0]}\n* {LIST[1]}\n3. {LIST[2]}\n{LIST[3]}\n")
    assert read_questions(path) == LIST[:4]


def test_headings_of_a_nested_list_are_no_questions(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    rows = ["Mijn vragen voor morgen:", "- Personeel", f"  - {LIST[0]}", f"  a) {LIST[1]}"]
    path.write_text("\n".join([*rows, f"\u2013 {LIST[2]}", f"- {LIST[3]}", "", f"  - {LIST[4]}"]))
    assert read_questions(path) == LIST[:5]


def test_a_list_without_a_question_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("# nothing yet\n")
    with pytest.raises(PlaybookError, match=r"mine\.txt: no question in it"):
        read_questions(path)


def test_what_is_no_question_in_a_list_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    rows = [
        "# Opening",
        *(f"- [ ] {one}" for one in LIST[:2]),
        "---",
        "> eerst dit",
        "<!-- eind -->",
    ]
    path.write_text("\n".join([*rows, "| a | b |", "***", "..."]), encoding="utf-8")
    assert read_questions(path) == LIST[:2]


def test_a_question_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(
        f"{LIST[0]}\n# en\n{LIST[1]}\n- {LIST[0].rstrip('?').lower()}\n", encoding="utf-8"
    )
    with pytest.raises(PlaybookError, match=r"list\.txt:4: the same question as in line 1"):
        read_questions(path)
