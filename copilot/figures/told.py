"""The figures of a call in a playbook's words, for a page, a terminal or a note."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from copilot.dialogue.wording import Word
from copilot.figures.balance import Span
from copilot.figures.closings import Closing
from copilot.figures.figures import Figures, Side
from copilot.figures.ladders import Ladder

Words = Mapping[Word, str]
DASH = "-"  # nothing to divide


class Row(Struct, frozen=True):
    """A figure: what it is, what it was, how it is counted, and where in the call it shows."""

    label: str
    values: tuple[str, ...]
    how: str
    at: tuple[float, ...] = ()  # s


def rows_of(figures: Figures, words: Words) -> list[Row]:
    """The figures in the order in which a coach asks for them."""
    return [*_method(figures, words), *_balance(figures, words)]


def _method(figures: Figures, words: Words) -> Iterator[Row]:
    refused = figures.refusals
    closed = figures.closings
    yield Row(
        words[Word.CLOSINGS],
        tuple(closing_told(one, words) for one in closed) or (words[Word.NO_CLOSINGS],),
        words[Word.CLOSINGS_HOW],
        tuple(one.end for one in closed),
    )
    explored = refused.to_explore
    yield Row(
        words[Word.WHY_RATE],
        (f"{sum(explored)} {words[Word.OF]} {len(explored)}" if explored else DASH,),
        words[Word.WHY_RATE_HOW],
        tuple(no.at for no in refused.noes if no.explored is not None),
    )
    pushes = (str(len(refused.pushes)),)
    yield Row(words[Word.PUSHES], pushes, words[Word.PUSHES_HOW], refused.pushes)
    yield Row(
        words[Word.LADDERS],
        tuple(ladder_told(one, words) for one in figures.ladders) or (words[Word.NONE],),
        words[Word.LADDERS_HOW],
        tuple(one.start for one in figures.ladders),
    )


def _balance(figures: Figures, words: Words) -> Iterator[Row]:
    rep, customer = figures.rep, figures.customer
    yield Row(words[Word.TALK_SHARE], (share(figures.talk_share),), words[Word.TALK_SHARE_HOW])
    yield _longest(figures.monologue, words[Word.MONOLOGUE], words[Word.MONOLOGUE_HOW], words)
    yield _longest(figures.story, words[Word.STORY], words[Word.STORY_HOW], words)
    changes = number(figures.interactivity, words)
    pace = f"{changes} {words[Word.A_MINUTE]}" if changes != DASH else DASH
    yield Row(words[Word.INTERACTIVITY], (pace,), words[Word.INTERACTIVITY_HOW])
    wait = seconds(figures.patience, words)
    yield Row(words[Word.PATIENCE], (wait,), words[Word.PATIENCE_HOW])
    yield Row(
        words[Word.INTERRUPTIONS],
        _both(len(rep.interruptions), len(customer.interruptions), words),
        words[Word.INTERRUPTIONS_HOW],
        tuple(sorted((*rep.interruptions, *customer.interruptions))),
    )
    silent = seconds(figures.non_talk, words)
    yield Row(words[Word.NON_TALK], (silent,), words[Word.NON_TALK_HOW])
    asked = _both(rep.questions, customer.questions, words)
    yield Row(words[Word.QUESTIONS], asked, words[Word.QUESTIONS_HOW])
    speeds = _both(_speed(rep), _speed(customer), words)
    yield Row(words[Word.WORDS_A_MINUTE], speeds, words[Word.WORDS_A_MINUTE_HOW])


def closing_told(closing: Closing, words: Words) -> str:
    """`4,2 s vastgehouden (de klant antwoordde)`."""
    held = seconds(closing.held, words)
    how = words[Word(closing.outcome)]
    return f"{held} {words[Word.KEPT]} ({how})" if closing.kept else f"{held}: {how}"


def ladder_told(ladder: Ladder, words: Words) -> str:
    """`3 keer ja (het verzoek volgde)`."""
    return f"{ladder.length} {words[Word.YESES]} ({words[Word(f'broke_{ladder.broke}')]})"


def share(part: float | None) -> str:
    """A part of one in percent."""
    return DASH if part is None else f"{100 * part:.0f} %"


def number(value: float | None, words: Words) -> str:
    """One decimal, behind the sign that the language has for it."""
    return DASH if value is None else f"{value:.1f}".replace(".", words[Word.DECIMAL])


def seconds(value: float | None, words: Words) -> str:
    """Seconds with one decimal."""
    return DASH if value is None else f"{number(value, words)} s"


def clock(at: float) -> str:
    """A moment in a call as m:ss, minutes going on past an hour."""
    minutes, rest = divmod(int(at), 60)
    return f"{minutes}:{rest:02d}"


def _both(rep: object, customer: object, words: Words) -> tuple[str, ...]:
    return (f"{words[Word.REP]}: {rep}", f"{words[Word.CUSTOMER]}: {customer}")


def _longest(span: Span | None, label: str, how: str, words: Words) -> Row:
    if span is None:
        return Row(label, (DASH,), how)
    return Row(label, (seconds(span.lasted, words),), how, (span.start,))


def _speed(side: Side) -> str:
    return DASH if side.words_a_minute is None else f"{side.words_a_minute:.0f}"
