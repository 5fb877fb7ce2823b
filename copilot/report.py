"""Makes the review page of a call, from the store or from a log that lies anywhere."""

import os
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct, structs

from copilot.dialogue.playbook import languages, load_playbook
from copilot.errors import OutputError, SourceError
from copilot.events import Line, Started
from copilot.figures.figures import figures_of
from copilot.figures.told import clock
from copilot.review.page import Reviewed, Sound, call_page
from copilot.settings import Settings
from copilot.sources.files import is_transcript
from copilot.sources.playable import playable
from copilot.sources.recording import Recording
from copilot.store.card import PRIVATE_FILE, Card, read_card
from copilot.store.digest import asks_in
from copilot.store.keeper import SOUND
from copilot.store.reading import read_call, read_loose
from copilot.store.shelf import Shelf

TOLERANCE = 2.0  # s by which a recording may be shorter than what was heard of it


class Wanted(Struct, frozen=True):
    """A page as the user asked for it."""

    call: str  # of the store, or the path of a log
    audio: Path | None = None  # else the sound that was kept, if any
    link: bool = False  # to the sound, instead of holding it
    swap: bool = False
    language: str | None = None  # of the page; else the call's
    out: Path | None = None  # else `<call>.html` here


def report(shelf: Shelf, wanted: Wanted) -> Path:
    """Write the page, and return where.

    Raises:
        CopilotError: no such call, a damaged one, sound that cannot be heard, a full disk.
    """
    call, kept = read_reviewed(shelf, wanted.call)
    language = _language(wanted.language, call.card.language)
    out = wanted.out or Path(f"{call.name}.html")
    sound = wanted.audio or kept
    if any(one and one.resolve() == out.resolve() for one in (sound, Path(wanted.call))):
        raise OutputError(f"{out}: is read for this page; name another file with -o")
    if sound is not None:
        made = _sound(sound, out, link=wanted.link, swap=wanted.swap)
        if wanted.audio is not None:
            _refuse_other(wanted.audio, made.length, call)
        call = structs.replace(call, sound=made)
    card = structs.replace(call.card, language=language)
    playbook = load_playbook(language)
    page = call_page(structs.replace(call, card=card), playbook.review, playbook.methods)
    write_page(out, page)
    return out


def report_replay(settings: Settings, folder: Path) -> Path:
    """Write the page of a replay that was kept, into its folder.

    It holds the sound if that was kept too; else it points to the recording where it lies.
    """
    source = settings.source
    recorded = None if is_transcript(source) else source
    audio = None if settings.keep_audio else recorded
    wanted = (
        Wanted(str(folder), audio, link=True, swap=settings.swap, out=folder / "report.html")
        if audio
        else Wanted(str(folder), out=folder / "report.html")
    )
    return report(Shelf(folder.parent), wanted)


def read_reviewed(shelf: Shelf, name: str) -> tuple[Reviewed, Path | None]:
    """A call with its figures, and the sound that was kept of it; raises StoreError."""
    path = Path(name)
    if path.suffix == ".jsonl" and not path.is_dir():
        events, card, kept = read_loose(path), Card(), None
        name = path.stem
    else:
        folder = path if (path / "events.jsonl").is_file() else shelf.find(name)
        events, card, name = read_call(folder), read_card(folder), folder.resolve().name
        kept = folder / SOUND if (folder / SOUND).is_file() else None
    first = events[0]
    if isinstance(first, Started):
        card = structs.replace(
            card,
            when=card.when or first.wall,
            source=card.source or first.source,
            language=first.language,
        )
    known = card.language if card.language in languages() else languages()[0]
    return Reviewed(name, card, events, figures_of(events, asks_in(known))), kept


def write_page(out: Path, page: str) -> None:
    """Write a page that only its owner can read, over one that was there."""
    try:
        out.touch(PRIVATE_FILE)
        out.chmod(PRIVATE_FILE)
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{out}: {error.strerror}; name a file that you may write") from error


def _language(wanted: str | None, of_call: str) -> str:
    if wanted is not None:
        return load_playbook(wanted).language
    return of_call if of_call in languages() else languages()[0]


def _refuse_other(audio: Path, length: float, call: Reviewed) -> None:
    """A recording that ends before the talk does is not of this call."""
    last = max((one.end for one in call.events if isinstance(one, Line)), default=0.0)
    if length + TOLERANCE < last:
        raise SourceError(
            f"{audio}: ends at {clock(length)}, and in {call.name} somebody speaks at "
            f"{clock(last)}; give the recording of this call"
        )


def _sound(path: Path, out: Path, *, link: bool, swap: bool) -> Sound:
    with Recording(path, swap) as recording:
        made = playable(recording.blocks(), embed=not link)
    if link:
        beside = os.path.relpath(path.resolve(), out.resolve().parent)
        return Sound(made.peaks, made.length, link=quote(Path(beside).as_posix()))
    return Sound(made.peaks, made.length, mp3=b64encode(made.mp3).decode())
