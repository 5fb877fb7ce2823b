"""`call-copilot report`, `rejudge` and `trends`: what a coach does with stored calls."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console as Terminal
from typer import Argument, Option

from copilot import options
from copilot.figures.trends import Period
from copilot.settings import Settings


def report(
    call: Annotated[str, Argument(help="A stored call, `last`, or an event log (.jsonl).")],
    audio: Annotated[
        Path | None, Option(help="The recording; else the sound that was kept, if any.")
    ] = None,
    link: Annotated[
        bool, Option("--link", help="Point to the sound instead of holding it.")
    ] = False,
    swap: Annotated[bool, Option("--swap", help="The rep is on the right channel.")] = False,
    language: Annotated[str | None, Option(help="Of the page; else the call's own.")] = None,
    out: Annotated[
        Path | None, Option("-o", "--out", help="The page; else CALL.html in this folder.")
    ] = None,
    store: options.Store = None,
) -> None:
    """Make the review page of a call: one file that opens without a network."""
    from copilot.report import Wanted
    from copilot.report import report as run
    from copilot.store.shelf import Shelf

    typer.echo(run(Shelf(store), Wanted(call, audio, link, swap, language, out)))


def rejudge(
    call: Annotated[str, Argument(help="A stored call, `last`, or an event log (.jsonl).")],
    playbook: Annotated[
        Path | None, Option(help="Your team's own; else the language's as it is now.")
    ] = None,
    questions: Annotated[
        Path | None, Option(help="Prepared yes-questions; else those that the call had.")
    ] = None,
    events: Annotated[Path | None, Option(help="Write the new event log to this file.")] = None,
    store: options.Store = None,
) -> None:
    """Judge a call again by what was said in it, without its sound, and show what changed."""
    from copilot.rejudge import print_changes
    from copilot.rejudge import rejudge as run
    from copilot.store.shelf import Shelf

    print_changes(run(Shelf(store), call, playbook, questions, events), Terminal())


def trends(
    rep: Annotated[str, Option(help="Part of the rep's name.")] = "",
    tag: Annotated[str, Option(help="A tag.")] = "",
    since: Annotated[str, Option(help="YYYY-MM-DD, and later.")] = "",
    until: Annotated[str, Option(help="YYYY-MM-DD, and earlier.")] = "",
    by: Annotated[Period, Option(help="How long a period is.")] = Period.MONTH,
    language: Annotated[str, Option(help="Of the tables: nl or en.")] = Settings().language,
    out: Annotated[Path | None, Option("-o", "--out", help="Make a page with charts too.")] = None,
    store: options.Store = None,
) -> None:
    """Show how held silences, asking on, next steps and talk share go over time."""
    from copilot.store.shelf import Query, Shelf
    from copilot.trends import show_trends, write_trends

    days = options.period(since, until)
    query = Query(*days, rep=rep, tag=tag)
    told = show_trends(Shelf(store), query, by, language, Terminal())
    if out is not None:
        write_trends(told, language, out)
        typer.echo(out)
