"""Every language's playbook has words for all that the rep is told and all that is understood."""

from pathlib import Path
from string import Formatter

import pytest
from msgspec import structs

from copilot.dialogue.judge import FORMS
from copilot.dialogue.playbook import languages, load_playbook
from copilot.errors import PlaybookError
from copilot.events import CueName, Key, Reason, Trouble
from copilot.sinks.scene import WORDS
from copilot.sources.live.device import Role
from copilot.speech.inspection import Finding

MOST_WORDS = 8  # that a rep can take in at a glance


@pytest.mark.parametrize("language", languages())
def test_every_cue_has_words(language: str) -> None:
    cues = load_playbook(language).cues
    assert set(cues) == set(CueName)
    assert all(1 <= len(text.split()) <= MOST_WORDS for text in cues.values())


@pytest.mark.parametrize("language", languages())
def test_every_label_on_the_screen_has_words(language: str) -> None:
    playbook = load_playbook(language)
    assert set(playbook.screen) == set(WORDS)
    tables = ((playbook.troubles, Trouble), (playbook.reasons, Reason), (playbook.keys, Key))
    for table, names in tables:
        assert set(table) == set(names)
        assert all(table.values())


@pytest.mark.parametrize("language", languages())
def test_every_act_and_reason_has_examples(language: str) -> None:
    examples = load_playbook(language).examples
    learned = {
        act: lines for act, lines in structs.asdict(examples.rep).items() if act not in FORMS
    }
    assert all(learned.values())
    assert all(structs.asdict(examples.customer).values())
    assert set(examples.customer.no) == set(Reason)


def test_a_team_adds_examples_and_replaces_wording(tmp_path: Path) -> None:
    team = tmp_path / "team.toml"
    team.write_text('[cues]\nask_why = "Vraag door"\n[examples.rep]\nrecap = ["kort gezegd dus"]\n')
    own, plain = load_playbook("nl", team), load_playbook("nl")
    assert own.cues[CueName.ASK_WHY] == "Vraag door"
    assert own.examples.rep.recap == [*plain.examples.rep.recap, "kort gezegd dus"]


def test_a_mistake_is_named_by_file_and_key(tmp_path: Path) -> None:
    team = tmp_path / "team.toml"
    team.write_text("[thresholds]\nhold_due = -1\n")
    with pytest.raises(PlaybookError, match=r"team\.toml:2: thresholds\.hold_due"):
        load_playbook("nl", team)


def test_what_devices_and_doctor_say_is_there_in_every_language() -> None:
    said = [load_playbook(language).machine for language in languages()]
    assert all(one.keys() == said[0].keys() for one in said)
    assert {*Finding, *Role} <= said[0].keys()
    for key, text in said[0].items():
        blanks = [name for _, name, _, _ in Formatter().parse(text) if name]
        for other in said[1:]:
            assert [name for _, name, _, _ in Formatter().parse(other[key]) if name] == blanks, key


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('language = "en"\n', r"team\.toml:1: language: is a file for another language than nl"),
        ('language = "NL"\n', r"team\.toml:1: language: is a file for another language than nl"),
        (
            '[examples.customer]\nno.other = ["..."]\n',
            r"team\.toml:2: .*no\.other\[0\]: has no words",
        ),
        ('[examples.customer]\nno = ["te duur"]\n', r"team\.toml:2: .*write no\.budget, no\."),
        ('\n\n[example.rep]\nrecap = ["dus"]\n', r"team\.toml:[34]: example: unknown key"),
        ('[thresholds]\nhold_due = "x"\n', "team.toml:2: thresholds.hold_due: must be a number"),
        ('[examples.customer]\nyes = "a b"\n', "examples.customer.yes: must be a list between"),
        ("[cues]\nask_why = 3\n", "cues.ask_why: must be words between quotes"),
        ('[screen]\nhelt = "x"\n', r"team\.toml:2: screen\.helt: unknown key 'helt'; .*held"),
        ("[cues]\nask_why = \u201cVraag door\u201d\n", "write straight quotes there"),
    ],
)
def test_a_remedy_stands_beside_the_mistake(tmp_path: Path, text: str, told: str) -> None:
    team = tmp_path / "team.toml"
    team.write_text(text, encoding="utf-8")
    with pytest.raises(PlaybookError, match=told):
        load_playbook("nl", team)


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    team = tmp_path / "team.toml"
    team.write_bytes(b'\xef\xbb\xbf[cues]\r\nask_why = "Vraag door"\r\n')
    assert load_playbook("nl", team).cues[CueName.ASK_WHY] == "Vraag door"


def test_a_team_adds_to_the_grammar(tmp_path: Path) -> None:
    team = tmp_path / "team.toml"
    team.write_text('[grammar]\nquestion_words = ["wadde"]\n')
    assert load_playbook("nl", team).grammar.question_words[-1] == "wadde"
