"""A call judged again from its log: as before by the same playbook, and what another changes."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from copilot.app import advised
from copilot.dialogue.acts import Understanding
from copilot.dialogue.playbook import load_playbook
from copilot.events import Bookmarked, Cue, Event, Line, Noise, Speaking, Tick, Unlogged
from copilot.rejudge import Judged, changed_acts, changed_cues
from copilot.sinks.eventlog import DECODER, EventLog, encode, read_log
from copilot.sources.stored import Stored
from copilot.store.card import Card
from tests.scenarios import FIXTURES, SCENARIOS, Hearing, read_scenario
from tests.stored import CUSTOMER, REP, STARTED, keep
from tests.test_cli import Program, complaint


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Program:
    return Program(tmp_path_factory.getbasetemp() / "rejudge_cache", data=tmp_path / "home")


def logged(events: Sequence[Event]) -> list[Event]:
    """As a log gives them back, with three decimals."""
    return [DECODER.decode(encode(event)) for event in events]


def judged_again(events: Sequence[Event], learned: Understanding, questions: list[str]) -> Judged:
    call = advised(learned, questions)
    after = [event for heard in Stored(events).heard() for event in call.hear(heard)]
    return Judged(tuple(events), tuple(one for one in after if not isinstance(one, Unlogged)))


@pytest.mark.parametrize("path", [*FIXTURES, *SCENARIOS], ids=lambda path: path.stem)
def test_the_same_playbook_gives_the_same_cues(path: Path, hearing: Hearing) -> None:
    scenario = read_scenario(path)
    asked = scenario.questions.read_text(encoding="utf-8") if scenario.questions else ""
    questions = [row for row in asked.splitlines() if row and not row.startswith("#")]
    events = logged(hearing.hear(scenario.settings))
    again = judged_again(events, hearing.learned(scenario.language), questions)
    assert list(changed_cues(again)) == []
    assert list(changed_acts(again)) == []


@pytest.mark.model
@pytest.mark.parametrize("name", ["nl_silence_broken", "nl_no_pushed", "en_silence_kept"])
def test_the_same_of_calls_that_were_heard(name: str, hearing: Hearing) -> None:
    scenario = read_scenario(next(path for path in FIXTURES if path.stem == name))
    events = logged(hearing.hear_recording(scenario))
    again = judged_again(events, hearing.learned(scenario.language), [])
    assert any(isinstance(event, Cue) for event in events)
    assert list(changed_cues(again)) == []


def speech(start: float, end: float, speaker: str = "rep") -> list[Speaking]:
    who = REP if speaker == "rep" else CUSTOMER
    return [Speaking(start + 0.1, who, True, start), Speaking(end + 0.2, who, False, end)]


def test_what_no_line_covers_was_noise() -> None:
    on, off = speech(1.0, 1.4)
    cut_on, cut_off = speech(2.0, 20.0)
    first = Line(13.9, REP, 2.0, 9.0, "een", 1.0)
    third = Line(20.9, REP, 15.0, 20.0, "drie", 1.0)
    events: list[Event] = [STARTED, on, off, cut_on, first, cut_off, third]
    heard = [one for one in Stored(events).heard() if not isinstance(one, Tick)]
    assert heard == [
        *(on, off, Noise(off.at, REP, 1.0, 1.4), cut_on, first, cut_off),
        *(Noise(third.at, REP, 9.0, 15.0), third),
    ]


def test_time_goes_on_to_the_end() -> None:
    ticks = [
        one.at for one in Stored([STARTED, *speech(0.5, 2.0)]).heard() if isinstance(one, Tick)
    ]
    assert ticks == [number / 10 for number in range(1, 23)]


def test_what_another_playbook_changes(program: Program, tmp_path: Path, hearing: Hearing) -> None:
    path = next(path for path in FIXTURES if path.stem == "nl_silence_kept")
    events = hearing.hear(read_scenario(path).settings)
    folder = keep(tmp_path / "calls", events)
    store = ("--store", str(tmp_path / "calls"))
    team = tmp_path / "team.toml"
    team.write_text('[cues]\nhold_silence = "Mond dicht"\n[thresholds]\nanswer_overdue = 1\n')
    log = tmp_path / "new.jsonl"
    before = (folder / "events.jsonl").read_bytes()
    done = program("rejudge", "last", "--playbook", str(team), "--events", str(log), *store)
    assert done.returncode == 0, done.stderr
    assert "~ 0:20 hold_silence: Mond dicht" in done.stdout
    assert "+ 0:20 answer_overdue:" in done.stdout
    assert '"Mond dicht"' in log.read_text(encoding="utf-8")
    assert (folder / "events.jsonl").read_bytes() == before
    same = program("rejudge", "last", *store).stdout
    assert same == f"{sum(isinstance(one, Cue) for one in events)} cues as before\n"
    team.write_text("[thresholds]\nhold_due = 0.9\n")
    told = program("rejudge", "last", "--playbook", str(team), *store).stdout
    moved = re.search(r"~ .* hold_silence: .* \[due at (\S+) > (\S+) s\]\n0 cues as before", told)
    assert moved is not None
    assert float(moved[2]) - float(moved[1]) == pytest.approx(0.3)


def test_marks_stay_and_so_does_the_language_of_the_cues(
    program: Program, tmp_path: Path, hearing: Hearing
) -> None:
    path = next(path for path in FIXTURES if path.stem == "nl_silence_kept")
    events = hearing.hear(read_scenario(path).settings)
    english = load_playbook("en").cues
    told = [
        replace(event, text=english[event.name]) if isinstance(event, Cue) else event
        for event in events
    ]
    mark = Bookmarked(12.0, 9.0)
    marked = [*(one for one in told if one.at <= 12.0), mark]
    marked += [one for one in told if one.at > 12.0]
    keep(tmp_path / "calls", marked, Card(ui_language="en"))
    log = tmp_path / "new.jsonl"
    done = program("rejudge", "last", "--events", str(log), "--store", str(tmp_path / "calls"))
    assert done.stdout == f"{sum(isinstance(one, Cue) for one in events)} cues as before\n"
    again = list(read_log(log))
    assert again.count(mark) == 1
    assert [one.at for one in again] == sorted(one.at for one in again)


def test_what_a_user_can_mend(program: Program, tmp_path: Path) -> None:
    headless = tmp_path / "headless.jsonl"
    with EventLog(headless) as log:
        log.emit(speech(1, 2)[0])
    assert "has no beginning" in complaint(program("rejudge", str(headless)))
    assert "no calls" in complaint(program("rejudge", "last"))
    told = complaint(program("rejudge", str(headless), "--events", str(headless)))
    assert "name another file" in told
