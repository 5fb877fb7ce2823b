"""What turns the sense of a line though most of its words stay: a denial, a reserve, a question."""

from msgspec import Struct

from copilot.dialogue.grammar import Form, Parser
from copilot.dialogue.pieces import pieces
from copilot.dialogue.playbook import Words
from copilot.dialogue.space import plain


class Turns(Struct, frozen=True):
    """What of this a line has."""

    denials: int  # different words that deny: "nee" and "niet" are two
    reserves: bool
    asks: int  # pieces that do by the order of their words: a question mark is not always heard

    def as_in(self, example: "Turns") -> bool:
        """Whether the line can say what an example says, that has so many words of it."""
        reserves, asks = self.reserves <= example.reserves, self.asks <= example.asks
        return self.denials == example.denials and reserves and asks


class Turner:
    """Tells what turns a line.

    Args:
        words: of the language.
        parser: tells the form of its sentences.
    """

    def __init__(self, words: Words, parser: Parser) -> None:
        self._negations, self._contrast = frozenset(words.negations), words.contrast
        self._parser, self._openers = parser, frozenset(parser.openers)

    def __call__(self, text: str) -> Turns:
        """Look at one line."""
        padded = f" {plain(text)} "
        return Turns(
            denials=sum(f" {word} " in padded for word in self._negations),
            reserves=any(f" {word} " in padded for word in self._contrast),
            asks=sum(self._asks(part) for part in self.parts(text)),
        )

    def parts(self, text: str) -> list[str]:
        """The sentences and clauses of a line, none with a question mark."""
        return pieces(text.replace("?", "."), self._parser.joints)

    def around(self, phrase: str, inside: str) -> Turns:
        """What turns a phrase where it stands: what is before an "and" does not.

        Args:
            phrase: in plain words, a blank on either side.
            inside: the part of a line that holds it, the same way.
        """
        before, _, behind = inside.partition(phrase)
        anew = not self._openers.isdisjoint(before.split()[-1:])
        return self(f"{'' if anew else before}{phrase}{behind}".strip())

    def _asks(self, part: str) -> bool:
        return self._parser.form(part) is not Form.STATEMENT or self._parser.verb_leads(part)
