"""Joins two mono streams into one call; the shorter is filled with silence to the other's end."""

from collections.abc import Iterator

import numpy as np

from copilot.events import Lost
from copilot.frames import Block, Samples
from copilot.sources.pieces import Piece, Sound


class _Side:
    """One speaker's stream as far as it has come in."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._pieces = pieces
        self._waiting = np.empty(0, np.int16)
        self.end = 0  # samples that have come in
        self.over = False

    def pull(self) -> Iterator[Lost]:
        """Takes in the next piece; a loss, which stands at `end`, is passed on."""
        piece = next(self._pieces, None)
        if piece is None:
            self.over = True
        elif isinstance(piece, Lost):
            yield piece
        else:
            self._waiting = np.concatenate((self._waiting, piece[:, 0]))
            self.end += len(piece)

    def take(self, count: int) -> Samples:
        """The next `count` samples, with silence for what the stream does not have."""
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return np.pad(taken, (0, count - len(taken)))


def join(rep: Iterator[Piece], customer: Iterator[Piece]) -> Iterator[Sound]:
    """Yields both streams, of shape (n, 1), side by side, with the losses of either in their place.

    Only the stream that is behind is pulled, and only when all of it has been passed on: so at
    most one piece of the other waits, and a loss is met exactly where it stands.
    """
    sides = (_Side(rep), _Side(customer))
    position = 0
    while still := [side for side in sides if not side.over]:
        behind = min(still, key=lambda side: side.end)
        if behind.end == position:
            yield from behind.pull()
        else:
            columns = [side.take(behind.end - position) for side in sides]
            yield Block(position, np.stack(columns, axis=1))
            position = behind.end
