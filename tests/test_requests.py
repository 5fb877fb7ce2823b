"""What a closing question asks for."""

import pytest

from copilot.dialogue.playbook import load_playbook
from copilot.dialogue.request import Requests
from copilot.events import Step

CASES = [
    ("nl", "Zal ik het contract opstellen?", Step.ORDER),
    ("nl", "Zal ik het onderhoudscontract opstellen?", Step.ORDER),
    ("nl", "Zet u hier uw handtekening?", Step.ORDER),
    ("nl", "Zullen we dat zo doen?", None),
    ("nl", "Doen we de deal?", None),
    ("nl", "Wilt u het eerst een maand uitproberen?", Step.TRIAL),
    ("nl", "Mag ik dinsdag bij u langskomen?", Step.VISIT),
    ("nl", "Zal ik u volgende week bellen?", Step.CALL),
    ("nl", "Zullen we eerst eens klein beginnen met één bestelling?", Step.LESS),
    ("nl", "Komt u langs, zonder contract?", Step.VISIT),
    ("en", "Shall I place the order?", Step.ORDER),
    ("en", "Would you sign it today?", Step.ORDER),
    ("en", "Shall we do it?", None),
    ("en", "Shall I come by on Tuesday?", Step.VISIT),
    ("en", "Can I call you next week?", Step.CALL),
]


def step(language: str, question: str, line: str) -> Step | None:
    words = load_playbook(language).words
    return Requests(words.steps, words.negations).step(question, line)


@pytest.mark.parametrize(("language", "question", "size"), CASES)
def test_the_size_of_a_request(language: str, question: str, size: Step | None) -> None:
    assert step(language, question, question) is size


def test_a_short_question_means_what_its_line_said() -> None:
    assert step("nl", "Akkoord?", "Dan maak ik het contract op. Akkoord?") is Step.ORDER
    assert (
        step("nl", "Zullen we dat dan maar zo doen?", "Het contract is helder. Zullen we ...")
        is None
    )
