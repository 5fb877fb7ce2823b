"""The sense of a line: how much it is each act, learned from the playbook's examples on loading."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from copilot.dialogue.space import SENSE, Encoder, Space, Vectors, plain

RIDGE = 1.0  # regularisation; measured on the corpus
CERTAIN = 1.0  # what a certain phrase adds to a score
NOTHING = "none"


class Score(Struct, frozen=True):
    """How much a line is an act: about 1 like its examples, about -1 like the others."""

    value: float
    nearest: str  # the example of that act that the line is most like


class Sense:
    """Kernel ridge regression, one output for each act, over the examples of one speaker.

    Args:
        encoder: of sentences.
        examples: lines by act; `none` are lines that are no act. A line may stand in several.
        certain: phrases by act; a line that has one is that act, or nearly.
    """

    def __init__(
        self,
        encoder: Encoder,
        examples: Mapping[str, Sequence[str]],
        certain: Mapping[str, Sequence[str]],
    ) -> None:
        self.acts = [act for act in examples if act != NOTHING]
        self._lines = sorted({line for lines in examples.values() for line in lines})
        self._certain = {
            act: [f" {plain(phrase)} " for phrase in certain.get(act, ())] for act in self.acts
        }
        self._space = Space(encoder, self._lines)
        members = [frozenset(examples[act]) for act in self.acts]
        self._is = np.array([[line in own for own in members] for line in self._lines])
        self._learn()

    def _learn(self) -> None:
        """Solve for the weights; of the examples only their sense is kept, to find the nearest."""
        known = self._space.place_known()
        kernel = known @ known.T + RIDGE * np.eye(len(known), dtype=np.float32)
        target = np.where(self._is, 1.0, -1.0).astype(np.float32)
        self._weights = known.T @ np.linalg.solve(kernel, target)
        self._known = known[:, :SENSE].copy()

    def scores(self, texts: Sequence[str]) -> list[dict[str, Score]]:
        """Score some lines for each act."""
        placed = self._space.place(texts)
        values, likeness = placed @ self._weights, placed[:, :SENSE] @ self._known.T
        rows = zip(texts, likeness, values, strict=True)
        return [self._score(text, near, value) for text, near, value in rows]

    def _score(self, text: str, near: Vectors, value: Vectors) -> dict[str, Score]:
        padded = f" {plain(text)} "
        found = {}
        for column, act in enumerate(self.acts):
            best = int(np.argmax(np.where(self._is[:, column], near, -1.0)))
            sure = any(phrase in padded for phrase in self._certain[act])
            points = float(value[column]) + (CERTAIN if sure else 0.0)
            found[act] = Score(points, self._lines[best])
        return found
