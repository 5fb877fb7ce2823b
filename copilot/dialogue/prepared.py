"""The questions a rep prepared: which of them a line is, in whatever words."""

import re
from collections.abc import Sequence
from pathlib import Path

from copilot.dialogue.grammar import Form, Parser
from copilot.dialogue.space import SENSE, Encoder, Space, plain
from copilot.dialogue.talk import Found
from copilot.errors import PlaybookError
from copilot.events import QUESTIONS, ActKind, Rung

BULLET = r"(?:[-*+•\u2013]|(?:\d+|[a-z])[.)])"  # of an item of a list
MARK = re.compile(rf"^\s*{BULLET}?\s*(?:\[[ xX]\])?\s*")
OTHER = re.compile(r"\s*(?:#|>|\||<!--)")  # a comment or heading, a quotation, a table
ITEM = re.compile(rf"\s*{BULLET}\s")
HEADS = re.compile(r".*:\s*$")  # what the questions below it are about


CLEAR = 0.8  # likeness from which a line is the question though its form is another


class Prepared:
    """Recognises prepared questions by nearness.

    Args:
        encoder: of sentences.
        parser: tells the form of the questions.
        questions: in the order in which the rep means to ask them; may be empty.
        same: likeness (cosine) from which a line of the same form counts as the question.
    """

    def __init__(
        self, encoder: Encoder, parser: Parser, questions: Sequence[str], same: float
    ) -> None:
        self._same = same
        self._questions, self._asked = questions, set[int]()
        self._open = [parser.form(question) is Form.OPEN for question in questions]
        self._space = Space(encoder, questions)
        self._vectors = self._space.place_known()[:, :SENSE] if questions else None

    def heard(self, text: str, acts: Sequence[Found]) -> int | None:
        """The number of the prepared question that a line is, from 0.

        A statement, an open question for a closed one, or "may I ask you something" need to be
        much more like it than a line of the same form.
        """
        if self._vectors is None:
            return None
        likeness = self._vectors @ self._space.place([text])[0, :SENSE]
        best = int(likeness.argmax())
        asked = {one.kind for one in acts if one.kind in QUESTIONS and not one.courtesy}
        opened = ActKind.OPEN_QUESTION in asked
        same = self._same if asked and opened is self._open[best] else max(self._same, CLEAR)
        return best if likeness[best] >= same else None

    def tick(self, number: int) -> Rung:
        """Tick a question off, and say which is next."""
        self._asked.add(number)
        left = (one for place, one in enumerate(self._questions) if place not in self._asked)
        return Rung(number + 1, len(self._asked), len(self._questions), next(left, ""))


def read_questions(path: Path) -> list[str]:
    """Read a list: a question a line; `#` comments, list marks and headings left out.

    A heading ends in a colon, or is an item without a question mark with deeper ones below it.

    Raises:
        PlaybookError: the file cannot be read, or holds no question.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise PlaybookError(f"{path}: {error.strerror}; give a readable list") from error
    except UnicodeDecodeError as error:
        raise PlaybookError(f"{path}: is not UTF-8 text; save the list as UTF-8") from error
    places: dict[str, int] = {}
    questions = []
    for place, line in enumerate(lines, start=1):
        text = MARK.sub("", line).strip()
        words = plain(text)
        if not words or OTHER.match(line) or _heads(line, lines[place:]):
            continue
        if words in places:
            what = f"the same question as in line {places[words]}; leave one of them out"
            raise PlaybookError(f"{path}:{place}: {what}")
        places[words] = place
        questions.append(text)
    if not questions:
        raise PlaybookError(f"{path}: no question in it; write one a line")
    return questions


def _heads(line: str, below: Sequence[str]) -> bool:
    """Whether a line only says what the questions below it are about."""
    following = next((one for one in below if one.strip()), "")
    nested = ITEM.match(following) is not None and _indent(following) > _indent(line)
    return HEADS.match(line) is not None or (nested and "?" not in line)


def _indent(line: str) -> int:
    return len(line.expandtabs()) - len(line.expandtabs().lstrip())
