"""The playbook: all that the copilot knows and says in one language, and a team's changes to it."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, structs

from copilot.dialogue.faults import Fault, find_faults, placed
from copilot.dialogue.grammar import Grammar
from copilot.dialogue.thresholds import Thresholds
from copilot.dialogue.toml_lines import lines_of
from copilot.dialogue.wording import Word
from copilot.errors import PlaybookError
from copilot.events import CueName, Key, Reason, Step, Trouble

MOST_WORDS = 8  # of a cue
CURLY = "\u2018\u2019\u201c\u201d"  # quotes as a word processor writes them
Phrases = list[Annotated[str, Meta(min_length=1)]]


class RepExamples(Struct, frozen=True, forbid_unknown_fields=True):
    """Lines of a seller, by what they do; a line in two lists does both.

    The forms of a question are told by grammar; examples only mend what that gets wrong.
    """

    closed_question: Phrases = []
    open_question: Phrases = []
    choice_question: Phrases = []
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

    rep: RepExamples = RepExamples()
    customer: CustomerExamples = CustomerExamples()


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """Short words and set phrases; lower case, one blank between words, no punctuation."""

    backchannels: Phrases  # a whole line that only shows listening
    fillers: Phrases  # words of which a line that only thinks aloud is made
    affirming: Phrases  # words at the start of an answer that agree
    denying: Phrases  # words at the start of an answer that deny
    negations: Phrases  # words that deny, wherever they stand
    contrast: Phrases  # words after which the agreement is taken back
    courtesy: Phrases  # in a question about identity, permission or the connection
    steps: dict[Step, Phrases]  # what a closing question asks for
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
    review: dict[Word, str]  # the texts of the coach's side
    methods: dict[CueName, str]  # what the method says, for who reads a cue afterwards
    machine: dict[str, str]  # what `devices` and `doctor` say
    troubles: dict[Trouble, str]
    reasons: dict[Reason, str]
    keys: dict[Key, str]
    thresholds: Thresholds = Thresholds()
    hearing: Hearing = Hearing()
    own: Examples = Examples()  # those of the examples that a team added; never in a file


def worded(playbook: Playbook, language: str) -> Playbook:
    """The same playbook telling the rep everything in another language.

    A cue that a team has switched off stays off.

    Raises:
        PlaybookError: no such language.
    """
    if language == playbook.language:
        return playbook
    other = load_playbook(language)
    cues = {name: other.cues[name] if text else "" for name, text in playbook.cues.items()}
    return structs.replace(
        playbook,
        cues=cues,
        screen=other.screen,
        troubles=other.troubles,
        reasons=other.reasons,
        keys=other.keys,
    )


def languages() -> list[str]:
    """The languages that have a playbook, by code."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def load_playbook(language: str, team: Path | None = None) -> Playbook:
    """Read a language's playbook and lay a team's file over it.

    A team's lists of phrases add to the language's; its texts and numbers replace them.

    Raises:
        PlaybookError: no such language, or a mistake in a file, named by file, line and key.
    """
    playbook, faults = read_playbook(language, team)
    if playbook is None:
        path = team or _folder() / f"{language}.toml"
        raise PlaybookError(told(path, faults[0]))
    return playbook


def read_playbook(language: str, team: Path | None = None) -> tuple[Playbook | None, list[Fault]]:
    """The same, with every mistake instead of the first.

    Raises:
        PlaybookError: no such language, or a file that cannot be read or is no TOML.
    """
    if language not in languages():
        known = " or ".join(languages())
        raise PlaybookError(f"language {language}: no playbook for it; use --language {known}")
    path = _folder() / f"{language}.toml"
    below = _read(path)
    above = _read(team) if team is not None else {}
    whole = {"language", "grammar"} <= above.keys()  # it stands by itself
    content = above if whole else _overlaid(below, above)
    faults = list(find_faults(content, below, Playbook, _choices(), _more))
    faults += _strange(content, below)
    if not whole and above.get("language", language) != language:
        what = f"is a file for another language than {language}; see --language"
        faults.append(Fault("language", what))
    if not faults:
        playbook = msgspec.convert(content, Playbook)
        return structs.replace(playbook, own=own_examples(team) if team else Examples()), []
    places = lines_of((team or path).read_text(encoding="utf-8-sig"))
    found = [placed(fault, places, {} if content is above else below) for fault in faults]
    return None, sorted(found, key=lambda fault: fault.line or 0)


def _strange(content: Mapping[str, object], below: Mapping[str, object]) -> Iterator[Fault]:
    """Texts that nothing shows: tables whose keys only the playbook that ships lists."""
    for table in ("screen", "machine"):
        texts, known = content.get(table), below.get(table)
        if isinstance(texts, dict) and isinstance(known, dict):
            for key in sorted(texts.keys() - known.keys()):
                near = get_close_matches(key, known, 3, 0.0)
                what = f"unknown key {key!r}; use one of {', '.join(near)}, ..."
                yield Fault(f"{table}.{key}", what)


def told(path: Path, fault: Fault) -> str:
    """A mistake as one line."""
    where = f"{path}:{fault.line}" if fault.line else f"{path}"
    remedy = "" if ";" in fault.what else "; mend that key"
    return f"{where}: {fault.key}: {fault.what}{remedy}"


def own_examples(path: Path) -> Examples:
    """The examples that stand in one file; it must be sound."""
    return msgspec.convert(_read(path).get("examples", {}), Examples)


def _folder() -> Path:
    """Inside an installed package, or at the top of a checkout."""
    inside = Path(__file__).parents[1] / "prompts"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "prompts"


def _read(path: Path) -> dict[str, object]:
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        raise PlaybookError(f"{path}: {error.strerror}; give a readable playbook") from error
    except UnicodeDecodeError as error:
        raise PlaybookError(f"{path}: is not UTF-8 text; save the playbook as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        curly = any(quote in text for quote in CURLY)
        remedy = "write straight quotes there" if curly else "mend that line"
        raise PlaybookError(f"{path}: is not valid TOML: {error}; {remedy}") from error


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


def _choices() -> dict[str, Iterable[str]]:
    """The keys that each table can have."""
    return {
        "": [name for name in Playbook.__struct_fields__ if name != "own"],
        "cues": CueName,
        "review": Word,
        "methods": CueName,
        "troubles": Trouble,
        "reasons": Reason,
        "keys": Key,
        "thresholds": Thresholds.__struct_fields__,
        "words": Words.__struct_fields__,
        "words.steps": Step,
        "hearing": Hearing.__struct_fields__,
        "examples": Examples.__struct_fields__,
        "examples.rep": RepExamples.__struct_fields__,
        "examples.customer": CustomerExamples.__struct_fields__,
        "examples.customer.no": Reason,
    }


def _more(playbook: Playbook) -> Iterator[Fault]:
    """Cues that a rep cannot take in at a glance, phrases for what is no act."""
    acts = [*RepExamples.__struct_fields__, *CustomerExamples.__struct_fields__]
    known = {*acts, *(f"no.{reason}" for reason in Reason)} - {"none"}
    yield from _wordless(playbook.examples)
    if playbook.own != Examples():
        yield Fault("own", "unknown key 'own'; put it under examples")
    for act in playbook.words.certain:
        if act not in known:
            what = f"unknown act {act!r}; use one of {', '.join(sorted(known))}"
            yield Fault(f"words.certain.{act}", what)
    for name, text in playbook.cues.items():
        if len(text.split()) > MOST_WORDS:
            yield Fault(f"cues.{name}", f"more than {MOST_WORDS} words; shorten it")


def _wordless(examples: Examples) -> Iterator[Fault]:
    """Examples from which nothing can be learned."""
    customer = structs.asdict(examples.customer)
    refusals = {f"customer.no.{reason}": lines for reason, lines in customer.pop("no").items()}
    named = {f"customer.{act}": lines for act, lines in customer.items()}
    rep = {f"rep.{act}": lines for act, lines in structs.asdict(examples.rep).items()}
    for act, lines in {**rep, **named, **refusals}.items():
        for place, line in enumerate(lines):
            if not any(sign.isalnum() for sign in line):
                yield Fault(f"examples.{act}[{place}]", "has no words; write what is said")
