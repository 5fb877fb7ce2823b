"""The taught half of understanding: a small encoder network reads a line behind those before it.

It is the lower half of multilingual-e5-small (MIT), taught by `python -m tests.training.teach` on
labelled calls; it knows Dutch and English, and what the playbook adds it does not know.
"""

import json
from collections.abc import Sequence
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
BEFORE = 2  # lines that stand in front of the one that is read
BEFORE_PIECES = 20  # of each of them at most: its last ones
LINE_PIECES = 64  # of the line at most: its last ones
MARKS = {Speaker.REP: (1, 3), Speaker.CUSTOMER: (2, 4)}  # of a line before, of the line itself

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]
Spoken = tuple[Speaker, str]


class Laid(Struct, frozen=True):
    """A line as the network reads it."""

    pieces: list[int]
    marks: list[int]
    own: tuple[int, int]  # where the line itself begins and ends among the pieces
    spans: list[tuple[int, int]]  # of each of its pieces in the text


class Thought(Struct, frozen=True):
    """What the network makes of a line.

    Attributes:
        logits: by act (or `no.reason`), above 0 when it is likelier than not.
        weights: how much each piece of the line speaks for each act, shape (pieces, acts).
        spans: of each of the pieces in the text.
    """

    logits: dict[str, float]
    weights: Floats
    spans: list[tuple[int, int]]

    def weight(self, act: str, begin: int, end: int) -> float:
        """How much a part of the text speaks for an act, summed over its pieces."""
        column = list(self.logits).index(act)
        inside = [place for place, (first, _) in enumerate(self.spans) if begin <= first < end]
        return float(self.weights[inside, column].sum())


class Thinker(Protocol):
    """Whatever reads a line behind the lines before it."""

    def think(self, before: Sequence[Spoken], speaker: Speaker, text: str) -> Thought:
        """Return what it makes of the line."""
        ...


def lay_out(tokenizer: "Tokenizer", before: Sequence[Spoken], speaker: Speaker, text: str) -> Laid:
    """Begin, the lines before, end, the line, end; each piece marked with whose it is."""
    pieces, marks = [BEGIN], [0]
    for who, said in before[-BEFORE:]:
        found = tokenizer.encode(said, add_special_tokens=False).ids[-BEFORE_PIECES:]
        pieces += found
        marks += [MARKS[who][0]] * len(found)
    line = tokenizer.encode(text, add_special_tokens=False)
    own, spans = line.ids[-LINE_PIECES:] or [UNKNOWN], line.offsets[-LINE_PIECES:] or [(0, 0)]
    begin = len(pieces) + 1
    pieces += [END, *own, END]
    marks += [0, *[MARKS[speaker][1]] * len(own), 0]
    return Laid(pieces, marks, (begin, begin + len(own)), spans)


class Network:
    """The network as it ships; loads on first use."""

    @cached_property
    def _session(self) -> "InferenceSession":
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        data = files("copilot.dialogue").joinpath("acts.onnx").read_bytes()
        return InferenceSession(data, options, providers=["CPUExecutionProvider"])

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

    def think(self, before: Sequence[Spoken], speaker: Speaker, text: str) -> Thought:
        """Read a line behind the lines before it."""
        laid = lay_out(self._tokenizer, before, speaker, text)
        feed = {
            "pieces": np.array([laid.pieces], np.int64),
            "marks": np.array([laid.marks], np.int64),
        }
        (hidden,) = self._session.run(None, feed)
        acts, weights, bias = self._head
        rows = _rows(acts, speaker)
        own = np.asarray(hidden[0, slice(*laid.own)], np.float32)
        shares = _shares(own, weights[rows])
        logits = shares.sum(0) + bias[rows]
        named = dict(zip(acts[speaker], (float(one) for one in logits), strict=True))
        return Thought(named, shares, laid.spans)


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
