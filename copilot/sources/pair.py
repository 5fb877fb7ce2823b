"""Joins two mono streams into one call; the shorter is filled with silence to the other's end."""

from collections import deque
from collections.abc import Iterator

import numpy as np

from copilot.events import Lost
from copilot.sources.pieces import Piece, Sound
from copilot.speech.frames import RATE, Block, Samples


class _Side:
    """One speaker's stream as far as it has come in; `taken` and `end` are sample indices."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._pieces = pieces
        self._waiting = np.empty(0, np.int16)
        self.end = 0
        self.over = False
        self.losses: deque[Lost] = deque()

    def pull(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self.over = True
        elif isinstance(piece, Lost):
            self.losses.append(piece)
        else:
            self._waiting = np.concatenate((self._waiting, piece[:, 0]))
            self.end += len(piece)

    def take(self, count: int) -> Samples:
        """The next `count` samples, with silence for what the stream does not have."""
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return np.pad(taken, (0, count - len(taken)))


def join(rep: Iterator[Piece], customer: Iterator[Piece]) -> Iterator[Sound]:
    """Yields both streams, of shape (n, 1), side by side, with the losses of either in their place.

    Only the stream that is behind is pulled, so at most one piece of the other waits.
    """
    sides = (_Side(rep), _Side(customer))
    position = 0
    while True:
        yield from _due(sides, position)
        stop = _ready(sides)
        if stop > position:
            columns = [side.take(stop - position) for side in sides]
            yield Block(position, np.stack(columns, axis=1))
            position = stop
        elif any(not side.over for side in sides):
            min((side for side in sides if not side.over), key=lambda side: side.end).pull()
        else:
            return


def _due(sides: tuple[_Side, _Side], position: int) -> Iterator[Lost]:
    for side in sides:
        while side.losses and _index(side.losses[0]) <= position:
            yield side.losses.popleft()


def _ready(sides: tuple[_Side, _Side]) -> int:
    """Up to which sample both sides are known; a loss ends a block, so that it stands in order."""
    open_ends = [side.end for side in sides if not side.over]
    ready = min(open_ends) if open_ends else max(side.end for side in sides)
    return min([ready, *(_index(side.losses[0]) for side in sides if side.losses)])


def _index(lost: Lost) -> int:
    return round(lost.at * RATE)
