"""The taught half of understanding: a small encoder network reads a line behind those before it.

It began as the lower nine layers of multilingual-e5-small (MIT), and was taught by
`python -m tests.training.teach` on labelled calls; it knows Dutch and English, and what the
playbook adds it does not know. A line is read once: the lines behind it look back at the keys and
values that were kept of it, so that a line costs its own pieces only.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from copilot.events import Speaker

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

BEGIN, END, UNKNOWN = 0, 2, 3  # special pieces of the vocabulary
BEFORE = 6  # lines of substance that a line looks back at
LINE_PIECES = 64  # of a line at most: its last ones
MARKS = {Speaker.REP: 0, Speaker.CUSTOMER: 1}
# what it costs each head of attention to look one line further back
PENALTIES = (0.0, 0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.5, 5.0)

Floats = NDArray[np.float32]


class Laid(Struct, frozen=True):
    """A line as the network reads it."""

    pieces: list[int]  # with begin and end
    spans: list[tuple[int, int]]  # in the text, of each piece between begin and end


class Kept(Struct, frozen=True, eq=False):
    """What later lines see of a line.

    Attributes:
        keys: shape (layers, pieces, width).
        values: the same.
    """

    keys: Floats
    values: Floats


class Thought(Struct, frozen=True):
    """What the network makes of a line.

    Attributes:
        logits: by act (or `no.reason`, `closed_question.courtesy`), above 0 when it is likelier
            than not.
        weights: how much each piece of the line speaks for each act, shape (pieces, acts).
        spans: of each of the pieces in the text.
        kept: for the lines behind it.
    """

    logits: dict[str, float]
    weights: Floats
    spans: list[tuple[int, int]]
    kept: Kept

    def weight(self, act: str, begin: int, end: int) -> float:
        """How much a part of the text speaks for an act, summed over its pieces."""
        column = list(self.logits).index(act)
        inside = [place for place, (first, _) in enumerate(self.spans) if begin <= first < end]
        return float(self.weights[inside, column].sum())


class Thinker(Protocol):
    """Whatever reads a line behind the lines before it."""

    def think(self, before: Sequence[Kept], speaker: Speaker, text: str) -> Thought:
        """Return what it makes of the line; of those before, it kept something."""
        ...


def lay_out(tokenizer: "Tokenizer", text: str) -> Laid:
    """The pieces of a line between begin and end."""
    line = tokenizer.encode(text, add_special_tokens=False)
    pieces, spans = line.ids[-LINE_PIECES:] or [UNKNOWN], line.offsets[-LINE_PIECES:] or [(0, 0)]
    return Laid([BEGIN, *pieces, END], spans)


class Network:
    """The network as it ships; loads on first use."""

    @cached_property
    def _session(self) -> "InferenceSession":
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = str(files("copilot.dialogue").joinpath("acts.onnx"))
        return InferenceSession(path, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        return Tokenizer.from_str(
            files("copilot.dialogue").joinpath("acts.json").read_text("utf-8")
        )

    @cached_property
    def _head(self) -> tuple[dict[Speaker, list[str]], Floats, Floats]:
        """The acts of each speaker, and the head's weights and bias."""
        with np.load(Path(str(files("copilot.dialogue").joinpath("acts.npz")))) as head:
            names = json.loads(str(head["acts"]))
            return {Speaker(who): names[who] for who in names}, head["weights"], head["bias"]

    def think(self, before: Sequence[Kept], speaker: Speaker, text: str) -> Thought:
        """Read a line behind the lines before it."""
        laid, seen = lay_out(self._tokenizer, text), before[-BEFORE:]
        keys, values, back = self._nothing
        feed = {
            "pieces": np.array(laid.pieces, np.int64),
            "mark": np.array([MARKS[speaker]], np.int64),
            "keys": np.concatenate([keys, *(one.keys for one in seen)], axis=1),
            "values": np.concatenate([values, *(one.values for one in seen)], axis=1),
            "back": np.concatenate([back, *_backs(seen)]),
        }
        hidden, new_keys, new_values = self._session.run(None, feed)
        acts, weights, bias = self._head
        rows = _rows(acts, speaker)
        shares = _shares(np.asarray(hidden[1:-1], np.float32), weights[rows])
        logits = shares.sum(0) + bias[rows]
        named = dict(zip(acts[speaker], (float(one) for one in logits), strict=True))
        return Thought(named, shares, laid.spans, Kept(new_keys, new_values))

    @cached_property
    def _nothing(self) -> tuple[Floats, Floats, NDArray[np.int64]]:
        """The keys, values and distances of no line."""
        shapes = {one.name: one.shape for one in self._session.get_inputs()}
        layers, _, width = shapes["keys"]
        none = np.zeros((layers, 0, width), np.float32)
        return none, none, np.zeros(0, np.int64)


def _backs(seen: Sequence[Kept]) -> Iterator[NDArray[np.int64]]:
    """How many lines back each piece of the lines before is."""
    for place, one in enumerate(seen):
        yield np.full(one.keys.shape[1], len(seen) - place, np.int64)


def _rows(acts: dict[Speaker, list[str]], speaker: Speaker) -> slice:
    """Where the acts of a speaker stand: the rep's first."""
    begin = 0 if speaker is Speaker.REP else len(acts[Speaker.REP])
    return slice(begin, begin + len(acts[speaker]))


def _shares(own: Floats, weights: Floats) -> Floats:
    """What each piece adds to each logit: a part of the mean, and the maxima that are its own."""
    pieces, width = own.shape
    shares: Floats = own @ weights[:, :width].T / pieces
    for_top = own[own.argmax(0), np.arange(width)] * weights[:, width:]
    np.add.at(shares, own.argmax(0), for_top.T)
    return shares
