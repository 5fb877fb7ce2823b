"""WebVTT transcripts: told in order, and no cue lost or skipped unseen."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.events import Heard, Line, Speaker, Speaking, Tick
from copilot.sources.transcript import Transcript, language_of

REP, CUSTOMER = Speaker.REP, Speaker.CUSTOMER

CALL = """WEBVTT - a call

NOTE a comment of
two lines

1
00:00:01.000 --> 00:00:02.500 align:middle line:0
<v rep>Zal ik de <i>bestelling</i> plaatsen?

00:03.000 --> 00:04.000
<v.loud customer>Ja, dat is
goed &amp; snel.</v>
"""


def hear(
    tmp_path: Path,
    text: str | bytes,
    rep_name: str = "rep",
    customer_name: str = "customer",
    delay: float = 0.0,
) -> list[Heard]:
    path = tmp_path / "call.vtt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with Transcript(path, rep_name, customer_name, delay) as call:
        assert call.name == "call.vtt"
        return list(call.heard())


def told(heard: list[Heard]) -> list[Heard]:
    return [event for event in heard if not isinstance(event, Tick)]


def lines(heard: list[Heard]) -> list[tuple[Speaker, str]]:
    return [(event.speaker, event.text) for event in heard if isinstance(event, Line)]


def test_a_call(tmp_path: Path) -> None:
    heard = hear(tmp_path, CALL)
    assert told(heard) == [
        Speaking(1.0, REP, on=True, since=1.0),
        Speaking(2.5, REP, on=False, since=2.5),
        Line(2.5, REP, 1.0, 2.5, "Zal ik de bestelling plaatsen?", 1.0),
        Speaking(3.0, CUSTOMER, on=True, since=3.0),
        Speaking(4.0, CUSTOMER, on=False, since=4.0),
        Line(4.0, CUSTOMER, 3.0, 4.0, "Ja, dat is goed & snel.", 1.0),
    ]
    ticks = [event for event in heard if isinstance(event, Tick)]
    assert ticks == [Tick(k / 10) for k in range(1, 191)]
    assert heard[-1] == Tick(19.0)


def test_a_late_line_is_late_by_the_delay_alone(tmp_path: Path) -> None:
    heard = told(hear(tmp_path, CALL, delay=0.7))
    assert [(event.at, type(event)) for event in heard] == [
        (1.0, Speaking),
        (2.5, Speaking),
        (3.0, Speaking),
        (3.2, Line),
        (4.0, Speaking),
        (4.7, Line),
    ]


@pytest.mark.parametrize(
    ("note", "delay", "end"),
    [
        ("", 0.0, 19.0),
        ("", 20.0, 24.0),
        ("NOTE end 61.55", 0.0, 61.6),
        ("NOTE end 5", 3.0, 7.0),
        ("NOTE end 3", 0.0, 4.0),
        ("NOTE cue hold_silence 2.5 3.1\nNOTE end 7.0", 0.0, 7.0),
        ("NOTE end of the first part", 0.0, 19.0),
    ],
)
def test_the_end(tmp_path: Path, note: str, delay: float, end: float) -> None:
    heard = hear(tmp_path, f"{CALL}\n{note}\n", delay=delay)
    assert heard[-1] == Tick(end)
    assert len(lines(heard)) == 2


@pytest.mark.parametrize("gap", [0, 1, 19])
def test_cues_that_touch_are_two_lines(tmp_path: Path, gap: int) -> None:
    text = f"""WEBVTT

00:01.000 --> 00:02.000
<v rep>Een.

00:02.{gap:03} --> 00:03.000
<v rep>Twee.
"""
    first, *middle, last, _ = told(hear(tmp_path, text))
    again = 2 + gap / 1000
    assert first == Speaking(1.0, REP, on=True, since=1.0)
    assert middle == [
        Speaking(2.0, REP, on=False, since=2.0),
        Line(2.0, REP, 1.0, 2.0, "Een.", 1.0),
        Speaking(again, REP, on=True, since=again),
    ]
    assert last == Speaking(3.0, REP, on=False, since=3.0)


def test_at_one_time_ends_come_first_and_the_tick_last(tmp_path: Path) -> None:
    text = """WEBVTT

00:02.000 --> 00:03.000
<v rep>Later in de tijd.

00:01.000 --> 00:02.000
<v customer>Eerder in de tijd.
"""
    heard = hear(tmp_path, text)
    at_two = [event for event in heard if event.at == 2.0]
    assert [type(event) for event in at_two] == [Speaking, Line, Speaking, Tick]
    assert at_two[0] == Speaking(2.0, CUSTOMER, on=False, since=2.0)
    assert at_two[2] == Speaking(2.0, REP, on=True, since=2.0)


@given(
    rep=st.lists(st.integers(1, 3000), max_size=12),
    customer=st.lists(st.integers(1, 3000), max_size=12),
    delay=st.floats(0, 20),
)
def test_time_does_not_go_back_and_no_line_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rep: list[int], customer: list[int], delay: float
) -> None:
    cues = [cue(REP, 0, 100)]
    for speaker, steps in ((REP, rep), (CUSTOMER, customer)):
        times = [sum(steps[: place + 1], 200) for place in range(len(steps))]
        cues += [cue(speaker, a, b) for a, b in zip(times[::2], times[1::2], strict=False)]
    heard = hear(tmp_path_factory.mktemp("t"), "WEBVTT\n\n" + "\n".join(cues), delay=delay)
    times_told = [event.at for event in heard]
    assert times_told == sorted(times_told)
    assert len(lines(heard)) == len(cues)
    assert len([event for event in heard if isinstance(event, Speaking)]) == 2 * len(cues)
    assert isinstance(heard[-1], Tick)


def cue(speaker: Speaker, start: int, end: int) -> str:
    first, last = (f"{ms // 60_000:02}:{ms // 1000 % 60:02}.{ms % 1000:03}" for ms in (start, end))
    return f"{first} --> {last}\n<v {speaker}>woord\n"


def voiced(payload: str) -> str:
    return f"WEBVTT\n\n00:01.000 --> 00:02.000\n{payload}\n"


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("<v rep>Ja.</v><v customer>Nee.</v>", [(REP, "Ja."), (CUSTOMER, "Nee.")]),
        ("<v rep>Ja.\n<v customer>Nee.", [(REP, "Ja."), (CUSTOMER, "Nee.")]),
        ("<v rep>Ja,</v>\n<v rep>dat is goed.</v>", [(REP, "Ja, dat is goed.")]),
        ("<v REP>Ja.", [(REP, "Ja.")]),
        ("<v rep><00:01.500><c.y.z>Ja</c>  <b>hoor</b>.", [(REP, "Ja hoor.")]),
        ("<v rep>R&amp;D &lt;3&nbsp;&gt; caf&eacute;", [(REP, "R&D <3 > café")]),
        ("<v rep>5 < 6", [(REP, "5 < 6")]),
        ("<v rep>\ta\x07b\x1b[31m \u202ec", [(REP, "ab[31m c")]),
        ("<v rep>één\u2028twee", [(REP, "één twee")]),
        ("<v rep></v>", []),
    ],
)
def test_words(tmp_path: Path, payload: str, said: list[tuple[Speaker, str]]) -> None:
    heard = hear(tmp_path, voiced(payload))
    assert lines(heard) == said
    assert len(told(heard)) == 3 * max(len(said), 1)  # a start, an end, and the words or a cough


def test_people_by_name(tmp_path: Path) -> None:
    text = voiced("<v Eva  Jansen>Hallo.</v><v meneer De&nbsp;Vries>Dag.</v>")
    text += "\n00:03.000 --> 00:04.000\n<v rep>Ja.</v><v Customer>Nee.\n"
    heard = hear(tmp_path, text, rep_name="eva jansen", customer_name="Meneer de Vries")
    assert lines(heard) == [(REP, "Hallo."), (CUSTOMER, "Dag."), (REP, "Ja."), (CUSTOMER, "Nee.")]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_marks_and_newlines(tmp_path: Path, newline: str, mark: str) -> None:
    heard = hear(tmp_path, mark + CALL.replace("\n", newline).replace("\n\n", "\n \t\n"))
    assert len(lines(heard)) == 2


def test_speakers_may_overlap_each_other(tmp_path: Path) -> None:
    text = voiced("<v rep>Ja.") + "\n00:01.500 --> 00:04.000\n<v customer>Nee.\n"
    assert len(lines(hear(tmp_path, text))) == 2


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ("WEBVTT\n\nNOTE language en\n\nNOTE end 9", "en"),
        ("WEBVTT - a call\nKind: captions\nLanguage: nl-BE", "nl"),
        ("WEBVTT\nLanguage: EN\n\nNOTE language nl", "en"),
        ("WEBVTT\n\nNOTE in what language nobody knows", None),
    ],
)
def test_the_language_that_it_says(tmp_path: Path, head: str, language: str | None) -> None:
    path = tmp_path / "call.vtt"
    path.write_text(f"{head}\n\n00:01.000 --> 00:02.000\n<v rep>Language: xx</v>\n")
    assert language_of(path) == language
