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
        self._parser = parser

    def __call__(self, text: str) -> Turns:
        """Look at one line."""
        padded = f" {plain(text)} "
        parts = pieces(text.replace("?", "."), self._parser.joints)
        forms = [self._parser.form(part) for part in parts]
        return Turns(
            denials=sum(f" {word} " in padded for word in self._negations),
            reserves=any(f" {word} " in padded for word in self._contrast),
            asks=sum(form is not Form.STATEMENT for form in forms),
        )
