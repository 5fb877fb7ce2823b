"""The sense of a line: how much it is each act, learned from the playbook's examples on loading."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from msgspec import Struct

from copilot.dialogue.judge import NOTHING
from copilot.dialogue.space import SENSE, Encoder, Space, Vectors, plain
from copilot.dialogue.turns import Turner, Turns

RIDGE = 1.0  # regularisation; measured on the corpus
CERTAIN = 1.0  # what a certain phrase adds to a score
SAME = 0.93  # likeness from which two lines say the same ...
SAME_AS_OWN = 0.8  # ... and from which a line is meant by an example that a team added
LONG_ENOUGH = 4  # words of a line that means the same wherever it stands; ...
OWN_LONG_ENOUGH = 2  # ... a team that adds a shorter one will know why
WITHIN = 3  # words of an example of a team's own that is heard inside a longer line too


class Score(Struct, frozen=True):
    """How much a line is an act: about 1 like its examples, about -1 like the others."""

    value: float
    likeness: float  # cosine to the nearest example of that act
    nearest: str


class Sight(Struct, frozen=True):
    """A line among the examples."""

    scores: dict[str, Score]
    twin: frozenset[str] | None  # acts of an example that says nearly the same, or `none` alone
    within: frozenset[str] = frozenset()  # acts of examples of a team's own that stand in it


class _Own(Struct, frozen=True):
    """An example that a team added."""

    padded: str  # plain, a blank on either side
    acts: frozenset[str]
    turns: Turns


class Sense:
    """Kernel ridge regression, one output for each act, over the examples of one speaker.

    Args:
        encoder: of sentences.
        examples: lines by act; `none` are lines that are no act. A line may stand in several.
        certain: phrases by act; a line that has one is that act, or nearly.
        own: the examples that a team added to mend what was missed.
        turner: tells what turns the sense of a line.
    """

    def __init__(
        self,
        encoder: Encoder,
        examples: Mapping[str, Sequence[str]],
        certain: Mapping[str, Sequence[str]],
        own: Mapping[str, Sequence[str]],
        turner: Turner,
    ) -> None:
        examples = _moved(examples, own)
        self.acts = [act for act, lines in examples.items() if lines and act != NOTHING]
        self._turner = turner
        self._lines = sorted({line for lines in examples.values() for line in lines})
        self._certain = {
            act: [f" {plain(phrase)} " for phrase in certain.get(act, ())] for act in self.acts
        }
        self._space = Space(encoder, self._lines)
        members = [frozenset(examples[act]) for act in self.acts]
        self._is = np.array([[line in own for own in members] for line in self._lines])
        added = {line for lines in own.values() for line in lines}
        self._own = np.array([line in added for line in self._lines])
        self._phrases = [
            _Own(f" {plain(line)} ", self._acts_of(place), turner(line))
            for place, line in enumerate(self._lines)
            if line in added and len(plain(line).split()) >= WITHIN
        ]
        self._aside = ThreadPoolExecutor(1, "sense")
        self._learn()

    def _learn(self) -> None:
        """Solve for the weights; of the examples only their sense is kept, to find the nearest."""
        known = self._space.place_known()
        target = np.where(self._is, 1.0, -1.0).astype(np.float32)
        shipped = ~self._own
        self._weights = self._shipped_weights = _ridge(known, target)
        if not shipped.all():
            self._shipped_weights = _ridge(known[shipped], target[shipped])
        self._known = known[:, :SENSE].copy()

    def begin(self, text: str) -> Future[Sight]:
        """See a line on another core, if one is idle, while the network reads it on this one."""
        return self._aside.submit(self.see, text)

    def see(self, text: str) -> Sight:
        """Score a line for each act, and look for an example that says nearly the same."""
        placed = self._space.place([text])
        likeness = (placed[:, :SENSE] @ self._known.T)[0]
        padded = f" {plain(text)} "
        twin, turned = self._twin(text, likeness, len(padded.split()))
        values = (placed @ (self._shipped_weights if turned else self._weights))[0]
        scores = {}
        for column, act in enumerate(self.acts):
            best = int(np.argmax(np.where(self._is[:, column], likeness, -1.0)))
            sure = any(phrase in padded for phrase in self._certain[act])
            points = float(values[column]) + (CERTAIN if sure else 0.0)
            scores[act] = Score(points, float(likeness[best]), self._lines[best])
        within = frozenset(act for acts in self._within(text, padded) for act in acts)
        return Sight(scores, twin, within if twin is None else frozenset())

    def _twin(self, text: str, likeness: Vectors, words: int) -> tuple[frozenset[str] | None, bool]:
        """The acts of an example that says nearly the same; of a team's own one sooner.

        Also whether the line has the words of a team's own example and turns its sense, so that
        nothing is to be learned from that.
        """
        own = int(np.argmax(np.where(self._own, likeness, -1.0)))
        near = bool(self._own[own]) and likeness[own] >= SAME_AS_OWN and words >= OWN_LONG_ENOUGH
        says = near and self._says(text, own)
        if says:
            return self._acts_of(own) or frozenset({NOTHING}), False
        nearest = int(np.argmax(likeness))
        if likeness[nearest] >= SAME and words >= LONG_ENOUGH and self._says(text, nearest):
            return self._acts_of(nearest) or None, near  # nothing here can be an answer there
        return None, near

    def _within(self, text: str, padded: str) -> Iterator[frozenset[str]]:
        """The acts of a team's own examples that stand in a part of a line, word for word.

        What turns the sense of that part, or a "but" anywhere, keeps them out.
        """
        found = [own for own in self._phrases if own.padded in padded]
        if not found or self._turner(text).reserves:
            return
        for part in self._turner.parts(text):
            inside = f" {plain(part)} "
            for own in found:
                if own.padded in inside and self._turner.around(own.padded, inside) == own.turns:
                    yield own.acts

    def _says(self, text: str, place: int) -> bool:
        """Whether nothing turns the sense of a line that is so much like an example."""
        return self._turner(text).as_in(self._turner(self._lines[place]))

    def _acts_of(self, place: int) -> frozenset[str]:
        row = zip(self.acts, self._is[place], strict=True)
        return frozenset(act for act, is_one in row if is_one)


def _ridge(known: Vectors, target: Vectors) -> Vectors:
    """Weights of the columns, one output for each column of the target."""
    kernel = known @ known.T
    kernel.flat[:: len(known) + 1] += RIDGE
    weights: Vectors = known.T @ np.linalg.solve(kernel, target)
    return weights


def _moved(
    examples: Mapping[str, Sequence[str]], own: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """The examples; a line that a team placed stands only where the team did."""
    placed = {act: {plain(line) for line in lines} for act, lines in own.items()}
    mended = {line for lines in placed.values() for line in lines}
    found = {}
    for act, lines in examples.items():
        elsewhere = mended - placed.get(act, set())
        found[act] = [line for line in lines if not elsewhere or plain(line) not in elsewhere]
    return found
