"""The vectors of the shipped examples: there, right, and beside what a team adds."""

import numpy as np

from copilot.dialogue.byheart import ByHeart
from copilot.dialogue.space import Vectors, multilingual_encoder
from tests.training.place import shipped


class Nobody:
    """An encoder that nothing is left to do for."""

    def encode(self, texts: list[str]) -> Vectors:
        raise LookupError(f"python -m tests.training.place is due: {texts[:3]} are not shipped")


def test_no_start_encodes_a_shipped_example() -> None:
    lines = shipped()
    assert ByHeart(Nobody()).encode(lines).shape[0] == len(lines)


def test_what_ships_is_what_the_encoder_says() -> None:
    lines, encoder = shipped()[::200], multilingual_encoder()
    likeness = (ByHeart(Nobody()).encode(lines) * encoder.encode(lines)).sum(axis=1)
    assert likeness.min() > 0.999


def test_what_is_new_is_encoded_in_its_place() -> None:
    encoder, known = multilingual_encoder(), shipped()[0]
    found = ByHeart(encoder).encode(["dat is flauwekul jongeman", known, "wij zijn met pensioen"])
    alone = [encoder.encode([line])[0] for line in ("dat is flauwekul jongeman", known)]
    assert np.allclose(found[0], alone[0], atol=1e-5)
    assert found[1] @ alone[1] > 0.999
