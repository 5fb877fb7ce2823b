"""What both readers see of a line: its sentences, their scores and form, as features."""

import re
from collections.abc import Sequence
from math import log

from copilot.dialogue.grammar import Clause, Form, Parser
from copilot.dialogue.judge import Model, flags
from copilot.dialogue.meaning import Score, Sense
from copilot.dialogue.pieces import pieces
from copilot.dialogue.space import plain
from copilot.dialogue.talk import Talk
from copilot.events import ActKind

STOP = re.compile(r"(?<=[.?!;…])\s+")
LETTER = re.compile(r"\w")
BRIEF = 3  # words
ENOUGH = 0.45  # probability from which a line is an act: F1 wants a little less than even odds


def split(text: str) -> list[str]:
    """The sentences of a line, as far as punctuation shows them; the line itself if it is one."""
    return [one for one in STOP.split(text) if LETTER.search(one)] or [text]


def views(text: str) -> list[str]:
    """The line, and each of its sentences that is long enough to be judged by itself."""
    return [text, *(one for one in split(text) if one != text and len(one.split()) >= BRIEF)]


class Look:
    """A line taken apart.

    Attributes:
        features: scores of the whole, the best, the first and the last sentence; form; length.
        question: the last sentence that asks, if any.
    """

    def __init__(self, text: str, sense: Sense, parser: Parser, joints: Sequence[str]) -> None:
        self.text = text
        self.words = plain(text)
        self._parts = pieces(text, joints)
        sentences = split(text)
        wanted = list(dict.fromkeys([text, *sentences, *self._parts]))
        self._scores = dict(zip(wanted, sense.scores(wanted), strict=True))
        asked = [one for one in parser.clauses(text) if one.form is not Form.STATEMENT]
        self.question: Clause | None = asked[-1] if asked else None
        self.form = self.question.form if self.question else Form.STATEMENT
        scores = [self._scores[one] for one in (text, *sentences)]
        self.features = {**_scored(sense.acts, scores), **self._counted(len(sentences))}

    def score(self, act: str) -> Score:
        """How much the whole line is an act."""
        return self._scores[self.text][act]

    def shows(self, act: str) -> str:
        """The piece of the line that shows an act best."""
        return max(self._parts, key=lambda part: self._scores[part][act].value)

    def starts(self, phrases: Sequence[str]) -> bool:
        """Whether the line begins with one of these phrases."""
        return any(f"{self.words} ".startswith(f"{phrase} ") for phrase in phrases)

    def has(self, phrases: Sequence[str]) -> bool:
        """Whether one of these phrases stands in the line."""
        return self.among(self.words, phrases)

    @staticmethod
    def among(words: str, phrases: Sequence[str]) -> bool:
        """Whether one of these phrases stands among plain words."""
        return any(f" {phrase} " in f" {words} " for phrase in phrases)

    def _counted(self, sentences: int) -> dict[str, float]:
        words = len(self.words.split())
        shape = flags(
            one_word=words == 1,
            brief=words <= BRIEF,
            sentences=sentences > 1,
            question_mark="?" in self.text,
        )
        return {**shape, f"form:{self.form}": 1.0, "length": log(words + 1)}


def likely(
    looks: Sequence[Look], model: Model, talk: Talk, greetings: Sequence[str]
) -> dict[ActKind, float]:
    """The acts that are likely enough in one of the views of a line, each with its probability.

    Args:
        looks: the line itself first.
        model: of the speaker.
        talk: so far.
        greetings: words that open a call as well as they end one.
    """
    chances = model.any_of(look.features for look in looks)
    if not talk.begun and looks[0].starts(greetings):
        chances[ActKind.GOODBYE] = 0.0
    return {ActKind(act): chance for act, chance in chances.items() if chance >= ENOUGH}


def _scored(acts: Sequence[str], scores: Sequence[dict[str, Score]]) -> dict[str, float]:
    whole, *sentences = scores
    features = {}
    for act in acts:
        if "." in act:  # a reason is no act
            continue
        features[f"whole:{act}"] = whole[act].value
        features[f"best:{act}"] = max(score[act].value for score in sentences)
        features[f"first:{act}"] = sentences[0][act].value
        features[f"last:{act}"] = sentences[-1][act].value
    return features
