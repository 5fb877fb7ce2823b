"""The event log as a file on disk: its form, its mode, and that it can be read again."""

import json
import os
import string
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import OutputError, SourceError
from copilot.events import (
    Act,
    ActKind,
    Cue,
    CueCleared,
    CueName,
    Ended,
    Event,
    Line,
    Lost,
    Reason,
    Speaker,
    Speaking,
    Started,
    Tick,
    Told,
)
from copilot.sinks.eventlog import EventLog, encode, read_log

CALL: tuple[Event, ...] = (
    Started(0.0, "2026-01-05T10:00:00+01:00", "koffie.flac", "nl", "base", "0.1.0"),
    Speaking(1.02, Speaker.CUSTOMER, True, 0.96),
    Line(2.6, Speaker.CUSTOMER, 1.0, 2.0, "Nee, één is genoeg 😀", 0.93),
    Act(2.6, Speaker.CUSTOMER, ActKind.NO, 1.0, 2.0, "Nee, één is genoeg", Reason.NO_NEED),
    Cue(2.6, CueName.ASK_WHY, "Vraag waarom", "Nee, één is genoeg", 2.0, 2.6, True),
    CueCleared(4.0, CueName.ASK_WHY, "asked"),
    Lost(5.0, 0.25),
    Ended(9.0, "end of recording"),
)

TIMES = st.integers(0, 10_000_000).map(lambda ms: ms / 1000)
TEXTS = st.text(st.characters(codec="utf-8"))
EVENTS = st.one_of(
    st.builds(Started, TIMES, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS),
    st.builds(Speaking, TIMES, st.sampled_from(Speaker), st.booleans(), TIMES),
    st.builds(Line, TIMES, st.sampled_from(Speaker), TIMES, TIMES, TEXTS, TIMES),
    st.builds(
        Act,
        *(TIMES, st.sampled_from(Speaker), st.sampled_from(ActKind), TIMES, TIMES, TEXTS),
        *(st.none() | st.sampled_from(Reason), st.booleans()),
    ),
    st.builds(Cue, TIMES, st.sampled_from(CueName), TEXTS, TEXTS, TIMES, TIMES, st.booleans()),
    st.builds(CueCleared, TIMES, st.sampled_from(CueName), TEXTS),
    st.builds(Lost, TIMES, TIMES),
    st.builds(Ended, TIMES, TEXTS),
)


@pytest.fixture
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def logged(path: Path, *events: Told) -> str:
    with EventLog(path) as log:
        for event in events:
            log.emit(event)
    return path.read_text(encoding="utf-8")


def test_one_event_a_line_as_the_contract_says(tmp_path: Path) -> None:
    lines = logged(tmp_path / "log", *CALL).splitlines()
    assert len(lines) == len(CALL)
    assert all(list(json.loads(line))[:2] == ["type", "at"] for line in lines)
    assert lines[2] == (
        '{"type":"line","at":2.6,"speaker":"customer","start":1.0,"end":2.0,'
        '"text":"Nee, één is genoeg 😀","confidence":0.93}'
    )
    assert lines[3] == (
        '{"type":"act","at":2.6,"speaker":"customer","kind":"no","start":1.0,"end":2.0,'
        '"evidence":"Nee, één is genoeg","reason":"no_need"}'
    )


def test_at_most_three_decimals(tmp_path: Path) -> None:
    lost = Lost(0.1 + 0.2, 1.23456)
    assert logged(tmp_path / "log", lost) == '{"type":"lost","at":0.3,"seconds":1.235}\n'
    assert lost == Lost(0.1 + 0.2, 1.23456)


def test_ticks_are_not_logged(tmp_path: Path) -> None:
    assert logged(tmp_path / "log", Tick(0.1), Tick(0.2)) == ""


def test_a_file_name_that_is_no_utf8_is_logged_too(tmp_path: Path) -> None:
    started = Started(0.0, "", os.fsdecode(b"caf\xe9.wav"), "nl", "base", "0")
    assert '"caf?.wav"' in logged(tmp_path / "log", started)


@given(st.lists(EVENTS, max_size=8))
def test_what_is_logged_can_be_read_again(events: list[Event]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "log")
        written = logged(path, *events)
        assert list(read_log(path)) == events
    assert written.count("\n") == len(events)


def test_every_line_is_there_at_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with EventLog(path) as log:
        for count, event in enumerate(CALL, start=1):
            log.emit(event)
            assert tuple(read_log(path)) == CALL[:count]


@pytest.mark.usefixtures("loose_umask")
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(encode(Started(0.0, "", "another", "nl", "base", "1")))
    old.chmod(0o666)
    for path in (tmp_path / "new", old):
        assert "another" not in logged(path, *CALL)
        assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_no_log_is_never_overwritten(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("precious")
    with pytest.raises(OutputError, match=r"notes\.txt: is no event log"):
        logged(other, *CALL)
    assert other.read_text() == "precious"


def test_a_pipe_keeps_its_mode(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o640)
    mode = pipe.stat().st_mode
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with EventLog(pipe) as log:
        log.emit(CALL[-1])
    assert os.read(reader, 1000).startswith(b'{"type":"ended"')
    os.close(reader)
    assert pipe.stat().st_mode == mode


def test_a_dash_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for event in CALL[2], CALL[-1]:
        with EventLog(Path("-")) as log:
            log.emit(event)
    out = capfdbinary.readouterr().out
    assert "één".encode() in out
    assert out.endswith(b'{"type":"ended","at":9.0,"reason":"end of recording"}\n')


def test_what_cannot_be_written_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, remedy in (
        ("gone/log", "make it first"),
        ("", "name a file in it"),
        ("file/log", "name a file that you may write"),
        ("x" * 300, "name a file that you may write"),
    ):
        with pytest.raises(OutputError, match=remedy) as raised, EventLog(tmp_path / name):
            pass
        assert str(tmp_path / name) in str(raised.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"), EventLog(tmp_path / "log"):
        pass


def test_a_full_disk_is_heard_of() -> None:
    with pytest.raises(OSError, match="No space left"), EventLog(Path("/dev/full")) as log:
        log.emit(CALL[-1])


@pytest.mark.parametrize("line", [b"", b"{}", b'{"type":"lost","at":1}', b'{"type":"\xff"}', b"["])
def test_a_damaged_log_is_named_with_the_line(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "log"
    path.write_bytes(b'{"type":"ended","at":9.0,"reason":"done"}\n' + line + b"\n")
    events = read_log(path)
    assert next(events) == Ended(9.0, "done")
    with pytest.raises(SourceError, match=r"log, line 2: ") as raised:
        next(events)
    assert set(str(raised.value)) <= set(string.printable)


def test_a_log_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="log: No such file"):
        list(read_log(tmp_path / "log"))
