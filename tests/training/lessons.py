"""What the network is taught: labelled calls as written and heard, and the playbook's examples."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from msgspec import Struct, structs

from copilot.dialogue.customer import examples_by_act
from copilot.dialogue.network import Spoken
from copilot.dialogue.playbook import load_playbook
from copilot.events import SLIGHT, Reason, Speaker
from tests.benchmarks.corpus import FOLDER, Labelled, calls

REASONS = [f"no.{reason}" for reason in Reason]
ACTS = {
    Speaker.REP: ["closed_question", "open_question", "choice_question", "closing_question",
                  "why_question", "argument", "recap", "giveaway", "quid_pro_quo", "goodbye",
                  "backchannel", "filler"],
    Speaker.CUSTOMER: ["yes", "no", "final_no", "hesitation", "pro", "goodbye", "backchannel",
                       "filler", *REASONS],
}  # fmt: skip
WAYS = (("written", 0.4), ("bare", 0.25), ("heard", 0.35))  # how often a call is read in each way


class Lesson(NamedTuple):
    """A line behind those before it; an act that is not in `judged` is not known."""

    before: tuple[Spoken, ...]
    speaker: Speaker
    text: str
    acts: frozenset[str]
    judged: frozenset[str]


class Lessons(Struct):
    """All there is to learn from."""

    calls: list[dict[str, list[Labelled]]]  # each in the ways in which it can be read
    examples: list[Lesson]

    def epoch(self, chance: Random) -> list[Lesson]:
        """Every call in one of its ways, every example once, in no order."""
        chosen = [_chosen(ways, chance) for ways in self.calls]
        found = [lesson for call, bare in chosen for lesson in lessons(call, bare=bare)]
        found += [_bared(one) if chance.random() < 0.5 else one for one in self.examples]
        chance.shuffle(found)
        return found


def _chosen(ways: dict[str, list[Labelled]], chance: Random) -> tuple[list[Labelled], bool]:
    names = [name for name, _ in WAYS if name in ways or name == "bare"]
    name = chance.choices(names, [share for one, share in WAYS if one in names])[0]
    return (ways["written"], True) if name == "bare" else (ways[name], False)


def gather(names: Sequence[str], languages: Sequence[str]) -> Lessons:
    """Read the named files of tests/corpus, as heard too where that is there."""
    found = []
    for name in names:
        heard = {}
        if (FOLDER / "heard" / f"{name}.txt").is_file():
            heard = dict(enumerate(calls(f"heard/{name}")))
        for number, written in enumerate(calls(name)):
            ways = {"written": written}
            if number in heard:
                ways["heard"] = heard[number]
            found.append(ways)
    return Lessons(found, [one for language in languages for one in _examples(language)])


def lessons(call: Sequence[Labelled], *, bare: bool = False) -> Iterator[Lesson]:
    """Every line of a call behind the lines of substance before it."""
    before: list[Spoken] = []
    for line in call:
        text = bared(line.text) if bare else line.text
        acts = {str(act) for act in line.acts}
        judged = set(ACTS[line.speaker]) - set(REASONS)
        if line.reason is not None:
            judged.update(REASONS)
            acts.add(f"no.{line.reason}")
        yield Lesson(tuple(before), line.speaker, text, frozenset(acts), frozenset(judged))
        if not line.acts & SLIGHT:
            before = [*before[-1:], (line.speaker, text)]


def _examples(language: str) -> Iterator[Lesson]:
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
        judged = frozenset(act for act in by_act if act != "none" and act not in REASONS)
        for text, acts in lines.items():
            reasons = frozenset(REASONS) if acts & set(REASONS) else frozenset()
            yield Lesson((), speaker, text, frozenset(acts), judged | reasons)


def _bared(lesson: Lesson) -> Lesson:
    return lesson._replace(text=bared(lesson.text))


def bared(text: str) -> str:
    """The line as recognition often writes it: no capitals, no punctuation."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower()).split())
