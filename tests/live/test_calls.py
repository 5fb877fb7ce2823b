"""Real calls over a real sound server: the same cues as the replay of the same file gives."""

import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.events import Started
from copilot.frames import Block
from copilot.sources.recording import Recording
from copilot.store.reading import read_call
from copilot.store.shelf import Shelf
from tests.live.pulse import MICROPHONE, SPEAKER, Server
from tests.live.watching import TOP, Fields, Watched
from tests.scenarios import Hearing, cues, read_scenario

pytestmark = pytest.mark.model
FIXTURES = TOP / "audio_fixtures"
NEAR = 0.3  # s by which a live anchor may differ: its frames begin elsewhere
STARTS = 60.0  # s that a busy machine may take to load everything


def sound_of(path: Path) -> NDArray[np.int16]:
    with Recording(path) as recording:
        return np.concatenate([one.samples for one in recording.blocks() if isinstance(one, Block)])


def listening(server: Server) -> bool:
    return server.pactl("list", "source-outputs").count('"call-copilot"') >= 2


def ready(server: Server) -> None:
    deadline = time.monotonic() + STARTS
    while not listening(server):
        assert time.monotonic() < deadline, "live does not begin to listen"
        time.sleep(0.1)


def play(server: Server, path: Path, enough: threading.Event | None = None) -> None:
    sound = sound_of(path)
    server.play({MICROPHONE: sound[:, 0], SPEAKER: sound[:, 1]}, enough)


@pytest.mark.parametrize("name", ["nl_silence_broken", "nl_final_no"])
def test_the_same_cues_as_the_replay(
    name: str, server: Server, tmp_path: Path, hearing: Hearing
) -> None:
    replayed = cues(hearing.hear_recording(read_scenario(FIXTURES / f"{name}.vtt")))
    with Watched(server, tmp_path) as live:
        ready(server)
        play(server, FIXTURES / f"{name}.flac")
        live.wait_for(lambda events: events[-1]["type"] == "ended", 3.0)
        status, error = live.stop()
    assert (status, error) == (0, "")
    given = live.events("cue")
    heard = [line["text"] for line in live.events("line")]
    assert [cue["name"] for cue in given] == [cue.name for cue in replayed], heard
    anchors = [float(cue["anchor"]) for cue in given]
    first = anchors[0] - replayed[0].anchor  # a live call begins 1 s before the first word
    expected = [cue.anchor + first for cue in replayed]
    assert anchors == pytest.approx(expected, abs=NEAR)
    assert not live.events("lost")
    assert live.events("ended")[-1]["reason"] == "stopped by the user"


def test_a_microphone_that_is_unplugged_and_plugged_in_again(
    server: Server, tmp_path: Path, hearing: Hearing
) -> None:
    path = FIXTURES / "nl_silence_kept.flac"
    replayed = cues(hearing.hear_recording(read_scenario(path.with_suffix(".vtt"))))
    enough = threading.Event()
    playing = threading.Thread(target=play, args=(server, path, enough))
    with Watched(server, tmp_path, "--microphone", "headset") as live:
        ready(server)
        playing.start()
        assert live.wait_for(lambda events: _said(events, "customer"), 20.0)
        server.unplug("headset")
        gone = time.monotonic()
        assert live.wait_for(lambda events: _notice(events, on=True), 1.0)
        time.sleep(0.5)
        server.plug("headset")
        back = time.monotonic()
        assert live.wait_for(lambda events: _notice(events, on=False), 5.0)
        heard = time.monotonic()
        assert live.wait_for(_held, 40.0)
        enough.set()
        playing.join()
        status, error = live.stop()
    assert (status, error) == (0, "")
    assert len(live.events("started")) == 1, "the call goes on"
    # the server may move the other stream to the microphone that comes back, which is undone
    lost = max(float(one["seconds"]) for one in live.events("lost"))
    assert back - gone - 0.2 <= lost <= heard - gone + 0.2
    [hold] = [cue for cue in live.events("cue") if cue["name"] == "hold_silence"]
    first = next(one for one in live.events("line"))
    # the clock stays true: what comes behind the loss stands where it was spoken
    expected = next(cue.anchor for cue in replayed if cue.name == "hold_silence")
    begun = 1.0  # s, of the first word in every fixture
    assert float(hold["anchor"]) - float(first["start"]) == pytest.approx(expected - begun, abs=0.2)
    times = [float(event["at"]) for event in live.events()]
    started = next(place for place, one in enumerate(live.events()) if one["type"] == "started")
    assert times[started:] == sorted(times[started:])


def _notice(events: Sequence[Fields], *, on: bool) -> bool:
    return any(
        one["type"] == "notice" and one["trouble"] == "microphone_gone" and one["on"] is on
        for one in events
    )


def _held(events: Sequence[Fields]) -> bool:
    return any(one["type"] == "cue" and one["name"] == "hold_silence" for one in events)


def _said(events: Sequence[Fields], speaker: str) -> bool:
    return any(one["type"] == "line" and one["speaker"] == speaker for one in events)


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGINT] * 2, [signal.SIGTERM]])
def test_it_ends_cleanly_while_it_waits(
    signals: list[signal.Signals], server: Server, tmp_path: Path
) -> None:
    with Watched(server, tmp_path) as live:
        ready(server)
        status, error = live.stop(*signals)
    assert (status, error) == (0, "")
    assert not live.events("started")


def test_it_ends_cleanly_in_a_call(server: Server, tmp_path: Path) -> None:
    talk = sound_of(FIXTURES / "nl_silence_kept.flac")[: 9 * 16_000]
    with Watched(server, tmp_path) as live:
        ready(server)
        server.play({MICROPHONE: talk[:, 0], SPEAKER: talk[:, 1]})
        assert live.wait_for(lambda events: any(one["type"] == "started" for one in events), 3.0)
        status, error = live.stop(signal.SIGINT, signal.SIGINT)
    assert (status, error) == (0, "")
    assert live.events()[-1]["type"] == "ended"
    assert live.events("line"), "what was said before is in the log"
    (entry,) = Shelf(tmp_path / "call-copilot" / "calls").entries()
    kept = read_call(entry.folder)
    told = [one["at"] for one in live.events()][-len(kept) :]  # before it stands how one waited
    assert [event.at for event in kept] == told, "it is kept too"
    assert isinstance(kept[0], Started)
