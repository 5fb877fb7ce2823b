"""A sentence encoder that remembers, in a folder, what it made of the playbook's examples."""

import hashlib
from pathlib import Path

import numpy as np

from copilot.dialogue.space import Encoder, Vectors

WORTH_KEEPING = 32  # lines at least: a list of examples, never what was said in a call
VERSION = b"usem3-1"  # changes when the same line would get another vector


class Remembered:
    """Encodes a list of examples once; the next start reads its vectors.

    Only playbook examples are kept, under a name made from their text; half precision, so that
    the first start and the next work with the same numbers.

    Args:
        encoder: does the work.
        folder: made when needed; when it cannot be written, nothing is remembered.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder, self._folder = encoder, folder

    def encode(self, texts: list[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions)."""
        if len(texts) < WORTH_KEEPING:
            return self._encoder.encode(texts)
        name = hashlib.sha256(VERSION + "\n".join(texts).encode()).hexdigest()[:32]
        path = self._folder / f"{name}.npy"
        kept = _read(path, len(texts))
        if kept is None:
            kept = self._encoder.encode(texts).astype(np.float16)
            _write(path, kept)
        return kept.astype(np.float32)


def _read(path: Path, lines: int) -> np.ndarray[tuple[int, int], np.dtype[np.float16]] | None:
    try:
        kept = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None  # not there, or damaged: encoded anew
    return kept if kept.ndim == 2 and len(kept) == lines else None


def _write(path: Path, vectors: np.ndarray[tuple[int, int], np.dtype[np.float16]]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_suffix(f".{id(vectors)}.tmp.npy")
        np.save(whole, vectors)
        whole.replace(path)
    except OSError:
        return  # a read-only home costs time at each start, nothing else
