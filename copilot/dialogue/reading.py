"""What both readers see of a line, as features: sense, form, and what the network thinks of it."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf, log

from msgspec import Struct, structs

from copilot.dialogue.grammar import Clause, Form, Parser
from copilot.dialogue.judge import Model, flags
from copilot.dialogue.meaning import Sight
from copilot.dialogue.network import Thought
from copilot.dialogue.pieces import pieces
from copilot.dialogue.space import plain
from copilot.dialogue.talk import Found, Talk
from copilot.events import SLIGHT, ActKind

BRIEF = 3  # words
STRONG = 6.0  # logit beyond which the network is not believed more
MAYBE = 0.4  # odds from which a line may be an act: enough to withhold a warning; measured on cues


class Look:
    """A line taken apart.

    Attributes:
        features: the network's logits, likeness to the playbook's examples, form, length.
        question: the last sentence that asks, if any, by its form.
        tells_how: a sentence asks to tell something: open, though its verb comes first.
    """

    def __init__(self, text: str, sight: Sight, parser: Parser, thought: Thought) -> None:
        self.text, self.thought = text, thought
        self.words = plain(text)
        self._joints = parser.joints
        self.scores, self.twin, self.within = sight.scores, sight.twin, sight.within
        asked = [one for one in parser.clauses(text) if one.form is not Form.STATEMENT]
        self.question: Clause | None = asked[-1] if asked else None
        self.form = self.question.form if self.question else Form.STATEMENT
        self.tells_how = parser.tells_how(text)
        net = {f"net:{act}": _held(one) for act, one in thought.logits.items()}
        like = {f"like:{act}": one.value for act, one in self.scores.items()}
        self.features = {**net, **like, **self._counted()}

    def shows(self, act: str) -> str:
        """The piece of the line that shows an act best."""
        parts = pieces(self.text, self._joints)
        if len(parts) == 1 or act not in self.thought.logits:
            return self.text
        spans = list(_spans(self.text, parts))
        weights = [self.thought.weight(act, begin, end) for begin, end in spans]
        begin, end = spans[max(range(len(spans)), key=weights.__getitem__)]
        return self.text[begin:end].strip(" ,")

    def starts(self, phrases: Sequence[str]) -> bool:
        """Whether the line begins with one of these phrases."""
        return any(f"{self.words} ".startswith(f"{phrase} ") for phrase in phrases)

    def has(self, phrases: Sequence[str]) -> bool:
        """Whether one of these phrases stands in the line."""
        return any(f" {phrase} " in f" {self.words} " for phrase in phrases)

    def _counted(self) -> dict[str, float]:
        words = len(self.words.split())
        shape = flags(one_word=words == 1, brief=words <= BRIEF, question_mark="?" in self.text)
        return {**shape, f"form:{self.form}": 1.0, "length": log(words + 1)}


class Chances(Struct, frozen=True):
    """How likely a line is to be what.

    Attributes:
        found: the acts that are likely enough, each with its probability over what is enough.
        possible: all that may be, the found ones too.
        sure: the odds from which each act is sure enough to warn on.
    """

    found: dict[ActKind, float]
    possible: frozenset[ActKind]
    sure: dict[ActKind, float]

    def marked(self, found: Iterable[Found]) -> tuple[Found, ...]:
        """The acts, each with whether it is too doubtful to warn on."""
        return tuple(
            structs.replace(one, unsure=self.found.get(one.kind, inf) < self.sure[one.kind])
            for one in found
        )


def likely(
    look: Look, model: Model, talk: Talk, greetings: Sequence[str], *, brief: bool
) -> Chances:
    """How likely a line is to be which acts, where it stands.

    Args:
        look: at the line.
        model: of the speaker.
        talk: so far.
        greetings: words that open a call as well as they end one.
        brief: the line is short enough to be a backchannel.
    """
    odds = model.odds(look.features, look.twin, look.within)
    chances = {ActKind(act): one for act, one in odds.items()}
    if not talk.begun and look.starts(greetings):
        chances[ActKind.GOODBYE] = 0.0
    if not brief:
        chances[ActKind.BACKCHANNEL] = 0.0
    found = {act: chance for act, chance in chances.items() if chance >= 1.0}
    best = max(found, key=found.__getitem__, default=None)
    if best in SLIGHT:
        found = {best: found[best]}
    else:
        found = {act: chance for act, chance in found.items() if act not in SLIGHT}
    possible = frozenset(act for act, chance in chances.items() if chance >= MAYBE)
    return Chances(found, possible, {act: model.sure(act) for act in chances})


def _held(logit: float) -> float:
    return max(-STRONG, min(STRONG, logit))


def _spans(text: str, parts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each piece stands in its line; pieces follow each other."""
    begin = 0
    for part in parts:
        first = part.split(" ", 1)[0]
        found = text.find(first, begin)
        begin = found if found >= 0 else begin
        end = min(len(text), begin + len(part))
        yield begin, end
        begin = end
