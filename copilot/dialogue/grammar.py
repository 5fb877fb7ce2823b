"""The form of a line: open, closed or choice question, from word order and not from punctuation.

The words come from the playbook's [grammar]; the rules hold for languages that put the finite verb
or a question word first to ask, as Dutch and English do.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

CLAUSE = 3  # words before a question mark that are more than a name
NAME = 5  # tokens before a comma that can be a name or a call for attention
TAGGED = 3  # tokens at least before a tag that is also an ordinary word
RESTART = 3  # words at least of a question behind other talk without a full stop
WHETHER = 3  # words behind an asking verb within which "whether" makes the question closed
SENTENCE = re.compile(r"[^.?!;…]+[.?!;…]*")
WORD_OR_MARK = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[,?]")


class Form(StrEnum):
    """What a clause is in form."""

    OPEN = "open"
    CLOSED = "closed"
    CHOICE = "choice"
    STATEMENT = "statement"


class Clause(Struct, frozen=True):
    """A sentence of a line, and its form."""

    text: str
    form: Form


class Grammar(Struct, frozen=True, forbid_unknown_fields=True):
    """How a language asks; phrases are lower case, words separated by one blank."""

    greetings: list[str]  # a line that begins so may go on with a question without a full stop
    openers: list[str]  # words before the clause proper: "and", "well", "so"
    question_words: list[str]
    prepositions: list[str]  # may stand before a question word: "for which"
    finite: list[str]  # verbs that open a closed question
    subjects: list[str]  # words that open the subject behind such a verb
    pronouns: list[str]  # subjects behind which a question word opens no question: "what you say"
    me: list[str]  # "I", "we"
    tell_how: list[str]  # openings behind which a question word asks openly, whatever comes first
    ask_myself: list[str]  # of the verbs that hide a question, those for "may I ask"
    you: list[str]  # subjects that make any word before them a verb (Dutch), if it is not in:
    not_verbs: list[str]
    not_questions: list[str]  # clauses that begin so are none, whatever their order
    proposals: list[str]  # closed by meaning, whatever word opens them: "why don't we"
    anywhere: list[str]  # verb and subject that ask wherever they stand: "would you"
    exclaimed: list[str]  # behind a question word: "what a", "how nice"
    tell: list[str]  # requests to tell: "tell me"
    ask: list[str]  # verbs that hide a question: "could you explain"
    curious: list[str]  # statements that ask: "I wonder"
    about: list[str]  # behind such a verb, what makes it open without a question word
    whether: list[str]
    either: list[str]  # "or"
    either_not: list[str]  # "or not", "or so": no choice
    joints: list[str]  # words before which a new clause can begin without a comma
    conditional: list[str]  # "then", behind a comma
    tags: list[str]  # at the end, always a question
    comma_tags: list[str]  # at the end, a question behind a comma or before a question mark
    markers: list[str]  # in a statement about you, a question: "I suppose"


class Parser:
    """Tells the form of each sentence in a line."""

    def __init__(self, grammar: Grammar) -> None:
        self._g = grammar
        self._lists = {
            name: [phrase.split() for phrase in sorted(getattr(grammar, name), key=len)[::-1]]
            for name in grammar.__struct_fields__
        }
        self._sets = {name: frozenset(getattr(grammar, name)) for name in grammar.__struct_fields__}

    @property
    def openers(self) -> list[str]:
        """Words that can stand before a clause and are no part of it."""
        return self._g.openers

    @property
    def joints(self) -> list[str]:
        """Words before which a new clause can begin without a comma."""
        return self._g.joints

    def clauses(self, text: str) -> Iterator[Clause]:
        """Yield the sentences of a line with their forms."""
        for match in SENTENCE.finditer(text):
            sentence = match.group().strip()
            if WORD_OR_MARK.search(sentence):
                yield Clause(sentence, self.form(sentence))

    def tells_how(self, text: str) -> bool:
        """Whether a sentence of a line asks to tell how, or where: "could you tell me how ..."."""
        return any(self._tells_how(one.lower()) for one in SENTENCE.findall(text))

    def _tells_how(self, sentence: str) -> bool:
        words = self._proper([t for t in WORD_OR_MARK.findall(sentence) if t != "?"], asked=True)
        behind = [
            words[len(phrase)]
            for phrase in self._lists["tell_how"]
            if list(words[: len(phrase)]) == phrase and len(words) > len(phrase)
        ]
        return any(word in self._sets["question_words"] for word in behind)

    def asks_back(self, text: str) -> bool:
        """Whether a customer's line is a question; a tag such as "sure" or "right" makes none."""
        sentences = [one for one in SENTENCE.findall(text) if WORD_OR_MARK.search(one)]
        if not sentences:
            return False
        tokens = WORD_OR_MARK.findall(sentences[-1].lower())
        words = self._proper([word for word in tokens if word != "?"], asked=False)
        if not words or self._starts(words, "not_questions"):
            return False
        to_you = words[1:2] != [] and words[1] in (self._sets["you"] or self._sets["subjects"])
        return tokens[-1] == "?" or self._asks_what(words) or (to_you and self._verb_first(words))

    def verb_leads(self, sentence: str) -> bool:
        """Whether a sentence begins with its verb, as a question does whatever comes behind it."""
        words = self._proper(WORD_OR_MARK.findall(sentence.lower()), asked=False)
        return bool(words) and words[0] in self._sets["finite"]

    def form(self, sentence: str) -> Form:
        """Return the form of one sentence, by its last clause if it has several."""
        tokens = [word.replace("\u2019", "'") for word in WORD_OR_MARK.findall(sentence.lower())]
        asked = tokens[-1:] == ["?"]
        words = self._proper([t for t in tokens if t != "?"], asked)
        if not words or self._starts(words, "not_questions"):
            return Form.STATEMENT
        if self._starts(words, "proposals"):
            return Form.CLOSED
        ordered = self._ordered(words)
        if ordered in (Form.OPEN, Form.CHOICE):
            return ordered
        if self._tagged(tokens, asked):
            return Form.CLOSED
        if ordered and not asked and self._conditional(words):
            return Form.STATEMENT
        greeted = tokens[0] in self._sets["greetings"]
        return ordered or self._restarted(words, greeted) or self._stated(words, asked)

    def _conditional(self, words: Sequence[str]) -> bool:
        """Verb first, but with a "then" behind a comma: a condition, not a question."""
        pairs = pairwise(words)
        return any(first == "," and then in self._sets["conditional"] for first, then in pairs)

    def _ordered(self, words: Sequence[str]) -> Form | None:
        """A question by its word order, or by a verb that asks."""
        if self._asks_what(words) or self._starts(words, "tell"):
            return Form.CHOICE if self._offers(words) else Form.OPEN
        if self._starts(words, "curious"):
            return self._hidden(words) or Form.OPEN
        if self._verb_first(words):
            hidden = self._hidden(words)
            return hidden or (Form.CHOICE if self._offers(words) else Form.CLOSED)
        return None

    def _stated(self, words: Sequence[str], asked: bool) -> Form:
        about_you = any(word in self._sets["you"] for word in words)
        marked = about_you and any(self._has(words, phrase) for phrase in self._lists["markers"])
        if asked and self._offers(words):
            return Form.CHOICE
        return Form.CLOSED if (asked and len(words) >= CLAUSE) or marked else Form.STATEMENT

    def _restarted(self, words: Sequence[str], greeted: bool) -> Form | None:
        """A question behind other talk, where recognition left out the full stop."""
        for place in range(1, len(words) - 1):
            rest = words[place:]
            if self._inverted(rest):
                return Form.OPEN
            if self._starts(rest, "anywhere") and words[place - 1] not in self._sets["not_verbs"]:
                return self._ordered(rest) or Form.CLOSED
            anew = greeted or words[place - 1] in self._sets["openers"]
            if anew and len(rest) >= RESTART and self._verb_first(rest):
                return self._ordered(rest)
        return None

    def _inverted(self, words: Sequence[str]) -> bool:
        """Question word, verb, subject: an order that no subordinate clause has."""
        first, verb, subject = (*words, "", "", "")[:3]
        return (
            first in self._sets["question_words"]
            and verb in self._sets["finite"]
            and subject in self._sets["subjects"]
        )

    def _proper(self, tokens: list[str], asked: bool) -> list[str]:
        """The clause without what comes before it: fillers, conjunctions, a name."""
        while opener := self._opener(tokens):
            tokens = tokens[opener:]
        pieces = [place for place, word in enumerate(tokens) if word == ","]
        for place in reversed(pieces):
            rest = tokens[place + 1 :]
            before = tokens[:place]
            name_like = place <= NAME and not self._sets["not_verbs"].intersection(before)
            if (name_like or asked) and (self._asks_what(rest) or self._verb_first(rest)):
                return rest
        return tokens

    def _opener(self, tokens: Sequence[str]) -> int:
        """How many tokens at the start are no part of the clause; never all of them."""
        if tokens[:1] == [","]:
            return 1
        for phrase in self._lists["openers"]:
            length = len(phrase)
            behind = tokens[length : length + 1]
            long_enough = length == 1 or behind == [","]
            if list(tokens[:length]) == phrase and behind and long_enough:
                return length
        return 0

    def _tagged(self, tokens: Sequence[str], asked: bool) -> bool:
        words = [word for word in tokens if word != "?"]
        for phrase in self._lists["tags"]:
            if words[-len(phrase) :] == phrase and len(words) > len(phrase):
                return True
        return any(
            words[-len(phrase) :] == phrase
            and (asked or words[-len(phrase) - 1 : -len(phrase)] == [","])
            and len(words) > len(phrase) + TAGGED
            for phrase in self._lists["comma_tags"]
        )

    def _asks_what(self, words: Sequence[str]) -> bool:
        """A question word in front, with the verb and not the subject behind it."""
        for start in (0, 1) if words else ():
            if start and words[0] not in self._sets["prepositions"]:
                break
            for phrase in self._lists["question_words"]:
                behind = words[start + len(phrase) :]
                if list(words[start : start + len(phrase)]) == phrase:
                    subject = behind[0].split("'")[0] if behind else ""  # "when you're out"
                    subordinate = subject in self._sets["pronouns"]
                    return not self._exclaims(behind) and not subordinate
        return False

    def _exclaims(self, words: Sequence[str]) -> bool:
        return any(list(words[: len(p)]) == p for p in self._lists["exclaimed"])

    def _verb_first(self, words: Sequence[str]) -> bool:
        if len(words) < 2:
            return False
        first, second = words[0], words[1]
        if first in self._sets["finite"] and second in self._sets["subjects"]:
            return True
        return second in self._sets["you"] and first not in self._sets["not_verbs"]

    def _hidden(self, words: Sequence[str]) -> Form | None:
        """An open or closed question behind a polite opening: "could you tell me how ..."."""
        tells_own = words[1:2] != [] and words[1] in self._sets["me"]
        for place, word in enumerate(words[1:], start=1):
            if word not in self._sets["ask"] and not self._starts(words, "curious"):
                continue
            if tells_own and word not in self._sets["ask_myself"]:
                continue  # "shall I explain" asks nothing of the other
            rest = words[place + 1 :] if word in self._sets["ask"] else words[place:]
            for later, token in enumerate(rest):
                if token in self._sets["whether"] and later < WHETHER:
                    return Form.CLOSED
                if token in self._sets["question_words"] or token in self._sets["about"]:
                    return Form.OPEN
        return None

    def _offers(self, words: Sequence[str]) -> bool:
        """Whether two alternatives stand on either side of an "or"."""
        for place, word in enumerate(words):
            rest = words[place + 1 :]
            if word not in self._sets["either"] or place == 0 or not rest:
                continue
            negated = any(list(rest[: len(p)]) == p for p in self._lists["either_not"])
            whether = words[place - 1] in self._sets["ask"] or rest[0] in self._sets["pronouns"]
            if not negated and not whether:
                return True
        return False

    def _starts(self, words: Sequence[str], name: str) -> bool:
        return any(list(words[: len(phrase)]) == phrase for phrase in self._lists[name])

    @staticmethod
    def _has(words: Sequence[str], phrase: list[str]) -> bool:
        length = len(phrase)
        return any(list(words[i : i + length]) == phrase for i in range(len(words) - length + 1))
