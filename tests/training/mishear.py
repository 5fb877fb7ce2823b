"""Misheard copies of lines, made the way the recogniser misheard others.

The lines that were really heard (tests/training/hear.py) are laid beside what was said, letter by
letter. What became of each word and of each letter between its neighbours is then done to others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from random import Random

from tests.benchmarks.corpus import Labelled

EDGE = " "
RARE = 4  # times; of a word heard less often the letters say more
HARSH = 0.35  # chance that a letter of a misheard word is misheard
STOPPED = 0.85  # share of the heard lines that end in a full stop, whatever was said
PUNCTUATION = '.,?!;:\u2026\u2013\u201c\u201d"()'
Pair = tuple[str, str]  # what was said, what was heard


class Ear:
    """Knows what a recogniser makes of words.

    Args:
        pairs: lines as they were said and as they were heard.
    """

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._letters: defaultdict[str, list[str]] = defaultdict(list)  # misheard only
        self._shares: list[float] = []  # of the words of a line, misheard
        self._asked = [0, 0]  # lines that asked, those heard with a question mark
        for said, heard in pairs:
            self._learn(said, heard)
        self._usual = max(0.01, sum(self._shares) / max(1, len(self._shares)))

    def _learn(self, said: str, heard: str) -> None:
        if said.endswith("?"):
            self._asked[0] += 1
            self._asked[1] += heard.endswith("?")
        words = _bare(said)
        if not words:
            return
        plain = f"{EDGE.join(words)}{EDGE}"
        became = _aligned(plain, f"{EDGE.join(_bare(heard))}{EDGE}")
        place = wrong = 0
        for word in words:
            end = place + len(word) + 1
            result = "".join(became[place:end])
            self._words[word][result] += 1
            wrong += result != f"{word}{EDGE}"
            for at in range(place, end):
                if became[at] != plain[at]:
                    for key in _keys(plain, at):
                        self._letters[key].append(became[at])
            place = end
        self._shares.append(wrong / len(words))

    def mishear(self, text: str, chance: Random) -> str:
        """What could be heard of a line."""
        if not self._shares:
            return text
        share = chance.choice(self._shares)
        parts = []
        for token in text.split():
            word = "".join(_bare(token)).strip()
            kept = token[-1] if token[-1] in ",." and chance.random() < 0.6 else ""
            if not word:
                continue
            heard = self._word(word, share, chance)
            if heard == f"{word}{EDGE}":
                heard = f"{token.strip(PUNCTUATION)}{kept}{EDGE}"
            parts.append(heard)
        heard = " ".join("".join(parts).split()).strip(" ,.")
        return self._written(heard, text, chance) if heard else text

    def _word(self, word: str, share: float, chance: Random) -> str:
        became = self._words.get(word, Counter())
        times, right = became.total(), became[f"{word}{EDGE}"]
        rate = (times - right + RARE * self._usual) / (times + RARE) / self._usual
        if chance.random() >= share * rate:
            return f"{word}{EDGE}"
        wrong = [one for one in became if one != f"{word}{EDGE}"]
        if wrong and chance.random() < times / (times + RARE):
            return chance.choices(wrong, [became[one] for one in wrong])[0]
        return self._spelt(word, chance)

    def _spelt(self, word: str, chance: Random) -> str:
        """The word with some of its letters misheard, each as between these neighbours."""
        plain = f"{EDGE}{word}{EDGE}"
        result = ""
        for at in range(1, len(plain)):
            known = next(
                (self._letters[key] for key in _keys(plain, at) if key in self._letters), []
            )
            harsh = HARSH if plain[at] != EDGE else HARSH / 3
            result += chance.choice(known) if known and chance.random() < harsh else plain[at]
        return result

    def _written(self, heard: str, said: str, chance: Random) -> str:
        """With the capital and the stop that recognition puts."""
        if chance.random() > STOPPED:
            return heard
        asked, marked = self._asked
        question = said.endswith("?") and chance.random() < marked / max(1, asked)
        return f"{heard[0].upper()}{heard[1:]}{'?' if question else '.'}"


def pairs(written: Sequence[Labelled], heard: Sequence[Labelled]) -> Iterator[Pair]:
    """The lines of a call beside what was heard of them, if no line of it was lost."""
    if len(written) == len(heard):
        for one, other in zip(written, heard, strict=True):
            yield one.text, other.text


def _bare(text: str) -> list[str]:
    return ["".join(one for one in word if one not in PUNCTUATION) for word in text.lower().split()]


def _keys(text: str, at: int) -> tuple[str, str]:
    """A letter between its neighbours, and by itself."""
    after = text[at + 1] if at + 1 < len(text) else EDGE
    return f"{text[at - 1] if at else EDGE}{text[at]}{after}", text[at]


def _aligned(said: str, heard: str) -> list[str]:
    """What became of each letter: none, one, or more where letters were put in (Levenshtein)."""
    rows = [list(range(len(heard) + 1))]
    for place, letter in enumerate(said, 1):
        above, row = rows[-1], [place]
        for at, other in enumerate(heard, 1):
            row.append(min(above[at] + 1, row[at - 1] + 1, above[at - 1] + (letter != other)))
        rows.append(row)
    became = [""] * len(said)
    place, at = len(said), len(heard)
    while place or at:
        here = rows[place][at]
        if place and at and here == rows[place - 1][at - 1] + (said[place - 1] != heard[at - 1]):
            place, at = place - 1, at - 1
            became[place] = heard[at] + became[place]
        elif at and here == rows[place][at - 1] + 1:
            at -= 1
            became[max(0, place - 1)] = heard[at] + became[max(0, place - 1)]
        else:
            place -= 1
    return became
