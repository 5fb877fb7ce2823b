"""The playbook: all that the copilot knows and says in one language, and a team's changes to it."""

import re
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from copilot.dialogue.grammar import Grammar
from copilot.dialogue.thresholds import Thresholds
from copilot.errors import PlaybookError
from copilot.events import CueName, Reason

MOST_WORDS = 8  # of a cue
UNKNOWN_KEY = re.compile(r"Invalid enum value '(.*)'")
Phrases = list[Annotated[str, Meta(min_length=1)]]


class RepExamples(Struct, frozen=True, forbid_unknown_fields=True):
    """Lines of a seller, by what they do; a line in two lists does both."""

    closing_question: Phrases = []
    argument: Phrases = []
    why_question: Phrases = []
    recap: Phrases = []
    giveaway: Phrases = []
    quid_pro_quo: Phrases = []
    goodbye: Phrases = []
    none: Phrases = []  # near misses, and what is ordinary talk


class CustomerExamples(Struct, frozen=True, forbid_unknown_fields=True):
    """Lines of a customer, by what they do."""

    yes: Phrases = []
    hesitation: Phrases = []
    pro: Phrases = []
    final_no: Phrases = []
    goodbye: Phrases = []
    none: Phrases = []
    no: dict[Reason, Phrases] = {}


class Examples(Struct, frozen=True, forbid_unknown_fields=True):
    """What the sense of a line is learned from."""

    rep: RepExamples
    customer: CustomerExamples


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """Short words and set phrases; lower case, one blank between words, no punctuation."""

    backchannels: Phrases  # a whole line that only shows listening
    fillers: Phrases  # words of which a line that only thinks aloud is made
    affirming: Phrases  # words at the start of an answer that agree
    denying: Phrases  # words at the start of an answer that deny
    negations: Phrases  # words that deny, wherever they stand
    contrast: Phrases  # words after which the agreement is taken back
    courtesy: Phrases  # in a question about identity, permission or the connection
    certain: dict[str, Phrases]  # by act or `no.reason`: a line with such a phrase is that act


class Hearing(Struct, frozen=True, forbid_unknown_fields=True):
    """What the recogniser is told beforehand."""

    prompt: str = ""
    phantoms: Phrases = []  # lines that Whisper invents in noise


class Playbook(Struct, frozen=True, forbid_unknown_fields=True):
    """One language's file, with a team's file laid over it."""

    language: str
    grammar: Grammar
    words: Words
    examples: Examples
    cues: dict[CueName, str]  # an empty text switches the cue off
    screen: dict[str, str]
    thresholds: Thresholds = Thresholds()
    hearing: Hearing = Hearing()


def languages() -> list[str]:
    """The languages that have a playbook, by code."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def load_playbook(language: str, team: Path | None = None) -> Playbook:
    """Read a language's playbook and lay a team's file over it.

    A team's lists of phrases add to the language's; its texts and numbers replace them.

    Raises:
        PlaybookError: no such language, or a mistake in a file, named by file and line or key.
    """
    if language not in languages():
        known = " or ".join(languages())
        raise PlaybookError(f"language {language}: no playbook for it; use --language {known}")
    path = _folder() / f"{language}.toml"
    content = _read(path)
    if team is not None:
        content = _overlaid(content, _read(team))
        path = team
    try:
        return _brief(msgspec.convert(content, Playbook), path)
    except msgspec.ValidationError as error:
        raise PlaybookError(f"{path}: {_plain(error)}") from error


def _folder() -> Path:
    """Inside an installed package, or at the top of a checkout."""
    inside = Path(__file__).parents[1] / "prompts"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "prompts"


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlaybookError(f"{path}: {error.strerror}; give a readable playbook") from error
    except UnicodeDecodeError as error:
        raise PlaybookError(f"{path}: is not UTF-8 text; save the playbook as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise PlaybookError(f"{path}: is not valid TOML: {error}; mend that line") from error


def _overlaid(below: dict[str, object], above: dict[str, object]) -> dict[str, object]:
    merged = dict(below)
    for key, value in above.items():
        old = below.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _overlaid(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = [*old, *value]
        else:
            merged[key] = value
    return merged


def _plain(error: msgspec.ValidationError) -> str:
    """`key.path: what is wrong` from msgspec's `what is wrong - at `$.key.path``."""
    what, _, where = str(error).partition(" - at ")
    key = where.replace("`key` in ", "").replace("`", "").removeprefix("$").removeprefix(".")
    if unknown := UNKNOWN_KEY.fullmatch(what):
        known = ", ".join(CueName if key == "cues" else Reason)
        return f"{key}: unknown key {unknown[1]!r}; use one of {known}"
    return f"{key or 'top level'}: {what}; mend that key"


def _brief(playbook: Playbook, path: Path) -> Playbook:
    """Refuse a cue that a rep cannot take in at a glance."""
    for name, text in playbook.cues.items():
        if len(text.split()) > MOST_WORDS:
            raise PlaybookError(f"{path}: cues.{name}: more than {MOST_WORDS} words; shorten it")
    return playbook
