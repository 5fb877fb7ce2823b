"""What is kept of a day of calls, a part of a recording, and what a replay shows meanwhile."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from copilot.dialogue.playbook import load_playbook
from copilot.errors import OutputError, SourceError, StoreError
from copilot.events import CueName, Ended, Lost, Tick
from copilot.frames import RATE, Block
from copilot.front import sinks
from copilot.keeping import Keeping
from copilot.options import seconds_of
from copilot.settings import Settings
from copilot.sinks.fanout import Fanout
from copilot.sources.excerpt import excerpt
from copilot.sources.pieces import Sound
from copilot.sources.recording import Recording
from copilot.store.card import read_card
from copilot.store.clearing import Rules, write_rules
from copilot.store.keeper import SOUND
from copilot.store.reading import read_call
from copilot.store.shelf import Shelf, State
from tests.screens import NL
from tests.stored import STARTED, TALK, cue
from tests.test_cli import CALL, TOP, Program, complaint

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Program:
    return Program(tmp_path_factory.getbasetemp() / "keeping_cache", data=tmp_path / "home")


def noise(seconds: float, start: float = 0.0) -> Iterator[Sound]:
    """A second of call at a time, as a recording gives it."""
    rng = np.random.default_rng(1)
    for second in range(int(seconds)):
        samples = rng.integers(-3000, 3000, (RATE, 2), np.int16)
        yield Block(round(start * RATE) + second * RATE, samples)


def keeping(folder: Path) -> Keeping:
    settings = Settings(save=True, store=folder, keep_audio=True, rep_name="Eva", tags=("a", "a"))
    return Keeping(settings, load_playbook("nl"), lambda: DAY)


def test_each_call_of_a_day_has_its_own_folder_and_sound(tmp_path: Path) -> None:
    with keeping(tmp_path) as kept:
        for length in (2, 3):
            kept.emit(Tick(0.0))  # between two calls nothing is written
            kept.emit(TALK[0])
            heard = list(kept.hear(noise(length)))
            assert len(heard) == length
            for event in TALK[1:]:
                kept.emit(event)
    entries = list(Shelf(tmp_path).entries())
    assert [entry.state for entry in entries] == [State.WHOLE, State.WHOLE]
    assert {read_card(entry.folder).rep for entry in entries} == {"Eva"}
    assert {read_card(entry.folder).tags for entry in entries} == {("a",)}
    assert all(read_call(entry.folder) == TALK for entry in entries)
    assert sorted(lasted(entry.folder) for entry in entries) == [2.0, 3.0]
    assert all((entry.folder / "figures.json").exists() for entry in entries)


def lasted(folder: Path) -> float:
    with Recording(folder / SOUND) as recording:
        return sum(len(one.samples) for one in recording.blocks() if isinstance(one, Block)) / RATE


def test_gaps_in_the_sound_are_kept_as_silence(tmp_path: Path) -> None:
    with keeping(tmp_path) as kept:
        kept.emit(STARTED)
        pieces = [*noise(1), Lost(1.0, 2.0), *noise(1, 3.0)]
        assert list(kept.hear(iter(pieces))) == pieces
        kept.emit(Ended(4.0, "over"))
        assert kept.folder is not None
        assert lasted(kept.folder) == 4.0


def test_a_call_that_breaks_off_is_kept_as_far_as_it_came(tmp_path: Path) -> None:
    kept = keeping(tmp_path)
    with kept:
        for event in TALK[:-1]:
            kept.emit(event)
    (entry,) = Shelf(tmp_path).entries()
    assert entry.state is State.CUT_OFF


def test_sound_on_a_full_disk_does_not_end_the_call(tmp_path: Path) -> None:
    kept = keeping(tmp_path).__enter__()
    kept.emit(STARTED)
    assert kept.folder is not None
    (kept.folder / SOUND).symlink_to("/dev/full")
    assert len(list(kept.hear(noise(20)))) == 20
    kept.emit(Ended(20.0, "over"))
    with pytest.raises(OutputError, match="the sound is cut off"):
        kept.__exit__(None, None, None)
    (entry,) = Shelf(tmp_path).entries()
    assert entry.state is State.WHOLE


def test_calls_that_are_too_old_go_when_one_is_kept(tmp_path: Path) -> None:
    write_rules(Shelf(tmp_path), Rules(30))
    with keeping(tmp_path) as kept:
        for event in TALK:  # held in January; it is March
            kept.emit(event)
    assert Shelf(tmp_path).folders() == []


def test_a_call_that_would_be_deleted_at_once_is_not_begun(
    program: Program, tmp_path: Path
) -> None:
    write_rules(Shelf(tmp_path / "home" / "call-copilot" / "calls"), Rules(30))
    old = ("replay", CALL, "--save", "--quiet", "--when")
    assert "kept for 30 days" in complaint(program(*old, "2020-01-31"))
    assert program(*old, str(datetime.now(UTC).date())).returncode == 0


def test_a_part_is_known_as_one(program: Program, tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "calls"))
    made = program("replay", CALL, "--save", "--from", "0:05", "--to", "0:25", *store)
    folder = Path(made.stdout.splitlines()[-1])  # so that one knows what to call it
    assert (read_card(folder).begin, read_card(folder).end) == (5.0, 25.0)
    assert "\tdeel: 0:05-0:25\n" in program("calls", *store).stdout
    assert "deel: 0:05-0:25" in program("calls", "show", "last", *store).stdout
    assert "lasts 52.5 s" in complaint(program("replay", CALL, "--from", "1:00"))
    sound = CALL.replace(".vtt", ".flac")
    assert "before its end" in complaint(program("replay", sound, "--from", "1:00"))


def test_a_replay_that_was_stopped_is_a_part(tmp_path: Path) -> None:
    for source, part in ((Path(CALL), True), (None, False)):
        settings = Settings(source=source, save=True, store=tmp_path)
        with Keeping(settings, load_playbook("nl"), lambda: DAY) as kept:
            for event in (*TALK[:-1], Ended(33.0, "stopped by the user")):
                kept.emit(event)
        assert kept.folder is not None
        assert read_card(kept.folder).part == part  # a live call ends so every day


def test_the_day_of_a_call_without_its_time(tmp_path: Path) -> None:
    settings = Settings(save=True, store=tmp_path, when="2026-02-27")
    with Keeping(settings, load_playbook("nl"), lambda: DAY) as kept:
        for event in TALK:
            kept.emit(event)
    (entry,) = Shelf(tmp_path).entries()
    assert (entry.card.when, entry.day) == ("2026-02-27", "2026-02-27")


def test_a_store_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="--store"), keeping(tmp_path / "file" / "calls"):
        pass


def test_an_excerpt_keeps_the_clock_of_the_whole() -> None:
    whole = list(noise(10))
    part = [one for one in excerpt(iter(whole), 2.5, 7.25) if isinstance(one, Block)]
    given = np.concatenate([one.samples for one in part])
    full = np.concatenate([one.samples for one in whole if isinstance(one, Block)])
    assert len(given) == round(7.25 * RATE)
    assert not given[: round(2.5 * RATE)].any()
    assert (given[round(2.5 * RATE) :] == full[round(2.5 * RATE) : round(7.25 * RATE)]).all()
    assert [one.start for one in part] == [RATE * second for second in range(8)]
    assert list(excerpt(iter([Lost(1.0, 1.0), Lost(3.0, 1.0)]), 2.0, None)) == [Lost(3.0, 1.0)]


def test_a_part_of_a_call(program: Program) -> None:
    told = program("replay", CALL, "--from", "0:15", "--to", "25").stdout
    whole = program("replay", CALL).stdout
    assert "Zullen we volgende week beginnen?" in told
    assert 0 < len(told.splitlines()) < len(whole.splitlines())
    assert set(told.splitlines()) <= {*whole.splitlines(), *told.splitlines()[:3]}


@pytest.mark.parametrize(
    ("written", "seconds"), [("", None), ("90", 90), ("1:30", 90), ("1:02:03.5", 3723.5)]
)
def test_moments(written: str, seconds: float | None) -> None:
    assert seconds_of(written) == seconds


def test_what_a_user_can_mend(program: Program) -> None:
    with pytest.raises(SourceError, match="soon: not a moment"):
        seconds_of("soon")
    for written in ("0:75", "1:60:00"):
        with pytest.raises(SourceError, match=f"{written}: no clock shows that"):
            seconds_of(written)
    assert "later --to" in complaint(program("replay", CALL, "--from", "9", "--to", "0:09"))
    for option in (("--report",), ("--tag", "x"), ("--when", "2026-01-31"), ("--keep-audio",)):
        assert "give --save" in complaint(program("replay", CALL, *option)), option
    assert "yet to come" in complaint(program("replay", CALL, "--save", "--when", "2999-01-01"))


def test_a_replay_with_its_page(program: Program, tmp_path: Path) -> None:
    done = program("replay", CALL, "--save", "--report", "--quiet")
    assert done.returncode == 0, done.stderr
    page = Path(done.stdout.strip())
    assert page.parent.parent == tmp_path / "home" / "call-copilot" / "calls"
    assert "Zullen we volgende week beginnen?" in page.read_text(encoding="utf-8")
    recording = str(TOP / "audio_fixtures" / "nl_quiet.flac")
    done = program("replay", recording, "--save", "--report", "--quiet", "--to", "5")
    text = Path(done.stdout.strip()).read_text(encoding="utf-8")
    assert "nl_quiet.flac" in text
    assert 'id="mp3"' not in text


@pytest.mark.parametrize(
    ("settings", "live", "expected"),
    [
        (Settings(), False, ["Progress", "Plain"]),
        (Settings(pace=1.0), False, ["Console"]),
        (Settings(save=True), True, ["Console"]),
        (Settings(save=True, events=Path("day")), True, ["CallLogs", "Console"]),
        (Settings(events=Path("call.jsonl"), plain=True), False, ["EventLog", "Plain"]),
        (Settings(events=Path("-"), quiet=True), True, ["EventLog"]),
    ],
)
def test_what_shows_and_logs_a_call(settings: Settings, live: bool, expected: list[str]) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=80)
    found = sinks(settings, load_playbook("nl"), terminal, live=live)
    assert [type(sink).__name__ for sink in found] == expected


def test_how_far_a_replay_has_come() -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=80)
    settings = Settings(source=TOP / "audio_fixtures" / "nl_quiet.flac", end=60.0)
    with Fanout(sinks(settings, load_playbook("nl"), terminal)) as out:
        for event in (STARTED, Tick(29.9), Tick(30.0), cue(30.0, CueName.ASK_WHY), Ended(60.0, "")):
            out.emit(event)
    assert isinstance(terminal.file, io.StringIO)
    drawn = terminal.file.getvalue()
    assert " 50%" in drawn
    assert "Vraag waarom" in drawn[drawn.index(" 50%") :]  # once it is given, above the bar
    assert NL.word("well") in drawn[drawn.index("Vraag waarom") :]
    assert not out.failures
