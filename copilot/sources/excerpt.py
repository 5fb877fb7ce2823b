"""A part of a recorded call; its clock stays the clock of the whole, so that times still fit."""

from collections.abc import Iterator

import numpy as np

from copilot.events import Heard, Line, Lost, Noise, Speaking
from copilot.frames import RATE, Block
from copilot.sources.pieces import Sound


def excerpt(pieces: Iterator[Sound], begin: float, end: float | None) -> Iterator[Sound]:
    """Yield silence until `begin`, the call from there, and nothing after `end` (seconds)."""
    first = round(begin * RATE)
    last = None if end is None else round(end * RATE)
    for piece in pieces:
        if isinstance(piece, Lost):
            if piece.at >= begin:
                yield piece
            continue
        if last is not None and piece.start >= last:
            return
        yield _cut(piece, first, last)


def _cut(block: Block, first: int, last: int | None) -> Block:
    samples = block.samples if last is None else block.samples[: last - block.start]
    silent = min(len(samples), max(0, first - block.start))
    if silent:
        samples = np.concatenate((np.zeros((silent, 2), np.int16), samples[silent:]))
    return Block(block.start, samples)


def told_excerpt(heard: Iterator[Heard], begin: float, end: float | None) -> Iterator[Heard]:
    """The same of a transcript: lines that began earlier are left out, with their speech."""
    for one in heard:
        if end is not None and one.at > end:
            return
        started = one.since if isinstance(one, Speaking) else one.at
        started = one.start if isinstance(one, Line | Noise) else started
        if started >= begin or not isinstance(one, Line | Noise | Speaking):
            yield one
