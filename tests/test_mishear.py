"""The copies that the network is taught are misheard as other lines were."""

from random import Random

from tests.training.mishear import Ear

PAIRS = [
    ("Dat is te duur.", "Dat is de duur."),
    ("Wat kost dat?", "Wat kost dat."),
    ("Dat is te laat.", "Dat is de laat."),
    ("Te weinig tijd.", "De weinig tijd."),
    ("Ik vind het te traag.", "Ik vind het de traag."),
    ("Is het te ver?", "Is het de ver?"),
]


def test_a_word_is_misheard_as_it_was() -> None:
    ear, chance = Ear(PAIRS), Random(0)
    heard = {ear.mishear("Nee, te klein.", chance).lower().rstrip(".") for _ in range(200)}
    assert any("de" in one.split() for one in heard)
    assert any("te" in one.split() for one in heard), "not every time"
    assert all(
        word in ("nee,", "nee", "te", "de", "klein", "dlein")
        for one in heard
        for word in one.split()
    )


def test_what_was_always_heard_well_stays() -> None:
    ear, chance = Ear([("Ja, goed.", "Ja, goed.")]), Random(0)
    assert {ear.mishear("Ja goed", chance).rstrip(".") for _ in range(50)} == {"Ja goed"}
