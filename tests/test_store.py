"""The store: private, whole after a crash, and readable however damaged one call in it is."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from copilot.errors import StoreError
from copilot.events import CueName
from copilot.figures.trends import Period
from copilot.frames import Block
from copilot.sinks.eventlog import encode
from copilot.sources.recording import Recording
from copilot.store.card import Card, change_card, read_card
from copilot.store.clearing import (
    Rules,
    delete,
    keep_to_rules,
    parse_age,
    prune,
    read_rules,
    write_rules,
)
from copilot.store.keeper import EVENTS, SOUND, Keeper
from copilot.store.reading import read_call
from copilot.store.shelf import Query, Shelf, State, look
from copilot.trends import read_trends
from tests.stored import STARTED, TALK, keep
from tests.test_cli import CALL, TOP, Program, complaint

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data" / "calls")


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Program:
    cache = tmp_path_factory.getbasetemp() / "store_cache"
    return Program(cache, data=tmp_path / "home")


@pytest.fixture
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("loose_umask")
def test_nobody_else_can_read_it(shelf: Shelf) -> None:
    folder = keep(shelf.root)
    look(folder)
    change_card(folder, lambda card: card)
    assert (folder / "figures.json").exists()
    for path in (shelf.root.parent, shelf.root, folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_what_was_kept_is_read_again(shelf: Shelf) -> None:
    given = Card(rep="Eva", customer="Bakker", tags=("proef",), questions=("Werkt u?",))
    folder = keep(shelf.root, TALK, given)
    assert read_call(folder) == TALK
    card = read_card(folder)
    assert (card.rep, card.customer, card.tags, card.questions) == (
        "Eva",
        "Bakker",
        ("proef",),
        ("Werkt u?",),
    )
    assert (card.when, card.model, card.source) == (STARTED.wall, "base", "koffie.flac")
    (entry,) = shelf.entries()
    assert (entry.state, entry.day) == (State.WHOLE, "2026-01-05")


@pytest.mark.parametrize("torn", [b'{"type":"lin', b'{"type":"line","at":1', b"\0\0\0\n"])
def test_a_torn_last_line_is_cut_off(shelf: Shelf, torn: bytes) -> None:
    folder = keep(shelf.root, TALK[:-1])
    whole = (folder / EVENTS).read_bytes()
    with (folder / EVENTS).open("ab") as log:
        log.write(torn)
    (entry,) = shelf.entries()
    assert entry.state is State.CUT_OFF
    assert (folder / EVENTS).read_bytes() == whole
    assert read_call(folder) == TALK[:-1]


def test_a_call_that_goes_on_is_left_as_it_is(shelf: Shelf) -> None:
    keeper = Keeper(shelf.root, Card())
    with keeper:
        for event in TALK[:-1]:
            keeper.emit(event)
        assert keeper.folder is not None
        with (keeper.folder / EVENTS).open("ab") as log:
            log.write(b'{"half')
        (entry,) = shelf.entries()
        assert entry.state is State.GOING_ON
        assert (keeper.folder / EVENTS).read_bytes().endswith(b'{"half')
        with pytest.raises(StoreError, match="going on"):
            delete(keeper.folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (EVENTS, b'{"type":"lost","at":1}\n{"type":"ended","at":9.0,"reason":""}\n'),
        (EVENTS, b""),
        (EVENTS, b"\xff\xfe\n\n\n"),
        ("call.json", b"{"),
        ("call.json", b'{"tags": 3}'),
        ("call.json", b'"\xff"'),
    ],
)
def test_a_damaged_call_is_listed_as_such(shelf: Shelf, name: str, content: bytes) -> None:
    keep(shelf.root)
    damaged = keep(shelf.root)
    (damaged / "figures.json").unlink(missing_ok=True)
    (damaged / name).write_bytes(content)
    entries = {entry.folder: entry for entry in shelf.entries()}
    assert len(entries) == 2
    assert entries[damaged].state is State.DAMAGED
    assert name in entries[damaged].fault
    assert {entry.state for entry in entries.values()} == {State.WHOLE, State.DAMAGED}
    assert list(shelf.entries(Query(words="bonnen")))


def test_a_folder_without_anything_and_a_stray_file(shelf: Shelf) -> None:
    keep(shelf.root)
    (shelf.root / "empty").mkdir()
    (shelf.root / "stray.txt").write_text("")
    assert sorted(entry.state for entry in shelf.entries()) == [State.DAMAGED, State.WHOLE]


def test_remembered_figures_are_those_of_the_log(shelf: Shelf) -> None:
    folder = keep(shelf.root, TALK[:-6])
    before = look(folder).digest
    with (folder / EVENTS).open("ab") as log:
        log.writelines(encode(event) for event in TALK[-6:])
    after = look(folder).digest
    assert before
    assert after
    assert (before.whole, after.whole) == (False, True)
    assert before.figures != after.figures
    (folder / "figures.json").write_bytes(b"nonsense")
    assert look(folder).digest == after


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(), 2),
        (Query(rep="EV"), 1),
        (Query(customer="bak"), 1),
        (Query(tag="Proef"), 1),
        (Query(tag="pro"), 0),
        (Query(cue=CueName.HOLD_SILENCE), 2),
        (Query(cue=CueName.MONOLOGUE), 0),
        (Query(words="papieren  BONNEN"), 2),
        (Query(words="olifant"), 0),
        (Query(since="2026-01-05", until="2026-01-05"), 2),
        (Query(since="2026-01-06"), 0),
        (Query(until="2026-01-04"), 0),
    ],
)
def test_searching(shelf: Shelf, query: Query, found: int) -> None:
    keep(shelf.root, card=Card(rep="Eva", customer="Bakker", tags=("proef",)))
    keep(shelf.root, card=Card(rep="Jan"))
    assert len(list(shelf.entries(query))) == found


@pytest.mark.parametrize("when", ["", "gisteren", "2026-99-01"])
def test_a_card_that_does_not_say_when(shelf: Shelf, when: str) -> None:
    folder = keep(shelf.root, card=Card(when="2026-01-05T10:00:00+01:00"))
    change_card(folder, lambda card: replace(card, when=when))
    assert look(folder).day == "2026-01-05"
    renamed = folder.rename(folder.with_name("by hand"))
    assert look(renamed).day == ""
    assert read_trends(shelf, Query(), Period.WEEK, "all").periods[0].name == ""


def test_finding_by_name(shelf: Shelf) -> None:
    with pytest.raises(StoreError, match="no calls"):
        shelf.find("last")
    first = keep(shelf.root, card=Card(when="2026-01-01T10:00:00+01:00"))
    last = keep(shelf.root, card=Card(when="2026-02-01T10:00:00+01:00"))
    assert shelf.find("last") == last
    assert shelf.find(first.name) == shelf.find("20260101") == first
    with pytest.raises(StoreError, match="2 calls"):
        shelf.find("2026")
    for name in ("", "no", "../" + first.name):
        with pytest.raises(StoreError, match="calls"):
            shelf.find(name)


def test_pruning_by_age(shelf: Shelf) -> None:
    old = keep(shelf.root, card=Card(when="2026-01-01T10:00:00+01:00"))
    day_old = keep(shelf.root, card=Card(when="2026-02-28T13:00:00+00:00"))
    naive = keep(shelf.root, card=Card(when="2026-01-01"))
    (old / "call.json").write_bytes(b"{")  # its name still tells its age
    told: list[Path] = []
    prune(shelf, timedelta(days=1), NOW, told.append)
    assert sorted(told) == sorted([old, naive])
    assert shelf.folders() == [day_old]


def test_pruning_by_rule(shelf: Shelf) -> None:
    keep(shelf.root, card=Card(when="2026-01-01T10:00:00+01:00"))
    keep_to_rules(shelf, NOW)
    assert len(shelf.folders()) == 1
    write_rules(shelf, Rules(30))
    assert read_rules(shelf) == Rules(30)
    keep_to_rules(shelf, NOW)
    assert shelf.folders() == []


def test_ages() -> None:
    assert [parse_age(age).days for age in ("30d", "8w", "6m", "2Y")] == [30, 56, 180, 730]
    for wrong in ("", "30", "d", "0d", "-1d", "1.5d", "999999999999y"):
        with pytest.raises(StoreError, match="age"):
            parse_age(wrong)


def test_notes_of_two_at_once_are_both_kept(shelf: Shelf) -> None:
    folder = keep(shelf.root)
    code = (
        "import sys; from pathlib import Path; from copilot.calls import note;"
        "from copilot.store.shelf import Shelf; from datetime import datetime;"
        "[note(Shelf(Path(sys.argv[1])), 'last', f'{sys.argv[2]}{n}', None, datetime.now())"
        " for n in range(20)]"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(shelf.root), who], cwd=TOP)
        for who in "ab"
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    notes = {note.text for note in read_card(folder).notes}
    assert notes == {f"{who}{number}" for who in "ab" for number in range(20)}


def test_a_replay_is_kept_with_its_card_and_sound(program: Program, tmp_path: Path) -> None:
    source = "audio_fixtures/nl_quiet.flac"
    done = program(
        *("replay", source, "--save", "--keep-audio", "--quiet", "--model", "base"),
        *("--rep-name", "Eva", "--tag", "proef", "--when", "2026-01-31T14:05"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    (folder,) = Shelf(tmp_path / "home" / "call-copilot" / "calls").folders()
    assert folder.name.startswith("20260131-140500-")
    card = read_card(folder)
    assert (card.rep, card.customer, card.tags, card.model) == ("Eva", "", ("proef",), "base")
    assert stat.S_IMODE((folder / SOUND).stat().st_mode) == 0o600
    assert samples(folder / SOUND) == samples(TOP / source)


def samples(path: Path) -> bytes:
    with Recording(path) as recording:
        return b"".join(p.samples.tobytes() for p in recording.blocks() if isinstance(p, Block))


def test_nothing_is_kept_unless_asked(program: Program, tmp_path: Path) -> None:
    assert program("replay", CALL, "--quiet").returncode == 0
    assert not (tmp_path / "home").exists()
    assert "give --save" in complaint(program("replay", CALL, "--keep-audio"))


def test_two_processes_keep_calls_at_once(tmp_path: Path, program: Program) -> None:
    store = tmp_path / "calls"
    running = [
        program.start("replay", CALL, "--quiet", "--save", "--store", str(store)) for _ in range(2)
    ]
    assert [one.wait(120) for one in running] == [0, 0]
    states = [entry.state for entry in Shelf(store).entries()]
    assert states == [State.WHOLE, State.WHOLE]


def test_a_killed_process_loses_at_most_its_last_second(tmp_path: Path, program: Program) -> None:
    store = Shelf(tmp_path / "calls")
    arguments = ("--quiet", "--save", "--store", str(store.root), "--pace", "20")
    running = program.start("replay", CALL, *arguments)
    while not [f for f in store.folders() if rows(f) > 12]:
        assert running.poll() is None, "it ended too soon"
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait(10)
    (entry,) = store.entries()
    assert entry.state is State.CUT_OFF
    assert len(read_call(entry.folder)) > 12
    assert "cut off" in program("calls", "--store", str(store.root), "--language", "en").stdout


def rows(folder: Path) -> int:
    log = folder / EVENTS
    return log.read_bytes().count(b"\n") if log.exists() else 0


def test_the_commands(program: Program, shelf: Shelf) -> None:
    folder = keep(shelf.root, card=Card(rep="Eva\x1b[31m", customer="Bakker"))
    store = ("--store", str(shelf.root))
    listed = program("calls", *store).stdout
    assert folder.name in listed
    assert "Eva[31m\tBakker" in listed
    assert program("calls", "note", "last", "Mooi gezwegen", "--at", "0:09", *store).returncode == 0
    labelled = program("calls", "label", "last", "--customer", "Bakker & zn.", *store)
    assert labelled.stdout == f"{folder.name}\n"
    assert (read_card(folder).customer, read_card(folder).rep) == ("Bakker & zn.", "Eva\x1b[31m")
    assert program("calls", "tag", "last", "goed", "stil", *store).stdout == "goed, stil\n"
    assert program("calls", "tag", "last", "stil", "--remove", *store).stdout == "goed\n"
    assert "a tag is empty" in complaint(program("calls", "tag", "last", " ", *store))
    assert [(n.text, n.at) for n in read_card(folder).notes] == [("Mooi gezwegen", 9.0)]
    shown = program("calls", "show", "last", "--transcript", *store).stdout
    for words in ("0:09 Mooi gezwegen", "goed", "4,0 s vastgehouden", "Ja, dat is goed."):
        assert words in shown
    assert "\x1b" not in shown
    assert program("calls", "--words", "olifant", *store).stdout.count("\n") == 1
    assert program("calls", "delete", "last", "--yes", *store).stdout == f"deleted {folder.name}\n"
    assert shelf.folders() == []


def test_prune_on_the_command_line(program: Program, shelf: Shelf) -> None:
    keep(shelf.root, card=Card(when="2020-01-01"))
    store = ("--store", str(shelf.root))
    done = program("calls", "prune", "--older-than", "30d", "--always", "--yes", *store)
    assert done.stdout.startswith("deleted 20200101-")
    assert "from now on calls are deleted after 30 days" in done.stdout
    keep(shelf.root, card=Card(when="2020-01-01"))
    assert program("replay", CALL, "--save", "--quiet", *store).returncode == 0
    assert len(shelf.folders()) == 1
    assert program("calls", "prune", "--never", *store).returncode == 0
    assert read_rules(shelf) == Rules()


def test_nothing_is_deleted_where_nobody_can_be_asked(program: Program, shelf: Shelf) -> None:
    folder = keep(shelf.root, card=Card(when="2020-01-01"))
    store = ("--store", str(shelf.root))
    for arguments in (("delete", "last"), ("prune", "--older-than", "30d")):
        done = program("calls", *arguments, *store)
        assert done.returncode == 2
        assert "--yes does not ask" in done.stderr
    assert shelf.folders() == [folder]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "last"), "no calls in it"),
        (("prune",), "--older-than 30d"),
        (("label", "last"), "--customer NAME"),
        (("prune", "--older-than", "soon"), "soon: not an age"),
        (("prune", "--older-than", "30d", "--never"), "without --older-than"),
        (("--since", "yesterday"), "yesterday: not a day"),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "no day lies between"),
    ],
)
def test_what_a_user_can_mend(program: Program, arguments: tuple[str, ...], words: str) -> None:
    assert words in complaint(program("calls", *arguments))


def test_a_note_that_says_nothing_or_lies_behind_the_end(program: Program, shelf: Shelf) -> None:
    folder = keep(shelf.root)
    note = ("calls", "note", "last", "--store", str(shelf.root))
    assert "nothing to note" in complaint(program(*note, " "))
    assert "the call ends at 1:00" in complaint(program(*note, "Goed", "--at", "1:01"))
    assert read_card(folder).notes == ()


def test_a_store_that_cannot_be_made(program: Program, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = program("replay", CALL, "--quiet", "--save", "--store", str(tmp_path / "file" / "calls"))
    assert "--store" in complaint(done)
