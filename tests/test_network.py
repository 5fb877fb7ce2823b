"""The taught network: what it says of a line, and which words it says it by."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from copilot.dialogue.network import BEFORE, Kept, Network
from copilot.events import Speaker

NETWORK = Network()
Spoken = tuple[Speaker, str]


def kept(*lines: Spoken) -> list[Kept]:
    """What is kept of lines that were read one after the other."""
    found: list[Kept] = []
    for speaker, text in lines:
        found.append(NETWORK.think(found, speaker, text).kept)
    return found


OFFERED = kept(
    (Speaker.REP, "Zal ik de bestelling plaatsen?"),
    (Speaker.CUSTOMER, "Eh, wat kost het ook weer?"),
)


@settings(max_examples=40, deadline=None)
@given(some.text(max_size=80), some.sampled_from(Speaker))
def test_any_text_is_read(text: str, speaker: Speaker) -> None:
    thought = NETWORK.think(OFFERED, speaker, text)
    assert thought.weights.shape == (len(thought.spans), len(thought.logits))


def test_a_very_long_line_is_read_by_its_end() -> None:
    end = "Zullen we dinsdag een afspraak maken?"
    talk = "en toen kwam de loodgieter nog langs met zijn hond " * 40
    thought = NETWORK.think([], Speaker.REP, talk + end)
    assert thought.logits["closing_question"] > 0


def test_only_the_last_lines_before_matter() -> None:
    older = kept(
        (Speaker.REP, "Goedemorgen."), *[(Speaker.CUSTOMER, "Wij hebben er twee.")] * BEFORE
    )
    one, other = (NETWORK.think(lines, Speaker.CUSTOMER, "Ja.") for lines in (older, older[1:]))
    assert len(older) == BEFORE + 1
    assert one.logits == other.logits


def test_what_was_said_before_changes_what_a_line_is() -> None:
    asked = kept((Speaker.REP, "Komt dinsdag u uit?"))
    told = kept((Speaker.REP, "Wanneer haalt u het vuilnis op?"))
    yes, fact = (NETWORK.think(lines, Speaker.CUSTOMER, "Dinsdag.") for lines in (asked, told))
    assert yes.logits["yes"] > fact.logits["yes"]


@pytest.mark.parametrize(
    ("text", "act", "words"),
    [
        (
            "Het scheelt u tien procent, zal ik de bestelling plaatsen?",
            "closing_question",
            "zal ik",
        ),
        ("Het scheelt u tien procent, zal ik de bestelling plaatsen?", "argument", "scheelt"),
    ],
)
def test_the_words_that_show_an_act_weigh_most(text: str, act: str, words: str) -> None:
    thought = NETWORK.think([], Speaker.REP, text)
    comma = text.index(",")
    halves = {part: thought.weight(act, *part) for part in ((0, comma), (comma, len(text)))}
    begin, end = max(halves, key=halves.__getitem__)
    assert words in text[begin:end]
