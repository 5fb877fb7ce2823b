"""Keys, pressed on a terminal of the program's own."""

import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pyte
import pytest

from copilot.deck import NAP, STEP, Deck
from copilot.events import Again, Bookmarked, Ended, Event, Key, Pressed, Tick
from copilot.keys import Keys, NoKeys
from copilot.sinks.eventlog import read_log
from copilot.stopping import Stop

TOP = Path(__file__).parent.parent
CALL = "audio_fixtures/nl_silence_kept.vtt"
QUESTION = rb"\x1bP|\x1b\[[>=?]?\d*(?:c|n)"  # that a terminal answers, as if it were typed
PATIENCE = 60.0  # s after which a program that does not do as it should is given up


class Seat:
    """The program on a terminal of 80 by 24, with somebody at the keys."""

    def __init__(self, log: Path, *options: str, stdin: int | None = None) -> None:
        self.log = log
        self._keys, terminal = pty.openpty()
        termios.tcsetwinsize(terminal, (24, 80))
        self._terminal = terminal
        self._ends = [self._keys, terminal]
        self.written = b""
        self.before = termios.tcgetattr(terminal)
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "copilot", "replay", CALL, "--events", str(log), *options],
            cwd=TOP,
            env={**os.environ, "TERM": "xterm-256color"},
            stdin=terminal if stdin is None else stdin,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=lambda: os.close(os.open(os.ttyname(terminal), os.O_RDWR)),
        )
        os.set_blocking(self._keys, False)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Close the terminal's window."""
        for end in self._ends:
            os.close(end)
        self._ends.clear()

    @property
    def modes(self) -> object:
        return termios.tcgetattr(self._terminal)

    def press(self, keys: str) -> None:
        os.write(self._keys, keys.encode())

    def sees(self, *words: str) -> str:
        """Wait until the screen shows all these words."""
        return self._wait(lambda: all(word in self.rows() for word in words), str(words))

    def ends(self) -> int:
        self._wait(lambda: self.process.poll() is not None, "the end")
        return self.process.wait()

    def rows(self) -> str:
        try:
            while part := os.read(self._keys, 65536):
                self.written += part
                self._stream.feed(part)
        except (BlockingIOError, OSError):
            pass
        return "\n".join(row.rstrip() for row in self._screen.display)

    def _wait(self, done: Callable[[], bool], what: str) -> str:
        until = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < until, f"{what} never came; the screen:\n{self.rows()}"
            self.rows()  # a terminal that nobody reads is full before long
            time.sleep(0.02)
        return self.rows()

    def heard(self) -> list[Event]:
        return list(read_log(self.log))


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    seat = Seat(tmp_path / "log.jsonl", "--pace", "2")
    yield seat
    seat.close()


def test_a_rep_at_the_keys(seat: Seat) -> None:
    seat.sees("luistert mee")
    assert seat.modes != seat.before
    seat.press("?")
    seat.sees("moment markeren", "pauze", "stoppen")
    assert "nieuw gesprek" not in seat.rows()  # there is none in a replay
    seat.press("?b")
    seat.sees("gemarkeerd")
    seat.press(" ")
    seat.sees("gepauzeerd")
    clock = seat.rows()[:5]
    time.sleep(0.6)  # 1.2 s of the call
    assert seat.rows()[:5] == clock
    seat.press("t \x1b[C\x1b[C")
    seat.sees("Dat scheelt ons heel veel werk.")
    seat.press(" \x1b[D")
    seat.sees("nog eens", "gepauzeerd")
    assert "Dat scheelt ons heel veel werk." not in seat.rows()
    seat.press("\x1b[C ")
    seat.sees("Dat scheelt ons heel veel werk.")
    seat.press("m")
    seat.sees("aanwijzingen uit tot")
    seat.press("x\x1b[A\x1b]\x00é")  # nothing to us
    seat.press("q")
    assert seat.ends() == 0
    assert "Afsluiten" in seat.rows()
    assert seat.modes == seat.before
    assert not re.search(QUESTION, seat.written)
    heard = seat.heard()
    assert [type(event) for event in heard].count(Bookmarked) == 1
    assert heard[-1] == Ended(heard[-1].at, "stopped by the user")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_call_as_ever(seat: Seat, stop: signal.Signals) -> None:
    seat.sees("luistert mee")
    seat.process.send_signal(stop)
    assert seat.ends() == 0
    assert seat.modes == seat.before
    last = seat.heard()[-1]
    assert last == Ended(last.at, "stopped by the user")
    assert last.at < 30.0


def test_who_asks_to_stop_twice_need_not_wait() -> None:
    stop = Stop()
    stop.keys = Pressing((Key.HELP,), ())
    assert list(stop.pressed()) == [Key.HELP]
    stop.ask()
    assert list(stop.pressed()) == [Key.QUIT]
    with pytest.raises(KeyboardInterrupt):
        stop.ask()


def test_a_terminal_that_is_closed_ends_the_log(seat: Seat) -> None:
    seat.sees("luistert mee")
    seat.hang_up()
    seat.process.wait(PATIENCE)
    assert seat.heard()[-1] == Ended(seat.heard()[-1].at, "stopped by the user")


def test_a_stdin_that_is_no_terminal_gives_no_keys(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"q?q")
    seat = Seat(tmp_path / "log.jsonl", "--pace", "40", stdin=reading)
    assert seat.ends() == 0
    heard = seat.heard()
    assert isinstance(heard[-1], Ended)
    assert heard[-1].reason == "end of the recording"
    seat.close()


def test_plain_has_no_keys_and_leaves_the_terminal_alone(tmp_path: Path) -> None:
    seat = Seat(tmp_path / "log.jsonl", "--plain", "--pace", "40")
    seat.press("q")
    assert seat.ends() == 0
    assert seat.modes == seat.before
    assert "gezwegen" in seat.rows()
    seat.close()


class Pressing:
    """Keys, some at each look."""

    def __init__(self, *looks: tuple[Key, ...]) -> None:
        self._looks = list(looks)

    def pressed(self) -> Iterator[Key]:
        return iter(self._looks.pop(0) if self._looks else ())


class Clock:
    """A pace that only counts."""

    def __init__(self) -> None:
        self.rested, self.skipped = 0.0, 0.0

    def rest(self, seconds: float) -> float:
        self.rested += seconds
        return 2 * seconds

    def skip(self, seconds: float) -> None:
        self.skipped += seconds


def test_what_keys_do() -> None:
    clock = Clock()
    deck = Deck(Pressing((Key.BOOKMARK,), (Key.PAUSE,), (), (Key.MUTE, Key.PAUSE)), clock)
    assert list(deck.obey(1.0)) == [Pressed(1.0, Key.BOOKMARK), Bookmarked(1.0, 1.0)]
    assert clock.rested == 0.0
    keys = [Key.PAUSE, Key.MUTE, Key.PAUSE]
    told = list(deck.obey(2.0))
    assert [one for one in told if one != Tick(2.0)] == [Pressed(2.0, key) for key in keys]
    assert told.count(Tick(2.0)) == 2  # lest the screen stands still
    assert clock.rested > 0.0


def test_what_was_shown_is_shown_again_up_to_where_the_call_is() -> None:
    clock = Clock()
    deck = Deck(Pressing((Key.BACK, Key.BACK, Key.FORWARD), (Key.BOOKMARK,)), clock)
    told = [one for one in deck.obey(33.0) if not isinstance(one, Pressed)]
    moments = [one.moment for one in told if isinstance(one, Again)]
    assert moments[0] == pytest.approx(33.0 - STEP + 2 * NAP)
    assert told[1] == Bookmarked(33.0, moments[0])
    assert all(late - early == pytest.approx(2 * NAP) for early, late in pairwise(moments))
    assert told[-1] == Tick(33.0)  # the present once more
    assert clock.rested == pytest.approx(STEP / 2)
    assert clock.skipped == 0.0


def test_before_the_start_there_is_nothing() -> None:
    told = Deck(Pressing((Key.BACK, Key.BACK), (Key.QUIT,)), Clock()).obey(4.0)
    assert [one.moment for one in told if isinstance(one, Again)] == [pytest.approx(2 * NAP)]


def test_a_pause_stands_still_where_one_looks() -> None:
    keys = Pressing((Key.PAUSE, Key.BACK), (), (Key.PAUSE,), (Key.QUIT,))
    moments = [one.moment for one in Deck(keys, Clock()).obey(20.0) if isinstance(one, Again)]
    assert moments == [10.0, 10.0, pytest.approx(10.0 + 2 * NAP)]


def test_the_end_can_be_asked_for_in_a_pause() -> None:
    deck = Deck(Pressing((Key.PAUSE,), (Key.QUIT, Key.MUTE)), Clock())
    pause, end = Pressed(1.0, Key.PAUSE), Pressed(1.0, Key.QUIT)
    assert list(deck.obey(1.0)) == [pause, Tick(1.0), end]


def test_nothing_holds_up_a_call_that_keeps_no_time() -> None:
    deck = Deck(Pressing((Key.PAUSE, Key.FORWARD)))
    assert len(list(deck.obey(1.0))) == 2
    clock = Clock()
    assert len(list(Deck(Pressing((Key.FORWARD,)), clock).obey(1.0))) == 1
    assert clock.skipped == STEP
    assert list(Deck(NoKeys()).obey(1.0)) == []


def test_keys_without_a_terminal() -> None:
    with Keys(Key) as keys:  # the tests' own stdin is none
        assert list(keys.pressed()) == []
