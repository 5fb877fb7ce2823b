"""The command line: what it prints where, what it writes, and how it ends."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pytest

from copilot import __version__
from copilot.events import Ended, Event, Lost, Started, Told
from copilot.sinks.eventlog import read_log
from copilot.sinks.fanout import Fanout
from tests.scenarios import Collector

TOP = Path(__file__).parent.parent
CALL = "audio_fixtures/nl_silence_kept.vtt"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's cache that only these tests write."""
    return tmp_path_factory.mktemp("cache")


class Program:
    """The program as its user starts it, in a process of its own."""

    def __init__(self, cache: Path, data: Path | None = None) -> None:
        folders = {"XDG_CACHE_HOME": str(cache), "XDG_DATA_HOME": str(data or cache / "data")}
        self._environment = {**os.environ, **folders, "NO_COLOR": "1"}

    def start(self, *arguments: str, out: int | None = None) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "copilot", *arguments]
        return subprocess.Popen(program, cwd=TOP, env=self._environment, stdout=out)

    def __call__(
        self, *arguments: str, out: int | IO[str] = subprocess.PIPE, encoding: str = "utf-8"
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "copilot", *arguments],
            cwd=TOP,
            env={**self._environment, "PYTHONIOENCODING": encoding},
            stdout=out,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            timeout=120,
        )


@pytest.fixture
def program(home: Path) -> Program:
    return Program(home)


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a user gets who can mend what is wrong."""
    assert done.returncode == 2, done.stderr
    assert not done.stdout
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def kinds(rows: Sequence[str]) -> list[str]:
    return [str(json.loads(row)["type"]) for row in rows]


def test_a_call_to_a_pipe(program: Program) -> None:
    done = program("replay", CALL)
    assert (done.returncode, done.stderr) == (0, "")
    assert "00:20.7  STIL  Zwijg" in done.stdout
    assert "Zullen we volgende week beginnen?" in done.stdout


def test_plain_lines_are_cues_and_a_summary(program: Program) -> None:
    lines = program("replay", CALL, "--plain").stdout.splitlines()
    assert [line[:12] for line in lines[:2]] == ["00:20.7  STI", "00:26.9  5,2"]
    assert lines[1].endswith("gezwegen")
    assert lines[2].startswith("Goed: 00:20 ")
    assert len(lines[2:]) <= 5


def test_the_talk_too(program: Program) -> None:
    assert "jij  Hallo, u spreekt met" not in program("replay", CALL).stdout
    assert "jij  Hallo, u spreekt met" in program("replay", CALL, "--transcript").stdout


def test_json_for_other_programs(program: Program, tmp_path: Path) -> None:
    log = tmp_path / "call.jsonl"
    done = program("replay", CALL, "--json", "--events", str(log))
    assert done.stdout == log.read_text(encoding="utf-8")
    assert "00:20.7  STIL  Zwijg" in done.stderr
    both = program("replay", CALL, "--json", "--events", "-", "--quiet")
    assert kinds(both.stdout.splitlines()).count("started") == 1
    assert both.stderr == ""


def test_words_in_another_language_than_the_call(program: Program) -> None:
    done = program("replay", CALL, "--ui-language", "en")
    assert "00:20.7  QUIET  Say nothing: let the customer think" in done.stdout
    assert "Zullen we volgende week beginnen?" in done.stdout
    told = complaint(program("replay", CALL, "--ui-language", "xx"))
    assert "language xx: no playbook for it" in told


def test_a_team_that_switched_a_cue_off_misses_it_in_no_language(
    program: Program, tmp_path: Path
) -> None:
    team = tmp_path / "team.toml"
    team.write_text('[cues]\nhold_silence = ""\n')
    done = program("replay", CALL, "--playbook", str(team), "--ui-language", "en")
    assert "QUIET" not in done.stdout


def test_no_bell_in_a_file(program: Program) -> None:
    broken = "audio_fixtures/nl_silence_broken.vtt"
    assert "\a" not in program("replay", broken, "--bell").stdout


def test_quiet_and_the_log(program: Program, tmp_path: Path) -> None:
    log = tmp_path / "call.jsonl"
    done = program("replay", CALL, "--quiet", "--events", str(log))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    first, *_, last = read_log(log)
    assert isinstance(first, Started)
    assert (first.source, first.language) == ("nl_silence_kept.vtt", "nl")
    assert first.version == __version__
    assert isinstance(last, Ended)
    told = kinds(log.read_text(encoding="utf-8").splitlines())
    most = {"started", "speaking", "line", "act", "cue", "cue_cleared", "ended"}
    assert most <= set(told) <= most | {"yes_run", "agreed"}


def test_the_log_on_standard_output(program: Program) -> None:
    done = program("replay", CALL, "--events", "-")
    assert done.returncode == 0
    told = kinds(done.stdout.splitlines())
    assert (told[0], told[-1]) == ("started", "ended")
    assert "00:20.7  STIL  Zwijg" in done.stderr


def test_an_english_call(program: Program) -> None:
    done = program("replay", "audio_fixtures/en_silence_kept.vtt", "--language", "en")
    assert done.returncode == 0
    assert "Shall I place the order for you?" in done.stdout


def test_prepared_questions(program: Program, tmp_path: Path) -> None:
    call, questions = "audio_fixtures/nl_ladder_prepared.vtt", tmp_path / "list.txt"
    questions.write_text("Heeft u meer dan twintig mensen in dienst?\n", encoding="utf-8")
    with_list = program("replay", call, "--questions", str(questions))
    without = program("replay", call)
    assert "00:06.0  TIP  Doe nu je verzoek" in with_list.stdout  # the yes to its last question
    assert "00:06.0  TIP" not in without.stdout


def test_no_list(program: Program, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("# nothing yet\n")
    told = complaint(program("replay", CALL, "--questions", str(empty)))
    assert told == f"{empty}: no question in it; write one a line\n"


def test_a_team_has_its_own_wording_and_numbers(program: Program, tmp_path: Path) -> None:
    team = tmp_path / "team.toml"
    team.write_text('[cues]\nhold_silence = "Mond dicht"\n[thresholds]\nhold_due = 1.5\n')
    done = program("replay", CALL, "--playbook", str(team))
    assert done.returncode == 0, done.stderr
    assert "00:21.6  STIL  Mond dicht" in done.stdout


def test_a_cue_without_words_is_switched_off(program: Program, tmp_path: Path) -> None:
    team = tmp_path / "team.toml"
    team.write_text('[cues]\nhold_silence = ""\n')
    done = program("replay", CALL, "--playbook", str(team))
    assert done.returncode == 0, done.stderr
    assert "STIL" not in done.stdout


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("[thresholds]\nhold_due = -1\n", "thresholds.hold_due"),
        ('[thresholds]\nhold_due = "soon"\n', "thresholds.hold_due"),
        ("[thresholds]\nhold = 1\n", "hold"),
        ('[examples.rep]\nargument = [""]\n', "examples.rep.argument"),
        ('[cues]\nhold = "x"\n', "cues"),
        ("cues = 3\n", "cues"),
        ("[cues\n", "line 1"),
    ],
)
def test_a_mistake_in_a_playbook(content: str, key: str, program: Program, tmp_path: Path) -> None:
    team = tmp_path / "team.toml"
    team.write_text(content)
    told = complaint(program("replay", CALL, "--playbook", str(team)))
    assert told.startswith(f"{team}:")
    assert key in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no_such.flac"], "no_such.flac: no such file; check"),
        (["README.md"], "README.md: not a sound file"),
        (["audio_fixtures"], "audio_fixtures: this is a folder; give"),
        ([], "give a recording, or --rep A --customer B"),
        ([CALL, "--rep", "a.wav"], f"{CALL}: give one recording, or --rep"),
        ([CALL, "--language", "xx"], "language xx: no playbook for it; use --language en or nl"),
        ([CALL, "--playbook", "no_such.toml"], "no_such.toml: No such file"),
        ([CALL, "--questions", "no_such.txt"], "no_such.txt: No such file"),
        ([CALL, "--events", "no_such/log"], "no_such/log: there is no folder no_such; make it"),
        ([CALL, "--events", "tests"], "tests is a folder; name a file in it"),
        (["audio_fixtures/nl_quiet.flac", "--model", "./tests"], "tests: no "),
    ],
)
def test_what_a_user_can_mend(arguments: list[str], words: str, program: Program) -> None:
    assert words in complaint(program("replay", *arguments))


@pytest.mark.parametrize(
    ("options", "language"), [([], "en"), (["--language", "nl"], "nl")], ids=["own", "given"]
)
def test_a_transcript_is_heard_in_its_own_language(
    options: list[str], language: str, program: Program, tmp_path: Path
) -> None:
    call, log = tmp_path / "call.vtt", tmp_path / "log"
    call.write_text("WEBVTT\n\nNOTE language en\n\n00:01.000 --> 00:02.000\n<v rep>Hello.\n")
    assert program("replay", str(call), "--quiet", "--events", str(log), *options).returncode == 0
    first = next(iter(read_log(log)))
    assert isinstance(first, Started)
    assert first.language == language


def test_a_name_can_do_nothing_to_the_terminal(program: Program) -> None:
    assert complaint(program("replay", "\x1b[31mred\x07.wav")).startswith("[31mred.wav: no such")


def test_a_log_is_not_begun_for_a_call_that_cannot_be_heard(
    program: Program, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    complaint(program("replay", "no_such.vtt", "--events", str(log)))
    assert not log.exists()


def test_the_version(program: Program) -> None:
    done = program("--version")
    assert (done.returncode, done.stdout) == (0, f"{__version__}\n")


def test_the_installed_command() -> None:
    command = Path(sys.executable).with_name("call-copilot")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{__version__}\n"


def test_help_names_every_option_of_the_contract(program: Program) -> None:
    done = program("replay", "--help")
    assert done.returncode == 0
    options = ["rep", "customer", "pace", "events", "quiet", "language", "model"]
    options += ["plain", "json", "bell", "transcript", "ui-language"]
    for option in (*options, "playbook", "questions", "swap"):
        assert f"--{option}" in done.stdout


def test_an_unknown_option(program: Program) -> None:
    done = program("replay", CALL, "--nonsense")
    assert done.returncode == 2
    assert "--nonsense" in done.stderr


class Full(Collector):
    """A disk that is full from the second event on."""

    def emit(self, event: Told) -> None:
        if self.events:
            raise OSError(28, "No space left on device")
        super().emit(event)


def test_a_sink_that_fails_does_not_end_the_call() -> None:
    full, good = Full(), Collector()
    events: list[Event] = [Lost(1.0, 0.5), Lost(2.0, 0.5), Ended(3.0, "over")]
    with Fanout([full, good]) as out:
        for event in events:
            out.emit(event)
    assert good.events == events
    assert full.events == events[:1]
    assert out.failures == ["[Errno 28] No space left on device"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_told_of_when_the_call_is_over(program: Program) -> None:
    done = program("replay", CALL, "--events", "/dev/full")
    assert done.returncode == 2
    assert "geen vervolgstap" in done.stdout.lower() or "Afsluiten" in done.stdout
    assert done.stderr.startswith("/dev/full: No space left on device; ")


@pytest.mark.parametrize("option", ["source", "--questions"])
def test_what_is_read_is_never_overwritten(program: Program, tmp_path: Path, option: str) -> None:
    kept = tmp_path / "kept.vtt"
    kept.write_bytes((TOP / CALL).read_bytes())
    source = [str(kept)] if option == "source" else [CALL, option, str(kept)]
    done = program("replay", *source, "--events", str(kept))
    assert "name another file for --events" in complaint(done)
    assert kept.read_bytes() == (TOP / CALL).read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("calls",), ("replay", CALL), ("replay", CALL, "--json", "--quiet")],
)
def test_a_full_disk_behind_standard_output(program: Program, arguments: Sequence[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = program(*arguments, out=full)
    assert "No space left on device" in complaint(done)
    assert "make room" in complaint(done)


def test_a_reader_that_leaves_is_no_fault(program: Program) -> None:
    with program.start("replay", CALL, "--json", "--quiet", out=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
    assert running.returncode == 0


def test_letters_that_a_terminal_lacks_are_no_fault(program: Program) -> None:
    program("replay", CALL, "--save", "--quiet")
    done = program("calls", "show", "last", "--transcript", encoding="ascii")
    assert done.returncode == 0, done.stderr
    assert "?" in done.stdout


@pytest.mark.parametrize("option", ["--swap", "--keep-audio"])
def test_what_only_sound_has_is_not_asked_of_a_transcript(program: Program, option: str) -> None:
    keep = ("--save",) if option == "--keep-audio" else ()
    assert f"{option}: there is no sound" in complaint(program("replay", CALL, option, *keep))


def test_two_files_are_not_swapped(program: Program) -> None:
    done = program("replay", "--rep", "a.wav", "--customer", "b.wav", "--swap")
    assert "--swap: --rep and --customer say who is who" in complaint(done)
