"""What the network is taught: labelled calls as written and heard, and the playbook's examples."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from msgspec import Struct, structs

from copilot.dialogue.customer import examples_by_act
from copilot.dialogue.network import BEFORE
from copilot.dialogue.playbook import load_playbook
from copilot.dialogue.rep import COURTESY
from copilot.events import SLIGHT, Reason, Speaker
from tests.benchmarks.corpus import FOLDER, Labelled, numbered
from tests.training.mishear import Ear, pairs

# what the judge is fitted on: new to the network when the last rounds began; each half is taught
# to a network that never sees the other
HALVES = (
    ["en_calls23", "nl_calls42", "en_calls33", "nl_calls56"],
    ["en_calls24", "nl_calls43", "en_calls34", "nl_calls55"],
)
JUDGED = [name for half in HALVES for name in half]
REASONS = [f"no.{reason}" for reason in Reason]
ACTS = {
    Speaker.REP: ["closed_question", "open_question", "choice_question", "closing_question",
                  "why_question", "argument", "recap", "giveaway", "quid_pro_quo", "goodbye",
                  "backchannel", "filler", COURTESY],
    Speaker.CUSTOMER: ["yes", "no", "final_no", "hesitation", "pro", "goodbye", "backchannel",
                       "filler", *REASONS],
}  # fmt: skip
SPLICED = 0.4  # of the calls, where chance picks another of the language: an act may come anywhere
LONGEST = 40  # lines that are read at once
KNOWN = 8  # of them read before, for those behind them to look back at
WAYS = {"written": 0.2, "bare": 0.1, "heard": 0.45, "misheard": 0.25}  # how often a call is read so


class Lesson(NamedTuple):
    """A line and what it does; an act that is not in `judged` is not known."""

    speaker: Speaker
    text: str
    acts: frozenset[str]
    judged: frozenset[str]

    @property
    def slight(self) -> bool:
        """Whether later lines do not look back at it."""
        return bool(self.acts & {str(act) for act in SLIGHT})


Course = list[Lesson]  # lines that follow each other


class Taught(Struct):
    """A call of the corpus."""

    file: str
    written: list[Labelled]
    heard: list[Labelled]  # the same as recognised, if it was

    @property
    def language(self) -> str:
        """The code its file begins with."""
        return self.file[:2]


class Lessons(Struct):
    """All there is to learn from."""

    calls: list[Taught]
    examples: list[Course]  # each a line by itself
    ears: dict[str, Ear]  # by language

    def epoch(self, chance: Random, new: Sequence[str] = (), again: float = 1.0) -> list[Course]:
        """Calls, each in one of its ways, and examples, in no order.

        Args:
            chance: that decides.
            new: files all of whose calls are read.
            again: share of the others, and of the examples, that are read too.
        """
        found: list[Course] = []
        for call in self.calls:
            if call.file in new or chance.random() < again:
                found += courses(self._told(call, chance))
        for one in self.examples:
            if chance.random() < again:
                found.append([_bared(line) for line in one] if chance.random() < 0.5 else one)
        chance.shuffle(found)
        return found

    def _told(self, call: Taught, chance: Random) -> list[Labelled]:
        """The call, or its end behind the beginning of another: what comes early may end a call."""
        lines = _read(call, self.ears[call.language], chance)
        if chance.random() >= SPLICED:
            return lines
        other = chance.choice(self.calls)
        begins = [place for place, line in enumerate(lines) if line.speaker is Speaker.REP]
        if other.language != call.language or not begins:
            return lines
        before = _read(other, self.ears[call.language], chance)[: chance.randint(0, BEFORE)]
        return [*before, *lines[chance.choice(begins) :]]


def _read(call: Taught, ear: Ear, chance: Random) -> list[Labelled]:
    """The call in one of the ways in which it can be read."""
    names = [name for name in WAYS if name != "heard" or call.heard]
    match chance.choices(names, [WAYS[name] for name in names])[0]:
        case "bare":
            return [structs.replace(line, text=bared(line.text)) for line in call.written]
        case "heard":
            return call.heard
        case "misheard":
            return [
                structs.replace(line, text=ear.mishear(line.text, chance)) for line in call.written
            ]
        case _:
            return call.written


def gather(names: Sequence[str], languages: Sequence[str]) -> Lessons:
    """Read the named files of tests/corpus, as heard too where that is there."""
    found = []
    for name in names:
        heard = {}
        if (FOLDER / "heard" / f"{name}.txt").is_file():
            heard = numbered(f"heard/{name}")
        found += [
            Taught(name, written, heard.get(number, []))
            for number, written in numbered(name).items()
        ]
    ears = {
        language: Ear(
            [
                pair
                for call in found
                if call.language == language
                for pair in pairs(call.written, call.heard)
            ]
        )
        for language in languages
    }
    examples = [one for language in languages for one in _examples(language)]
    return Lessons(found, examples, ears)


def courses(call: Sequence[Labelled]) -> Iterator[Course]:
    """A call in parts that can be read at once, each behind some lines that were judged before."""
    whole = [_lesson(line) for line in call]
    for begin in range(0, max(1, len(whole) - KNOWN), LONGEST - KNOWN):
        part = whole[begin : begin + LONGEST]
        known = [line._replace(judged=frozenset()) for line in part[:KNOWN]] if begin else []
        yield known + part[len(known) :]


def _lesson(line: Labelled) -> Lesson:
    acts, judged = {str(act) for act in line.acts}, set(ACTS[line.speaker]) - set(REASONS)
    if line.reason is not None:
        judged.update(REASONS)
        acts.add(f"no.{line.reason}")
    if line.courtesy:
        acts.add(COURTESY)
    return Lesson(line.speaker, line.text, frozenset(acts), frozenset(judged))


def _examples(language: str) -> Iterator[Course]:
    examples = load_playbook(language).examples
    by_speaker = {
        Speaker.REP: structs.asdict(examples.rep),
        Speaker.CUSTOMER: examples_by_act(examples.customer),
    }
    for speaker, by_act in by_speaker.items():
        lines: dict[str, set[str]] = {}
        for act, texts in by_act.items():
            for text in texts:
                lines.setdefault(text, set()).add(act)
        taught = {act for act, texts in by_act.items() if texts} - {"none", *REASONS}
        judged = frozenset(taught)
        for text, acts in lines.items():
            reasons = frozenset(REASONS) if acts & set(REASONS) else frozenset()
            yield [Lesson(speaker, text, frozenset(acts), judged | reasons)]


def _bared(lesson: Lesson) -> Lesson:
    return lesson._replace(text=bared(lesson.text))


def bared(text: str) -> str:
    """The line as recognition often writes it: no capitals, no punctuation."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower()).split())
