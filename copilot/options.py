"""What several commands ask alike, written once."""

from pathlib import Path
from typing import Annotated

from typer import Option

Language = Annotated[str, Option(help="Of the call and the cues: nl or en.")]
Model = Annotated[
    str | None, Option(help="A folder, `base`, or a faster-whisper name; else the best here.")
]
Playbook = Annotated[Path | None, Option(help="Your team's own examples and wording.")]
Questions = Annotated[Path | None, Option(help="Your prepared yes-questions, one a line.")]
Quiet = Annotated[bool, Option("--quiet", help="Show no console.")]
Plain = Annotated[bool, Option("--plain", help="A line for each cue, no screen.")]
Transcript = Annotated[
    bool, Option("--transcript", help="Show what is said from the start, not only on the key.")
]
Bell = Annotated[bool, Option("--bell", help="Sound the terminal's bell on stop cues.")]
Json = Annotated[bool, Option("--json", help="Stream the events to standard output, one a line.")]
UiLanguage = Annotated[
    str | None, Option(help="Of what you read, when it is not that of the call: nl or en.")
]
Store = Annotated[Path | None, Option(help="The folder of calls; else your own.")]
Tags = Annotated[list[str] | None, Option("--tag", help="A tag to keep it with; may be repeated.")]
