"""The review page of one call."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from msgspec import Struct

from copilot.dialogue.wording import Word
from copilot.events import CueName, Ended, Event
from copilot.figures.figures import Figures
from copilot.figures.told import Words, clock, rows_of
from copilot.review.marks import draw, heard_from, spoken
from copilot.review.shell import TEMPLATES, shell
from copilot.sinks.text import clean
from copilot.store.card import Card, Note

TOLD = (  # by the page's own script
    *(Word.PLAY, Word.PAUSE, Word.COMMENT_AT, Word.COMMENT_REMOVE),
    *(Word.COMMENTS_UNSAVED, Word.COMMENTS_SAVED),
)
SCRIPTS = ("vendor/wavesurfer.min.js", "templates/call.js")


class Sound(Struct, frozen=True):
    """What the page plays."""

    peaks: tuple[tuple[float, ...], ...]  # of each side, 0 to 1, evenly spaced
    length: float  # s
    mp3: str = ""  # base64; or else
    link: str = ""  # a URL relative to the page


class Reviewed(Struct, frozen=True):
    """A call as it is to be reviewed."""

    name: str
    card: Card
    events: Sequence[Event]
    figures: Figures
    sound: Sound | None = None


def call_page(call: Reviewed, words: Words, methods: Mapping[CueName, str]) -> str:
    """Render the page: HTML that stands by itself, but for linked sound."""
    ended = max((one.at for one in call.events if isinstance(one, Ended)), default=0.0)
    last = max((one.at for one in call.events), default=0.0)
    length = max(ended, last, call.sound.length if call.sound else 0.0)
    media = "'none'" if call.sound is None else "blob:" if call.sound.mp3 else "'self' file:"
    card, figures = call.card, call.figures
    said = spoken(call.events, words)
    return TEMPLATES.get_template("call.html").render(
        shell=shell("templates/call.css", SCRIPTS, media),
        language=card.language,
        title=_title(card, words),
        name=call.name,
        card=card,
        words={str(key): text for key, text in words.items()},
        methods={str(key): text for key, text in methods.items()},
        length=clock(length),
        said=said,
        cues=[one for one in said if one.cue is not None],
        line=draw(call.events, figures.closings, length),
        figures=figures,
        step=words[Word(f"step_{figures.next_step.step}")]
        if figures.next_step and figures.next_step.step
        else "",
        rows=rows_of(figures, words),
        hear=lambda at: heard_from(at, call.events),
        sound=call.sound,
        mp3=Markup(call.sound.mp3 if call.sound else ""),  # noqa: S704  base64
        data=_for_script(call, length, words),
        notes=[_commented(note) for note in card.notes],
    )


def _for_script(call: Reviewed, length: float, words: Words) -> dict[str, object]:
    sound = call.sound or Sound((), 0.0)
    return {
        "name": call.name,
        "length": length,
        "sound": sound.length,
        "peaks": sound.peaks,
        "link": sound.link,
        "words": {str(key): words[key] for key in TOLD},
    }


def _commented(note: Note) -> dict[str, str | float | None]:
    """A note as the page's own script takes it, which does not clean."""
    text = "\n".join(clean(row) for row in note.text.splitlines())
    return {"at": note.at, "text": text, "wall": clean(note.wall)}


def _title(card: Card, words: Words) -> str:
    who = " / ".join(one for one in (card.rep, card.customer) if one) or card.source
    return f"{words[Word.CALL]} {who} {card.when[:10]}".strip()
