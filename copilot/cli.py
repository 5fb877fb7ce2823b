"""The command line; turns a CopilotError into one line on stderr and exit status 2."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console as Terminal
from typer import Argument, Option

from copilot import __version__
from copilot.cli_calls import calls, check_moment
from copilot.cli_review import rejudge, report, seconds_of, trends
from copilot.errors import CopilotError, DeviceError, SourceError
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
app.add_typer(calls, name="calls")


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
    language: Annotated[str, Option(help="Of the call and the cues: nl or en.")] = DEFAULT.language,
    model: Annotated[
        str | None, Option(help="A folder, `base`, or a faster-whisper name; else the best here.")
    ] = None,
    playbook: Annotated[Path | None, Option(help="Your team's own examples and wording.")] = None,
    questions: Annotated[
        Path | None, Option(help="Your prepared yes-questions, one a line.")
    ] = None,
    pace: Annotated[
        float | None, Option(min=0.01, help="1 is real time; else as fast as possible.")
    ] = None,
    events: Annotated[
        Path | None, Option(help="Write the event log to this file; - is standard output.")
    ] = None,
    quiet: Annotated[bool, Option("--quiet", help="Show no console.")] = False,
    save: Annotated[bool, Option("--save", help="Keep the call among the stored ones.")] = False,
    keep_audio: Annotated[
        bool, Option("--keep-audio", help="With --save: keep its sound too (FLAC).")
    ] = False,
    store: Annotated[Path | None, Option(help="The folder of calls; else your own.")] = None,
    when: Annotated[str, Option(help="When it was held, as 2026-01-31 or 2026-01-31T14:05.")] = "",
    tag: Annotated[list[str] | None, Option(help="A tag for it; may be repeated.")] = None,
    begin: Annotated[str, Option("--from", help="Hear it from here: 90, 1:30 or 1:02:03.")] = "",
    end: Annotated[str, Option("--to", help="And until here.")] = "",
    page: Annotated[
        bool, Option("--report", help="With --save: make its review page, and say where.")
    ] = False,
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
        save=save,
        keep_audio=keep_audio,
        store=store,
        when=when,
        tags=tuple(tag or ()),
        begin=seconds_of(begin) or 0.0,
        end=seconds_of(end),
    )
    _check(settings)
    if page and not save:
        raise SourceError("--report: the page is made of the stored call; give --save too")
    # numpy and the rest are loaded by those who replay, not by --help
    from copilot.app import replay as run

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the log as Ctrl-C does
    try:
        folder = run(settings, Terminal(stderr=events == Path("-")))
    except KeyboardInterrupt:  # before the call began; afterwards the log says so
        raise typer.Exit from None
    if page and folder is not None:
        from copilot.report import report_replay

        typer.echo(report_replay(settings, folder))


@app.command()
def live(
    microphone: Annotated[
        str | None, Option(help="Id or name of your microphone; else the system's usual one.")
    ] = None,
    softphone: Annotated[
        str | None, Option(help="The same of the loopback that plays the customer.")
    ] = None,
    stereo: Annotated[
        str | None, Option(help="A single device with both: you left, the customer right.")
    ] = None,
    language: Annotated[str, Option(help="Of the call and the cues: nl or en.")] = DEFAULT.language,
    model: Annotated[
        str | None, Option(help="A folder, `base`, or a faster-whisper name; else the best here.")
    ] = None,
    playbook: Annotated[Path | None, Option(help="Your team's own examples and wording.")] = None,
    questions: Annotated[
        Path | None, Option(help="Your prepared yes-questions, one a line.")
    ] = None,
    events: Annotated[
        Path | None, Option(help="Folder of the event logs; - is standard output.")
    ] = None,
    quiet: Annotated[bool, Option("--quiet", help="Show no console.")] = False,
    save: Annotated[
        bool, Option("--save/--no-save", help="Keep the calls among the stored ones.")
    ] = True,
    keep_audio: Annotated[
        bool, Option("--keep-audio", help="Keep their sound too (FLAC).")
    ] = False,
    store: Annotated[Path | None, Option(help="The folder of calls; else your own.")] = None,
    rep_name: Annotated[str, Option(help="Who you are, for the stored calls.")] = DEFAULT.rep_name,
    tag: Annotated[list[str] | None, Option(help="A tag for them; may be repeated.")] = None,
) -> None:
    """Hear your calls as they are spoken, all day, and show the cues; Ctrl-C ends it."""
    settings = Settings(
        microphone=microphone,
        softphone=softphone,
        stereo=stereo,
        language=language,
        model=model,
        playbook=playbook,
        questions=questions,
        events=events,
        quiet=quiet,
        save=save,
        keep_audio=keep_audio,
        store=store,
        rep_name=rep_name,
        tags=tuple(tag or ()),
    )
    _check_keeping(settings)
    _check_devices(settings)
    from copilot.choice import choice_file, chosen
    from copilot.live import live as run
    from copilot.sources.live.here import sound_system

    try:
        choice = chosen(settings, choice_file())
        run(settings, choice, Terminal(stderr=events == Path("-")), sound_system())
    except KeyboardInterrupt:  # while it was still starting
        raise typer.Exit from None


@app.command()
def devices(
    microphone: Annotated[str | None, Option(help="Id or name of your microphone.")] = None,
    softphone: Annotated[str | None, Option(help="Id or name of the customer's loopback.")] = None,
    stereo: Annotated[str | None, Option(help="A single device with both.")] = None,
    save: Annotated[bool, Option("--save", help="Keep this pair for `live`.")] = False,
    seconds: Annotated[
        float | None, Option(min=0.5, help="Listen so long; else until Ctrl-C, in a pipe 5.")
    ] = None,
    language: Annotated[str, Option(help="Of the texts: nl or en.")] = DEFAULT.language,
) -> None:
    """Show the devices, the pair that `live` takes and why, their levels, and what is wrong."""
    from copilot.choice import choice_file, chosen
    from copilot.devices import keep, show
    from copilot.dialogue.playbook import load_playbook
    from copilot.sources.live.here import sound_system

    wanted = Settings(microphone=microphone, softphone=softphone, stereo=stereo)
    _check_devices(wanted)
    words, terminal = load_playbook(language).machine, Terminal()
    choice = chosen(wanted, choice_file())
    limit = seconds if seconds is not None or terminal.is_terminal else 5.0
    pair = show(sound_system(), choice, words, terminal, limit)
    if save:
        keep(choice_file(), pair, choice)
        typer.echo(words["saved"].format(file=choice_file()))


@app.command()
def doctor(
    language: Annotated[str, Option(help="Of the call: nl or en.")] = DEFAULT.language,
    model: Annotated[str | None, Option(help="The model to hear with; else the best here.")] = None,
) -> None:
    """Measure this machine: devices, models, delays; the last line says ready, or what to do."""
    from copilot.choice import choice_file, saved_choice
    from copilot.dialogue.playbook import load_playbook
    from copilot.doctor import examine
    from copilot.sources.live.here import sound_system

    playbook = load_playbook(language)
    choice = saved_choice(choice_file())
    if not examine(sound_system, choice, playbook, model, Terminal()):
        raise typer.Exit(2)


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


for command in (report, rejudge, trends):
    app.command()(command)


def _check(settings: Settings) -> None:
    pair = (settings.rep, settings.customer)
    if settings.source is not None and any(pair):
        raise SourceError(f"{settings.source}: give one recording, or --rep A --customer B")
    if settings.source is None and not all(pair):
        raise SourceError("nothing to replay: give a recording, or --rep A --customer B")
    if settings.end is not None and settings.end <= settings.begin:
        raise SourceError("--from and --to: nothing lies between them; give a later --to")
    _check_keeping(settings)


def _check_keeping(settings: Settings) -> None:
    if settings.keep_audio and not settings.save:
        raise SourceError("--keep-audio: the sound is kept with the call; give --save too")
    check_moment(settings.when)


def _check_devices(settings: Settings) -> None:
    if settings.stereo is not None and (settings.microphone or settings.softphone):
        raise DeviceError(
            f"{settings.stereo}: give one device with both, or --microphone and --softphone"
        )
