"""Transcripts that cannot be followed, each with the row of the mistake."""

from pathlib import Path

import pytest

from copilot.errors import SourceError
from copilot.sources.transcript import Transcript
from tests.test_transcript import CALL, hear, voiced


def refusal(tmp_path: Path, text: str | bytes, rep_name: str = "rep") -> str:
    with pytest.raises(SourceError) as caught:
        hear(tmp_path, text, rep_name=rep_name)
    said = str(caught.value)
    assert said.startswith(str(tmp_path / "call.vtt"))
    assert "\n" not in said
    return said.removeprefix(str(tmp_path / "call.vtt"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", ": the file is empty"),
        ("1\n00:00:01,000 --> 00:00:02,000\nhoi\n", ": not a WebVTT file"),
        ("WEBVTTX\n\n", ": not a WebVTT file"),
        ("\nWEBVTT\n\n", ": not a WebVTT file"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v rep>caf\xe9\n", ":4: not UTF-8"),
        ("WEBVTT\n".encode("utf-16"), ":1: not UTF-8"),
        ("WEBVTT\n\nNOTE niets\n", ": no cues in it"),
        (voiced("Ja."), ":3: nobody says 'Ja.'"),
        (voiced(""), ":3: nobody says ''"),
        (voiced("Nou, <v rep>ja."), ":3: nobody says 'Nou,'"),
        (voiced("<v rep>Ja.</v> Nee."), ":3: nobody says 'Nee.'"),
        (voiced("<v>Ja."), ":3: <v> without a name"),
        (voiced("<v >Ja."), ":3: <v> without a name"),
        (voiced("<video>Ja."), ":3: nobody says"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\n<v rep>a", ":3: the cue ends at 00:00:01.000, not"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\n<v rep>a", ":3: the cue ends at 00:00:02.000, not"),
        ("WEBVTT\n\n99:00:02.000 --> 99:00:03.000\n<v rep>a", ":3: the cue ends at 99:00:03.000"),
        ("WEBVTT\n\nnaam\n00:02,000 --> 00:03,000\n<v rep>a", ":4: '00:02,000 --> 00:03,000'"),
        ("WEBVTT\n\n00:02.000 --> 00:61.000\n<v rep>a", ":3: '00:02.000 --> 00:61.000' is not"),
        ("WEBVTT\n\n0:2.0 --> 0:3.0\n<v rep>a", ":3: '0:2.0 --> 0:3.0' is not"),
        ("WEBVTT\n\n00:02.000 --> 00:03.0001\n<v rep>a", ":3: '00:02.000 --> 00:03.0001' is"),
        ("WEBVTT\n\n00:02.000 -->\n<v rep>a", ":3: '00:02.000 -->' is not"),
        ("WEBVTT\n\n00:02.000 -> 00:03.000\n<v rep>a", ":3: words without a time"),
        (voiced("<v rep>Ja.\n\ndat is goed"), ":6: words without a time"),
        (voiced("<v rep>Ja.\n00:03.000 --> 00:04.000\n<v rep>a"), ":5: a time inside a cue"),
        ("WEBVTT\n00:02.000 --> 00:03.000\n<v rep>a", ":2: this cue is hidden"),
        ("WEBVTT\n\nNOTE x\n00:02.000 --> 00:03.000\n<v rep>a", ":4: this cue is hidden"),
        (voiced("<v rep>a") + "\nNOTE end soon\n", ":6: NOTE end takes seconds"),
        (voiced("<v rep>a") + "\nNOTE end 1e9\n", ":6: NOTE end takes seconds"),
    ],
)
def test_mistakes(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert refusal(tmp_path, text).startswith(said)


def test_unknown_voices_are_listed(tmp_path: Path) -> None:
    text = voiced("<v rep>Ja.") + "\n00:03.000 --> 00:04.000\n<v Eva>Ja.</v><v De Vries>Nee.\n"
    said = refusal(tmp_path, text)
    assert said.startswith(":6: unknown voice 'Eva'")
    assert "--rep-name NAME --customer-name NAME" in said
    assert "rep, Eva, De Vries" in said


def test_one_name_for_two(tmp_path: Path) -> None:
    assert "are both 'Customer'" in refusal(tmp_path, CALL, rep_name="Customer")


@pytest.mark.parametrize("name", ["rep", "Eva"])
def test_overlap_of_one_speaker(tmp_path: Path, name: str) -> None:
    text = voiced("<v rep>Ja.") + f"\n00:01.999 --> 00:04.000\n<v {name}>Nee.\n"
    said = refusal(tmp_path, text, rep_name="Eva")
    assert said.startswith(":6: cues of the rep overlap")
    assert "ends at 2.000 s" in said
    assert "begins at 1.999 s" in said


def test_missing_and_folder(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "no.vtt", "no such file"), (tmp_path, "this is a folder")):
        with pytest.raises(SourceError, match=said), Transcript(path):
            pass
