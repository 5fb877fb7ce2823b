"""A line in pieces: what stands beside what, also where recognition left out the punctuation."""

import re
from collections.abc import Iterator, Sequence

SHORTEST = 3  # words of a piece that can carry an act of its own
STOP = re.compile(r"(?<=[.?!;…])\s+")
COMMA = re.compile(r",\s+")


def pieces(text: str, joints: Sequence[str]) -> list[str]:
    """Return the sentences and clauses of a line, in order; the line itself if it has but one.

    Args:
        text: the line.
        joints: words before which a new clause begins even without a comma: "because", "then".
    """
    found = []
    for sentence in STOP.split(text):
        clauses = _joined(COMMA.split(sentence))
        found += [piece for clause in clauses for piece in _at_joints(clause, joints)]
    return [piece for piece in found if piece.strip()] or [text]


def _joined(clauses: Sequence[str]) -> list[str]:
    """Put what is too short to stand alone back to what stands before it."""
    kept: list[str] = []
    for clause in clauses:
        if kept and (len(clause.split()) < SHORTEST or len(kept[-1].split()) < SHORTEST):
            kept[-1] = f"{kept[-1]}, {clause}"
        else:
            kept.append(clause)
    return kept


def _at_joints(clause: str, joints: Sequence[str]) -> Iterator[str]:
    words, begin = clause.split(" "), 0
    for place in range(SHORTEST, len(words) - SHORTEST):
        if place - begin >= SHORTEST and words[place].lower() in joints:
            yield " ".join(words[begin:place])
            begin = place
    yield " ".join(words[begin:])
