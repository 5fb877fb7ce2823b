"""The command that makes a page: from the store or a log, private, and never over what it reads."""

import stat
import wave
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from copilot.events import Cue
from copilot.frames import RATE
from copilot.review.marks import cause, heard_from
from copilot.sinks.eventlog import EventLog
from copilot.sources.playable import MOST, playable
from copilot.sources.recording import Recording
from copilot.store.keeper import EVENTS
from tests.stored import TALK, keep
from tests.test_cli import TOP, Program, complaint

SOUND = TOP / "audio_fixtures" / "nl_quiet.flac"


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Program:
    return Program(tmp_path_factory.getbasetemp() / "report_cache", data=tmp_path / "home")


def log_of(path: Path) -> Path:
    with EventLog(path) as log:
        for event in TALK:
            log.emit(event)
    return path


def test_a_page_of_a_log(program: Program, tmp_path: Path) -> None:
    log, out = log_of(tmp_path / "call.jsonl"), tmp_path / "call.html"
    done = program("report", str(log), "--audio", str(SOUND), "-o", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{out}\n", "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    page = out.read_text(encoding="utf-8")
    assert "Zullen we dinsdag afspreken?" in page
    assert 'lang="nl"' in page
    assert "default-src &#39;none&#39;" in page
    assert "http://" not in page.replace("http://www.w3.org/", "").replace("http://localhost", "")


def test_a_torn_log_that_is_not_ours_is_left_as_it_is(program: Program, tmp_path: Path) -> None:
    log = log_of(tmp_path / "call.jsonl")
    with log.open("ab") as torn:
        torn.write(b'{"type":"li')
    before = log.read_bytes()
    assert program("report", str(log), "-o", str(tmp_path / "a.html")).returncode == 0
    assert log.read_bytes() == before


def short_recording(folder: Path) -> Path:
    """Five seconds of two voices."""
    path = folder / "short.wav"
    noise = np.random.default_rng(1).integers(-3000, 3000, (5 * RATE, 2), np.int16)
    with wave.open(str(path), "wb") as out:
        out.setparams((2, 2, RATE, 0, "NONE", ""))
        out.writeframes(noise.tobytes())
    return path


def test_what_a_user_can_mend(program: Program, tmp_path: Path) -> None:
    log, out = log_of(tmp_path / "call.jsonl"), ("-o", str(tmp_path / "out.html"))
    short = short_recording(tmp_path)
    folder = keep(tmp_path / "calls")
    (folder / EVENTS).write_bytes(b"{}\n{}\n")
    store = ("--store", str(folder.parent))
    for arguments, words in (
        ((str(tmp_path / "no.jsonl"), *out), "no.jsonl: No such file"),
        (("last", *out), "no calls in it"),
        (("last", *out, *store), "line 1"),
        ((str(log), "-o", str(log)), "name another file with -o"),
        ((str(log), "-o", str(tmp_path / "no" / "a.html")), "name a file that you may write"),
        ((str(log), *out, "--audio", "no.wav"), "no.wav: no such file"),
        ((str(log), *out, "--audio", "README.md"), "not a sound file"),
        ((str(log), *out, "--language", "xx"), "language xx"),
        (
            (str(log), *out, "--audio", str(short)),
            "give the recording of this call",
        ),
    ):
        assert words in complaint(program("report", *arguments)), arguments
    assert not (tmp_path / "out.html").exists()


def test_the_peaks_of_a_long_call_stay_few() -> None:
    with Recording(SOUND) as recording:
        blocks = list(recording.blocks())
    short = playable(blocks, embed=False)
    assert short.mp3 == b""
    assert len(short.peaks[0]) == pytest.approx(short.length / 0.05, abs=1)
    assert max(map(max, short.peaks)) == 1.0
    long = playable(blocks * 20, embed=False)
    assert long.length == pytest.approx(20 * short.length)
    assert len(long.peaks[0]) <= MOST + 1


def test_a_moment_is_heard_from_the_start_of_its_line() -> None:
    assert heard_from(13.0, TALK) == 12.0  # the end of a line
    assert heard_from(12.0, TALK) == 12.0
    assert heard_from(10.0, TALK) == 10.0  # nobody speaks
    held = next(event for event in TALK if isinstance(event, Cue))
    assert cause(replace(held, anchor=8.0), TALK) == 6.0  # the question, not the silence
    assert cause(replace(held, because="papieren bonnen"), TALK) == 1.0
    assert cause(replace(held, because="nowhere", anchor=10.0), TALK) == 10.0
