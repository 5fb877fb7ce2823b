"""A stream of sound on its way to the clock: runs of samples, and what is missing between."""

from collections.abc import Iterator

import numpy as np

from copilot.events import Lost
from copilot.frames import RATE, Block, Samples

Piece = Samples | Lost  # samples have shape (n, channels); a Lost stands where the loss begins
Sound = Block | Lost

SHORTEST = RATE // 4  # samples in a piece, but for the last and those before a loss
LONGEST = RATE


def silence(count: int, channels: int) -> Iterator[Samples]:
    """Yields `count` samples of digital silence, a second at a time."""
    for start in range(0, count, LONGEST):
        yield np.zeros((min(LONGEST, count - start), channels), np.int16)


def even(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Joins short pieces and cuts long ones, so that later rooms do little work per call."""
    held: list[Samples] = []
    for piece in pieces:
        if isinstance(piece, Lost):
            yield from _cut(held)
            yield piece
            held = []
        else:
            held.append(piece)
            if sum(map(len, held)) >= SHORTEST:
                yield from _cut(held)
                held = []
    yield from _cut(held)


def _cut(held: list[Samples]) -> Iterator[Samples]:
    if held:
        whole = np.concatenate(held)
        for start in range(0, len(whole), LONGEST):
            yield whole[start : start + LONGEST]
