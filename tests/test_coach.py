"""What a coach hears of a playbook: its mistakes, its doubtful examples, a sentence tried."""

from pathlib import Path

import pytest
from msgspec import structs
from rich.console import Console as Terminal

from copilot.app import learn
from copilot.coach import Trial, check, try_sentence
from copilot.dialogue.acts import Understanding
from copilot.dialogue.floor import Floor
from copilot.dialogue.playbook import languages, load_playbook
from copilot.dialogue.talk import Talk
from copilot.errors import PlaybookError
from copilot.events import ActKind, Reason, Speaker

WRONG = """\
# a team's file
[examples.customer.no]
budget = ["daar hangt me een te dik prijskaartje aan",
   # a comment with "quotes"
   "boven onze macht", 5]
speed = ["x"]

[cues]
ask_why = "een twee drie vier vijf zes zeven acht negen"
ladder_pac = ""
nagging = 3

[thresholds]
answer_overdue = -8
foo = 1

[words]
backchannels = ["aha", ""]
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    check(path, "nl", Terminal(width=200))
    return capsys.readouterr().out.splitlines()


def test_every_mistake_has_its_line_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    team = tmp_path / "team.toml"
    team.write_text(WRONG)
    with pytest.raises(PlaybookError, match=r"team\.toml: 8 mistakes"):
        check(team, "nl", Terminal(width=200))
    rows = capsys.readouterr().out.splitlines()
    places = [row.removeprefix(f"{team}:").split(": ")[:2] for row in rows]
    assert places == [
        ["5", "examples.customer.no.budget[2]"],
        ["6", "examples.customer.no.speed"],
        ["9", "cues.ask_why"],
        ["10", "cues.ladder_pac"],
        ["11", "cues.nagging"],
        ["14", "thresholds.answer_overdue"],
        ["15", "thresholds.foo"],
        ["18", "words.backchannels[1]"],
    ]


def test_a_phrase_for_what_is_no_act_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    team = tmp_path / "team.toml"
    team.write_text('[words.certain]\nmaybe = ["wie weet"]\n')
    with pytest.raises(PlaybookError):
        check(team, "nl", Terminal(width=200))
    assert "team.toml:2: words.certain.maybe: unknown act" in capsys.readouterr().out


def test_a_sound_playbook_has_nothing_to_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    team = tmp_path / "team.toml"
    team.write_text('[examples.customer.no]\nbudget = ["dat is veel te duur voor ons"]\n')
    assert checked(team, capsys) == [f"{team}: no mistakes; 0 to look at twice"]


def test_contradicting_examples_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    team = tmp_path / "team.toml"
    team.write_text(
        "[examples.customer]\n"
        'yes = ["dat is een dikke duim"]\n'
        'hesitation = ["stuur de hond maar",\n  "Dat is een dikke duim!"]\n'
    )
    rows = checked(team, capsys)
    assert rows[0].startswith(f"{team}:2: examples.customer.yes[0]:")
    assert "stands under hesitation too" in rows[0]
    assert any(row.startswith(f"{team}:4: examples.customer.hesitation[1]:") for row in rows)


def test_an_example_near_another_act_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    team = tmp_path / "team.toml"
    team.write_text('[examples.customer]\nyes = ["dat is ons echt veel te duur"]\n')
    [row, _] = checked(team, capsys)
    assert f"{team}:2: examples.customer.yes[0]" in row
    assert "sits nearest to" in row
    assert "no.budget" in row


def test_a_number_far_from_the_usual_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    team = tmp_path / "team.toml"
    team.write_text("[thresholds]\nanswer_overdue = 25\nhold_due = 600\n")
    assert checked(team, capsys) == [
        f"{team}:3: thresholds.hold_due: 600.0 is far from the usual 0.6 (times are in seconds)",
        f"{team}: no mistakes; 1 to look at twice",
    ]


def test_a_sentence_is_tried_behind_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    trial = Trial("Ja, doe maar.", (Speaker.CUSTOMER,))
    try_sentence(Path("nl"), "nl", trial, Terminal(width=200))
    assert "as the first line of a call" in capsys.readouterr().out
    behind = structs.replace(trial, after="Zal ik het vastleggen?")
    try_sentence(Path("nl"), "nl", behind, Terminal(width=200))
    assert "after: Zal ik het vastleggen?" in capsys.readouterr().out


@pytest.mark.parametrize("language", languages())
def test_a_sentence_is_tried(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    sentence = {"nl": "Dat is ons te duur.", "en": "That is too expensive for us."}[language]
    trial = Trial(sentence, (Speaker.CUSTOMER,))
    try_sentence(Path(language), language, trial, Terminal(width=200))
    first = next(row for row in capsys.readouterr().out.splitlines() if " yes " in row)
    assert first.strip("│ ").startswith("no: budget ")


def test_a_missed_phrase_is_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentence = "Nou, die vlieger gaat bij ons niet meer op."
    team = tmp_path / "team.toml"
    team.write_text("[examples.customer]\nhesitation = ['die vlieger gaat bij ons niet meer op']\n")
    try_sentence(team, "nl", Trial(sentence, (Speaker.CUSTOMER,)), Terminal(width=200))
    rows = capsys.readouterr().out.splitlines()
    assert any("hesitation" in row and "│ yes │" in row and "die vlieger" in row for row in rows)


MENDED = """
[examples.customer]
yes = ["dat gaan we zeker proberen", "nee we willen juist wel"]
no.budget = ["dat is me een rib uit het lijf"]
no.supplier = ["voor dat geld haal ik er twee bij mijn neef"]
final_no = ["u mag mij hier nooit meer over bellen"]
none = ["Zet mij maar op de lijst!"]
[examples.rep]
argument = ["voor de prijs van een kop koffie per dag bent u overal vanaf"]
closed_question = ["uw bestellingen doet u nu met de hand"]
none = ["Hoe mooi is dat!"]
"""


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Understanding:
    team = tmp_path_factory.mktemp("team") / "team.toml"
    team.write_text(MENDED)
    return learn(load_playbook("nl", team))


@pytest.mark.parametrize(
    ("speaker", "sentence", "acts"),
    [
        ("customer", "Dat gaan we zeker proberen.", {"yes"}),
        ("customer", "Dat gaan we zeker niet proberen.", {"no"}),
        ("customer", "Nee, we willen juist wel.", {"yes"}),
        ("customer", "Nee, we willen juist niet.", {"no"}),
        ("customer", "Dat is me toch een rib uit het lijf.", {"no"}),
        ("customer", "Zet mij maar op de lijst.", set()),
        ("rep", "Voor de prijs van een kop koffie per dag bent u overal vanaf.", {"argument"}),
        ("rep", "Uw bestellingen doet u nu met de hand?", {"closed_question"}),
        ("rep", "Hoe mooi is dat!", set()),
    ],
)
def test_an_example_mends_what_says_the_same_and_nothing_else(
    mended: Understanding, speaker: str, sentence: str, acts: set[str]
) -> None:
    after = "Zullen we het zo doen?" if speaker == "customer" else None
    rows = mended.weigh(sentence, Speaker(speaker), after)
    assert {row.act for row in rows if row.found} == acts


@pytest.mark.parametrize(
    ("sentence", "heard"),
    [
        ("We hebben al jaren geen winst en dat is me een rib uit het lijf.", True),
        ("Ik zou niet zeggen dat is me een rib uit het lijf.", False),
        ("Dat is me een rib uit het lijf, maar we doen het.", False),
        ("Dat is me een rib.", False),
    ],
)
def test_an_example_is_heard_inside_a_longer_line(
    mended: Understanding, sentence: str, heard: bool
) -> None:
    reader = mended.readers[Speaker.CUSTOMER]
    talk = Talk(mended.playbook.words, mended.playbook.thresholds, Floor())
    look = reader.look(sentence, talk)
    assert look.within == (frozenset({"no", "no.budget"}) if heard else frozenset())
    if heard:
        [no] = [act for act in reader.read(sentence, talk, brief=False).acts if act.kind == "no"]
        assert no.reason is Reason.BUDGET


def test_an_example_is_not_heard_in_its_own_words_as_a_question(mended: Understanding) -> None:
    asked = mended.weigh("Is dat me een rib uit het lijf?", Speaker.CUSTOMER)
    assert "no" not in {row.act for row in asked if row.found}


def test_an_example_teaches_nothing_of_a_line_that_turns_it(mended: Understanding) -> None:
    plain = learn(load_playbook("nl"))
    talk = Talk(mended.playbook.words, mended.playbook.thresholds, Floor())
    [own, shipped] = [
        one.readers[Speaker.CUSTOMER].look("Dat is me geen rib uit het lijf.", talk).features
        for one in (mended, plain)
    ]
    assert own["like:no"] == pytest.approx(shipped["like:no"], abs=0.02)


def test_what_stands_behind_a_mended_phrase_is_heard(mended: Understanding) -> None:
    yes = "Dat is me een rib uit het lijf, maar doe maar."
    rows = mended.weigh(yes, Speaker.CUSTOMER, "Zullen we het zo doen?")
    assert {"yes", "no"} & {row.act for row in rows if row.found} == {"yes"}
    both = "Voor de prijs van een kop koffie per dag bent u overal vanaf, zullen we het doen?"
    found = {row.act for row in mended.weigh(both, Speaker.REP) if row.found}
    assert found >= {"closing_question", "closed_question"}


def test_a_negation_is_never_bridged(mended: Understanding) -> None:
    reader = mended.readers[Speaker.CUSTOMER]
    talk = Talk(mended.playbook.words, mended.playbook.thresholds, Floor())
    assert reader.look("U mag mij hier nooit meer over bellen!", talk).twin == frozenset(
        {"final_no", "no"}
    )
    assert reader.look("U mag mij hier altijd over bellen.", talk).twin is None


def test_an_example_gives_its_reason(mended: Understanding) -> None:
    reader = mended.readers[Speaker.CUSTOMER]
    talk = Talk(mended.playbook.words, mended.playbook.thresholds, Floor())
    sentence = "Voor dat geld haal ik er twee bij mijn neef."
    (no,) = reader.read(sentence, talk, brief=False).acts
    assert (no.kind, no.reason) == (ActKind.NO, Reason.SUPPLIER)


def test_markup_in_a_sentence_is_only_text(capsys: pytest.CaptureFixture[str]) -> None:
    try_sentence(Path("nl"), "nl", Trial("[red]nee[/red]"), Terminal(width=200))
    assert "no" in capsys.readouterr().out


def test_a_sentence_without_words_is_refused() -> None:
    trial = Trial(" ?", (Speaker.REP,), None)
    with pytest.raises(PlaybookError, match="no words"):
        try_sentence(Path("nl"), "nl", trial, Terminal())
