"""The command line; turns a CopilotError into one line on stderr and exit status 2."""

import errno
import io
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console as Terminal
from typer import Argument, Option

from copilot import __version__, call_commands, live_commands, replay_commands, review_commands
from copilot.errors import CopilotError
from copilot.events import Speaker
from copilot.settings import Settings
from copilot.sinks.text import clean

DEFAULT = Settings()
app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Listens to a sales call on this machine and gives the rep one short cue in time.",
)


playbooks = typer.Typer(no_args_is_help=True, help="Check a playbook, or try a sentence on it.")
for command in (
    *(replay_commands.replay, live_commands.live, live_commands.devices, live_commands.doctor),
    *(review_commands.report, review_commands.rejudge, review_commands.trends),
):
    app.command()(command)
app.add_typer(call_commands.calls, name="calls")
app.add_typer(playbooks, name="playbook")


def main() -> None:
    """Run the program; exit status 0 done, 1 a bug, 2 something the user can mend."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # not every terminal can show every letter
    try:
        try:
            app(prog_name="call-copilot")
        finally:
            sys.stdout.flush()
    except CopilotError as error:
        _refuse(str(error))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.stdout = None  # what it still holds would be tried again
        _refuse(f"{error.filename or 'standard output'}: {error.strerror}; make room")


def _refuse(why: str) -> NoReturn:
    print(clean(why), file=sys.stderr)  # noqa: T201
    sys.exit(2)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@playbooks.command("check")
def check_playbook(
    file: Annotated[Path, Argument(help="Your team's playbook, or a whole language's.")],
    language: Annotated[str, Option(help="That it is laid over: nl or en.")] = DEFAULT.language,
) -> None:
    """Name every mistake with its line and key, and what to look at twice."""
    from copilot.coach import check

    check(file, language, Terminal())


@playbooks.command("try")
def try_playbook(
    file: Annotated[Path, Argument(help="A playbook; `nl` or `en` is the one that ships.")],
    sentence: Annotated[str, Argument(help="As it would be spoken.")],
    language: Annotated[str, Option(help="That it is laid over: nl or en.")] = DEFAULT.language,
    speaker: Annotated[Speaker | None, Option(help="Who says it; else both are shown.")] = None,
    after: Annotated[str | None, Option(help="What the other said just before.")] = None,
) -> None:
    """Show what a sentence does: its acts with scores, and the nearest examples."""
    from copilot.coach import Trial, try_sentence

    trial = Trial(sentence, (speaker,) if speaker else tuple(Speaker), after)
    try_sentence(file, language, trial, Terminal())
