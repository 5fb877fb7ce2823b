"""The command line; turns a CopilotError into one line on stderr and exit status 2."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console as Terminal
from typer import Argument, Option

from copilot import __version__, live_commands, options
from copilot.errors import CopilotError, SourceError
from copilot.events import Speaker
from copilot.settings import Settings

DEFAULT = Settings()
app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Listens to a sales call on this machine and gives the rep one short cue in time.",
)


playbooks = typer.Typer(no_args_is_help=True, help="Check a playbook, or try a sentence on it.")
app.add_typer(playbooks, name="playbook")
for command in (live_commands.live, live_commands.devices, live_commands.doctor):
    app.command()(command)


def main() -> None:
    """Run the program; exit status 0 done, 1 a bug, 2 something the user can mend."""
    try:
        app(prog_name="call-copilot")
    except CopilotError as error:
        print(" ".join(str(error).split()), file=sys.stderr)  # noqa: T201
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


@app.command()
def replay(
    source: Annotated[
        Path | None,
        Argument(help="A two-channel recording (rep left, customer right), or a .vtt transcript."),
    ] = None,
    rep: Annotated[Path | None, Option(help="Mono recording of the rep.")] = None,
    customer: Annotated[Path | None, Option(help="Mono recording of the customer.")] = None,
    swap: Annotated[bool, Option("--swap", help="The rep is on the right channel.")] = False,
    rep_name: Annotated[str, Option(help="The rep's voice in a transcript.")] = DEFAULT.rep_name,
    customer_name: Annotated[
        str, Option(help="The customer's voice in a transcript.")
    ] = DEFAULT.customer_name,
    language: options.Language = DEFAULT.language,
    model: options.Model = None,
    playbook: options.Playbook = None,
    questions: options.Questions = None,
    pace: Annotated[
        float | None, Option(min=0.01, help="1 is real time; else as fast as possible.")
    ] = None,
    events: Annotated[
        Path | None, Option(help="Write the event log to this file; - is standard output.")
    ] = None,
    quiet: options.Quiet = False,
    plain: options.Plain = False,
    transcript: options.Transcript = False,
    bell: options.Bell = False,
    json: options.Json = False,
    ui_language: options.UiLanguage = None,
) -> None:
    """Hear a recorded call as if it were live, and show the cues."""
    settings = Settings(
        source=source,
        rep=rep,
        customer=customer,
        swap=swap,
        rep_name=rep_name,
        customer_name=customer_name,
        language=language,
        model=model,
        playbook=playbook,
        questions=questions,
        pace=pace,
        events=events,
        quiet=quiet,
        plain=plain,
        transcript=transcript,
        bell=bell,
        json=json,
        ui_language=ui_language,
    )
    _check(settings)
    # numpy and the rest are loaded by those who replay, not by --help
    from copilot.app import replay as run

    for name in ("SIGTERM", "SIGHUP"):  # end the log as Ctrl-C does; Windows knows one of them
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        run(settings, Terminal(stderr=json or events == Path("-")))
    except KeyboardInterrupt:  # before the call began; afterwards the log says so
        raise typer.Exit from None


@playbooks.command("check")
def check_playbook(
    file: Annotated[Path, Argument(help="Your team's playbook, or a whole language's.")],
    language: Annotated[str, Option(help="That it is laid over: nl or en.")] = DEFAULT.language,
) -> None:
    """Name every mistake with its line and key, and the examples to look at twice."""
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


def _check(settings: Settings) -> None:
    pair = (settings.rep, settings.customer)
    if settings.source is not None and any(pair):
        raise SourceError(f"{settings.source}: give one recording, or --rep A --customer B")
    if settings.source is None and not all(pair):
        raise SourceError("nothing to replay: give a recording, or --rep A --customer B")
