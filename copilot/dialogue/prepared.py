"""The questions a rep prepared: which of them a line is, in whatever words."""

import re
from collections.abc import Sequence
from pathlib import Path

from copilot.dialogue.space import SENSE, Encoder, Space
from copilot.errors import PlaybookError

MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]\])?\s*")  # of a Markdown list


class Prepared:
    """Recognises prepared questions by nearness.

    Args:
        encoder: of sentences.
        questions: in the order in which the rep means to ask them; may be empty.
        same: likeness (cosine) from which a line counts as the question.
    """

    def __init__(self, encoder: Encoder, questions: Sequence[str], same: float) -> None:
        self._same = same
        self._space = Space(encoder, questions)
        self._vectors = self._space.place_known()[:, :SENSE] if questions else None

    def heard(self, text: str) -> int | None:
        """The number of the prepared question that a line is, from 0."""
        if self._vectors is None:
            return None
        likeness = self._vectors @ self._space.place([text])[0, :SENSE]
        best = int(likeness.argmax())
        return best if likeness[best] >= self._same else None


def read_questions(path: Path) -> list[str]:
    """Read a list: a question a line, `#` comments and list marks left out.

    Raises:
        PlaybookError: the file cannot be read, or holds no question.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise PlaybookError(f"{path}: {error.strerror}; give a readable list") from error
    except UnicodeDecodeError as error:
        raise PlaybookError(f"{path}: is not UTF-8 text; save the list as UTF-8") from error
    bare = [MARK.sub("", line).strip() for line in lines]
    kept = zip(lines, bare, strict=True)
    questions = [text for line, text in kept if text and not line.lstrip().startswith("#")]
    if not questions:
        raise PlaybookError(f"{path}: no question in it; write one a line")
    return questions
