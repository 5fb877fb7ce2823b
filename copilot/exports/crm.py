"""What belongs in the CRM of a call: a note in Markdown, or a row of a table."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from copilot.dialogue.wording import Word
from copilot.figures.agreed import NextStep
from copilot.figures.told import Words, clock
from copilot.review.page import Reviewed
from copilot.sinks.text import clean

# what would be markup, or a link that makes itself; an underscore within a word is none
MARKUP = re.compile(r"[\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|&(?=\w+;|#)|:(?=//)|\.(?<=www\.)|@")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins with one of these
COLUMNS = (
    *("call", "when", "rep", "customer", "tags", "length_s", "next_step", "next_step_kind"),
    *("next_step_words", "gifts", "noes", "asked_why", "pushes", "closings", "silences_kept"),
    *("silence_mean_s", "talk_share", "longest_monologue_s", "longest_story_s"),
    *("switches_a_minute", "patience_s", "interruptions_rep", "interruptions_customer"),
    *("non_talk_s", "questions_rep", "questions_customer", "words_a_minute_rep"),
    *("words_a_minute_customer", "cues"),
)


def as_markdown(call: Reviewed, words: Words) -> str:
    """Render a note: what was agreed, liked, refused and given, and what was noted."""
    return "\n".join(_note(call, words)) + "\n"


def _note(call: Reviewed, words: Words) -> Iterator[str]:
    card, figures = call.card, call.figures
    who = card.customer or card.source or call.name
    yield f"# {words[Word.CALL]}: {_plain(who)}"
    yield ""
    yield f"- {words[Word.DAY]}: {_plain(card.when[:16].replace('T', ' '))}"
    for label, told in ((Word.REP, card.rep), (Word.TAGS, ", ".join(card.tags))):
        if told:
            yield f"- {words[label]}: {_plain(told)}"
    yield f"- {words[Word.LENGTH]}: {clock(figures.length)}"
    yield f"- {words[Word.NEXT_STEP]}: {_agreed(figures.next_step, words)}"
    for label, said in (
        (Word.PROS, [(pro.at, _quoted(pro.words)) for pro in figures.pros]),
        (Word.NOES, [(no.at, _quoted(no.words)) for no in figures.refusals.noes]),
        (Word.GIFTS, [(gift.at, _quoted(gift.words)) for gift in figures.gifts]),
        (Word.NOTES, [(note.at, _plain(note.text)) for note in card.notes]),
    ):
        if said:
            yield from ("", f"## {words[label]}", "")
        for at, text in said:
            yield f"- {clock(at)} {text}" if at is not None else f"- {text}"


def _agreed(step: NextStep | None, words: Words) -> str:
    if step is None:
        return words[Word.NO_NEXT_STEP]
    kind = f"{words[Word(f'step_{step.step}')]}: " if step.step else ""
    return f"{kind}{_quoted(step.asked)} {_quoted(step.answered)} ({clock(step.at)})"


def _quoted(text: str) -> str:
    return f"“{_plain(text)}”"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, in the middle of a line."""
    return MARKUP.sub(r"\\\g<0>", clean(text))


def as_csv(calls: Sequence[Reviewed]) -> str:
    """Render a table with a row for each call; figures are plain numbers, or empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _row(call)] for call in calls)
    return out.getvalue()


def _row(call: Reviewed) -> tuple[str | float | None, ...]:
    card, one = call.card, call.figures
    step = one.next_step
    return (
        *(call.name, card.when, card.rep, card.customer, "; ".join(card.tags), one.length),
        *("yes" if step else "no", str(step.step or "") if step else ""),
        f"{step.asked} / {step.answered}" if step else "",
        *(" / ".join(gift.words for gift in one.gifts), len(one.refusals.noes)),
        *(sum(one.refusals.to_explore), len(one.refusals.pushes)),
        *(len(one.closings), one.kept, one.held, one.talk_share),
        one.monologue.lasted if one.monologue else None,
        one.story.lasted if one.story else None,
        *(one.interactivity, one.patience, len(one.rep.interruptions)),
        *(len(one.customer.interruptions), one.non_talk, one.rep.questions),
        *(one.customer.questions, one.rep.words_a_minute, one.customer.words_a_minute),
        sum(one.cues.values()),
    )


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    plain = clean(value)
    return f"'{plain}" if plain.startswith(FORMULA) else plain
