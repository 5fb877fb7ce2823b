"""Writes copilot/dialogue/examples.npz: the sentence vectors of the shipped playbooks' examples.

python -m tests.training.place     when examples were added to prompts/*.toml
"""

from pathlib import Path

import numpy as np
from msgspec import structs

from copilot.dialogue import byheart
from copilot.dialogue.customer import examples_by_act
from copilot.dialogue.playbook import languages, load_playbook
from copilot.dialogue.space import multilingual_encoder, sentence


def shipped() -> list[str]:
    """The examples of both speakers in every language, as they are encoded."""
    found: set[str] = set()
    for language in languages():
        examples = load_playbook(language).examples
        for by_act in (structs.asdict(examples.rep), examples_by_act(examples.customer)):
            found.update(sentence(line) for lines in by_act.values() for line in lines)
    return sorted(found)


def main() -> None:
    """Encode and write."""
    texts = shipped()
    names = byheart.named(texts)
    order = np.argsort(names)
    vectors = byheart.packed(multilingual_encoder().encode(texts))
    path = Path(byheart.__file__).with_name("examples.npz")
    np.savez(path, names=names[order], vectors=vectors[order])


if __name__ == "__main__":
    main()
