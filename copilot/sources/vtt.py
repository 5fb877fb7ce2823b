"""Reads a WebVTT transcript of a call: who said what when; nothing in it is skipped unseen."""

import html
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import webvtt
from webvtt.errors import MalformedCaptionError

from copilot.errors import SourceError

LONGEST = 24 * 3_600_000  # ms; a time past it is a slip of the pen, and every 0.1 s is told

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>")
_TAG = re.compile(r"<[^>]*>")
_NOTE_END = re.compile(r"NOTE end\s+(\S+)")
_LANGUAGE = re.compile(r"(?:NOTE language\s+|Language:\s*)([A-Za-z]+)\S*")  # the part before "-BE"


class Utterance(NamedTuple):
    """What one voice says in one cue; times in ms."""

    start: int
    end: int
    voice: str  # as written
    text: str
    row: int  # of the file, from 1


class Script(NamedTuple):
    """A transcript as written, in the order of the file."""

    utterances: tuple[Utterance, ...]
    end: int | None  # ms, from NOTE end
    language: str | None  # from NOTE language, or from the header


class _Chunk(NamedTuple):
    """Lines between two empty lines."""

    row: int
    lines: tuple[str, ...]


def read_script(path: Path) -> Script:
    """Reads a file that exists; raises SourceError with the row of the mistake."""
    chunks = list(_chunks(_text(path)))
    if not chunks or not re.match(r"WEBVTT($|[ \t])", chunks[0].lines[0]) or chunks[0].row != 1:
        raise SourceError(f"{path}: not a WebVTT file; its first line must be WEBVTT")
    _refuse_arrow(path, chunks[0])
    utterances: list[Utterance] = []
    end, language = None, _told_language(chunks[0])
    for chunk in chunks[1:]:
        if re.match(r"(NOTE($|\s)|(STYLE|REGION)$)", chunk.lines[0]):
            _refuse_arrow(path, chunk)
            end = _noted_end(path, chunk, end)
            language = language or _told_language(chunk)
        else:
            utterances.extend(_cue(path, chunk))
    if not utterances:
        raise SourceError(f"{path}: no cues in it; a line is a time and <v rep> or <v customer>")
    return Script(tuple(utterances), end, language)


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise SourceError(f"{path}:{row}: not UTF-8; save the transcript as UTF-8") from error


def _chunks(text: str) -> Iterator[_Chunk]:
    """Splits at empty lines; one of blanks only, as hand-made files have, counts as empty."""
    held: list[str] = []
    for row, line in enumerate([*re.split(r"\r\n|\r|\n", text), ""], 1):
        if line.strip():
            held.append(line.rstrip())
        elif held:
            yield _Chunk(row - len(held), tuple(held))
            held = []


def _refuse_arrow(path: Path, chunk: _Chunk) -> None:
    """A cue right under a header or a NOTE belongs to it, and would not be heard."""
    for row, line in enumerate(chunk.lines, chunk.row):
        if "-->" in line:
            raise SourceError(f"{path}:{row}: this cue is hidden; put an empty line above it")


def _noted_end(path: Path, chunk: _Chunk, end: int | None) -> int | None:
    for row, line in enumerate(chunk.lines, chunk.row):
        if match := _NOTE_END.fullmatch(line):
            if not re.fullmatch(r"\d{1,5}(\.\d{1,3})?", match[1]):
                raise SourceError(f"{path}:{row}: NOTE end takes seconds, as in NOTE end 61.5")
            end = round(float(match[1]) * 1000)
    return end


def _told_language(chunk: _Chunk) -> str | None:
    found = (_LANGUAGE.fullmatch(line) for line in chunk.lines)
    return next((match[1].lower() for match in found if match), None)


def _cue(path: Path, chunk: _Chunk) -> Iterator[Utterance]:
    timed = next((place for place, line in enumerate(chunk.lines[:2]) if "-->" in line), None)
    if timed is None:
        raise SourceError(
            f"{path}:{chunk.row}: words without a time above them; "
            "remove the empty line before them, or begin a comment with NOTE"
        )
    row = chunk.row + timed
    start, end = _times(path, row, chunk.lines[timed])
    payload = chunk.lines[timed + 1 :]
    for below, line in enumerate(payload, row + 1):
        if "-->" in line:
            raise SourceError(f"{path}:{below}: a time inside a cue; put an empty line above it")
    said: dict[str, str] = {}
    for voice, text in _voices(path, row, "\n".join(payload)):
        said[voice] = f"{said[voice]} {text}".strip() if voice in said else text
    for voice, text in said.items():
        yield Utterance(start, end, voice, text, row)


def _times(path: Path, row: int, line: str) -> tuple[int, int]:
    """Milliseconds of start and end; what follows them is about the picture and is left out."""
    left, _, right = line.partition("-->")
    settings_away = f"{left.strip()} --> {' '.join(right.split()[:1])}"
    try:
        cue = webvtt.from_string(f"WEBVTT\n\n{settings_away}\nwords", strict=True).captions[0]
    except (MalformedCaptionError, ValueError) as error:
        raise SourceError(
            f"{path}:{row}: {line.strip()!r} is not a time; write 00:01:02.500 --> 00:01:04.000"
        ) from error
    start, end = cue.start_time.in_milliseconds(), cue.end_time.in_milliseconds()
    if end <= start:
        raise SourceError(
            f"{path}:{row}: the cue ends at {cue.end}, not after its start {cue.start}"
        )
    if end > LONGEST:
        raise SourceError(f"{path}:{row}: the cue ends at {cue.end}, past 24 hours; mend the time")
    return start, end


def _voices(path: Path, row: int, payload: str) -> Iterator[tuple[str, str]]:
    """Yields each voice in a cue with its words."""
    tags = list(_VOICE.finditer(payload))
    edges = [*(tag.start() for tag in tags), len(payload)]
    stray = payload[: edges[0]]
    for tag, edge in zip(tags, edges[1:], strict=True):
        words, _, outside = payload[tag.end() : edge].partition("</v>")
        stray += outside
        voice = _plain(tag[1] or "")
        if not voice:
            raise SourceError(f"{path}:{row}: <v> without a name; write <v rep> or <v customer>")
        yield voice, _plain(words)
    if not tags or _plain(stray):
        raise SourceError(
            f"{path}:{row}: nobody says {_plain(stray)!r}; put <v rep> or <v customer> before it"
        )


def _plain(markup: str) -> str:
    """Words without tags, entities, runs of blanks and characters that do not print."""
    text = html.unescape(_TAG.sub("", markup))
    spaced = " ".join(text.split())
    return "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf"))
