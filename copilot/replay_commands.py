"""The command `replay`: a recorded call, heard as if it were live."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console as Terminal
from typer import Argument, Option

from copilot import options
from copilot.call_commands import check_keeping
from copilot.errors import SourceError
from copilot.settings import Settings
from copilot.sources.files import is_transcript

DEFAULT = Settings()


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
    language: Annotated[
        str | None,
        Option(help="Of the call and the cues: nl or en; else the transcript's own, or nl."),
    ] = None,
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
    save: Annotated[bool, Option("--save", help="Keep the call among the stored ones.")] = False,
    keep_audio: Annotated[
        bool, Option("--keep-audio", help="With --save: keep its sound too (FLAC).")
    ] = False,
    store: options.Store = None,
    when: Annotated[str, Option(help="When it was held, as 2026-01-31 or 2026-01-31T14:05.")] = "",
    tag: options.Tags = None,
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
        language=language or _own_language(source) or DEFAULT.language,
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
        save=save,
        keep_audio=keep_audio,
        store=store,
        when=when,
        tags=tuple(tag or ()),
        begin=options.seconds_of(begin) or 0.0,
        end=options.seconds_of(end),
    )
    _check(settings)
    if page and not save:
        raise SourceError("--report: the page is made of the stored call; give --save too")
    folder = _hear(settings)
    if folder is None:
        return
    if page:
        from copilot.report import report_replay

        folder = report_replay(settings, folder)
    if page or not quiet:
        typer.echo(folder, err=json or events == Path("-"))


def _hear(settings: Settings) -> Path | None:
    # numpy and the rest are loaded by those who replay, not by --help
    from copilot.app import replay as run

    try:
        return run(settings, Terminal(stderr=settings.json or settings.events == Path("-")))
    except KeyboardInterrupt:  # before the call began, and asked twice
        raise typer.Exit from None


def _own_language(source: Path | None) -> str | None:
    if source is None or not is_transcript(source):
        return None
    from copilot.sources.transcript import language_of

    return language_of(source)


def _check(settings: Settings) -> None:
    pair = (settings.rep, settings.customer)
    if settings.source is not None and any(pair):
        raise SourceError(f"{settings.source}: give one recording, or --rep A --customer B")
    if settings.source is None and not all(pair):
        raise SourceError("nothing to replay: give a recording, or --rep A --customer B")
    if settings.swap and any(pair):
        raise SourceError("--swap: --rep and --customer say who is who; leave it out")
    if settings.end is not None and settings.end <= settings.begin:
        raise SourceError("--from and --to: nothing lies between them; give a later --to")
    check_keeping(settings)
    for option, given in (("--swap", settings.swap), ("--keep-audio", settings.keep_audio)):
        if given and is_transcript(settings.source):
            raise SourceError(f"{option}: there is no sound in a transcript; leave it out")
