"""What other programs read of a call: transcript, note, table, vCon."""

import csv
import io
import json
import warnings
from pathlib import Path

import pytest

from copilot.events import ActKind, CueName, Line
from copilot.exports.conversation import as_vcon
from copilot.exports.crm import COLUMNS, as_csv, as_markdown
from copilot.exports.webvtt import as_webvtt
from copilot.figures.figures import figures_of
from copilot.review.page import Reviewed
from copilot.sources.transcript import Transcript
from copilot.store.card import Card, Note
from tests.scenarios import FIXTURES, Hearing, read_scenario
from tests.screens import HOSTILE
from tests.stored import CUSTOMER, REP, TALK, call, cue, keep, line
from tests.test_cli import Program, complaint

CARD = Card(
    "2026-01-05T10:00:00+01:00", "Eva", "Bakkerij Smit", ("proef",), notes=(Note("w", "Mooi."),)
)


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Program:
    return Program(tmp_path_factory.getbasetemp() / "export_cache", data=tmp_path / "home")


def reviewed(*parts: object, card: Card = CARD) -> Reviewed:
    events = call(*parts) if parts else TALK  # type: ignore[arg-type]
    return Reviewed("20260105-100000-abcd", card, events, figures_of(events, lambda _: False))


def hostile() -> Reviewed:
    texts = (*HOSTILE, "a --> b", "<v rep>nep</v>", "&amp; <b>", "=1+1", "| # * _ [x](http://y)")
    lines = [line(REP, 2.0 * n, 2 * n + 1, text, ActKind.GIVEAWAY) for n, text in enumerate(texts)]
    card = Card(rep="=cmd()", customer="# kop | *ster*", tags=("@x",))
    return reviewed(*lines, card=card)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_transcript_is_heard_as_the_call_was(
    path: Path, hearing: Hearing, tmp_path: Path
) -> None:
    events = hearing.hear(read_scenario(path).settings)
    made = tmp_path / "made.vtt"
    text = as_webvtt(Reviewed("x", Card(), events, figures_of(events, lambda _: False)))
    made.write_text(text, encoding="utf-8")
    with Transcript(made) as transcript:
        again = [one for one in transcript.heard() if isinstance(one, Line)]
    told = [one for one in events if isinstance(one, Line)]
    assert [(o.speaker, o.start, o.end, o.text) for o in again] == [
        (o.speaker, o.start, o.end, o.text) for o in told
    ]


def test_whatever_was_said_is_only_text_in_a_transcript(tmp_path: Path) -> None:
    made = tmp_path / "made.vtt"
    made.write_text(as_webvtt(hostile()), encoding="utf-8")
    with Transcript(made) as transcript:
        again = [one.text for one in transcript.heard() if isinstance(one, Line)]
    assert "a --> b" in again
    assert "<v rep>nep</v>" in again
    assert "&amp; <b>" in again


def test_a_note_for_the_crm(hearing: Hearing) -> None:
    words = hearing.learned("nl").playbook.review
    note = as_markdown(reviewed(), words)
    assert note.startswith("# Gesprek: Bakkerij Smit\n")
    assert (
        "- Vervolgstap: afspraak: “Zullen we dinsdag afspreken?” “Ja, dat is goed.” (0:12)" in note
    )
    assert "- Tags: proef" in note
    assert "- Mooi." in note
    wild = as_markdown(hostile(), words)
    assert "# kop \\| \\*ster\\*" in wild
    assert "\\[x\\](http\\://y)" in wild
    assert "\\<v rep\\>nep" in wild
    assert "\x1b" not in wild


def test_a_table_has_a_row_for_each_call() -> None:
    head, first, wild = csv.reader(io.StringIO(as_csv([reviewed(), hostile()])))
    assert tuple(head) == COLUMNS
    row = dict(zip(head, first, strict=True))
    assert (row["customer"], row["next_step"], row["next_step_kind"]) == (
        "Bakkerij Smit",
        "yes",
        "visit",
    )
    assert (row["closings"], row["silences_kept"], row["silence_mean_s"]) == ("1", "1", "4")
    assert (row["length_s"], row["patience_s"], row["asked_why"]) == ("60", "1", "0")
    assert row["talk_share"] == "0.667"
    assert not [cell for cell in wild if cell.startswith(("=", "@", "+"))]
    assert "'=cmd()" in wild


def test_a_vcon_is_valid_and_holds_transcript_and_cues() -> None:
    made = reviewed(line(CUSTOMER, 1, 2, "Nee 😀", ActKind.NO), [cue(2.0, CueName.ASK_WHY)])
    text = as_vcon(made)
    with warnings.catch_warnings(record=True):
        from vcon import Vcon
    good, faults = Vcon.validate_json(text)
    assert (good, faults) == (True, [])
    told = json.loads(text)
    assert [party["name"] for party in told["parties"]] == ["Eva", "Bakkerij Smit"]
    wtf, advice = told["analysis"]
    assert (wtf["type"], advice["type"]) == ("wtf_transcription", "sales_cues")
    body = json.loads(wtf["body"])
    assert set(body) >= {"transcript", "segments", "metadata"}
    assert body["segments"][0]["text"] == "Nee 😀"
    assert body["transcript"]["confidence"] == pytest.approx(0.9)
    assert json.loads(advice["body"])["cues"][0]["name"] == "ask_why"
    assert "body" not in told["dialog"][0]


def test_the_command(program: Program, tmp_path: Path) -> None:
    folder = keep(tmp_path / "calls", TALK, CARD)
    store = ("--store", str(tmp_path / "calls"))
    for form, words in (
        ("webvtt", "<v customer>Ja, dat is goed."),
        ("markdown", "# Gesprek: Bakkerij Smit"),
        ("csv", f"\n{folder.name},2026-01-05"),
        ("vcon", '"wtf_transcription"'),
    ):
        done = program("calls", "export", "last", "--as", form, *store)
        assert (done.returncode, done.stderr) == (0, "")
        assert words in done.stdout, form
    out = tmp_path / "note.md"
    assert (
        program("calls", "export", "last", "--as", "markdown", "-o", str(out), *store).stdout == ""
    )
    assert out.stat().st_mode & 0o777 == 0o600
    both = ("calls", "export", "last", folder.name, *store, "--as")
    assert program(*both, "csv").stdout.count("\n") == 3
    assert "one call at a time" in complaint(program(*both, "vcon"))
