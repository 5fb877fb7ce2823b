"""`call-copilot calls`: the stored calls on the command line."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console as Terminal
from typer import Argument, Option

from copilot import options
from copilot.errors import SourceError, StoreError
from copilot.events import CueName
from copilot.settings import Form, Settings

calls = typer.Typer(help="List, search and keep the stored calls.")
Call = Annotated[str, Argument(help="Its name, a part of it that only it has, or `last`.")]


@calls.callback(invoke_without_command=True)
def list_calls(
    context: typer.Context,
    since: Annotated[str, Option(help="YYYY-MM-DD, and later.")] = "",
    until: Annotated[str, Option(help="YYYY-MM-DD, and earlier.")] = "",
    rep: Annotated[str, Option(help="Part of the rep's name.")] = "",
    customer: Annotated[str, Option(help="Part of the customer's label.")] = "",
    tag: Annotated[str, Option(help="A tag.")] = "",
    cue: Annotated[CueName | None, Option(help="A cue that was due.")] = None,
    words: Annotated[str, Option(help="Words that were said.")] = "",
    language: Annotated[str, Option(help="Of the list: nl or en.")] = Settings().language,
    store: options.Store = None,
) -> None:
    """List the stored calls, newest first; every option narrows the list."""
    if context.invoked_subcommand is not None:
        return
    from copilot.calls import list_calls as run
    from copilot.store.shelf import Query, Shelf

    query = Query(*options.period(since, until), rep, customer, tag, cue, words)
    run(Shelf(store), query, language, Terminal())


@calls.command()
def show(
    call: Call,
    transcript: Annotated[bool, Option("--transcript", help="Every line that was said.")] = False,
    store: options.Store = None,
) -> None:
    """Show a call: its notes, figures and cues."""
    from copilot.calls import show_call
    from copilot.store.shelf import Shelf

    show_call(Shelf(store), call, Terminal(), transcript=transcript)


@calls.command()
def note(
    call: Call,
    text: Annotated[str, Argument(help="What to remember of it.")],
    at: Annotated[str, Option(help="What moment of the call it is about: 90 or 1:30.")] = "",
    store: options.Store = None,
) -> None:
    """Add a note to a call."""
    from copilot.calls import note as run
    from copilot.store.shelf import Shelf

    typer.echo(run(Shelf(store), call, text, options.seconds_of(at), now()).name)


@calls.command()
def label(
    call: Call,
    rep: Annotated[str | None, Option(help="The rep's name.")] = None,
    customer: Annotated[str | None, Option(help="What the customer is called.")] = None,
    store: options.Store = None,
) -> None:
    """Say whose call it was."""
    from copilot.calls import label as run
    from copilot.store.shelf import Shelf

    if rep is None and customer is None:
        raise StoreError("nothing to label with; give --rep NAME, --customer NAME or both")
    typer.echo(run(Shelf(store), call, rep, customer).name)


@calls.command()
def tag(
    call: Call,
    tags: Annotated[list[str], Argument(help="One or more words.")],
    remove: Annotated[bool, Option("--remove", help="Take them away.")] = False,
    store: options.Store = None,
) -> None:
    """Give a call tags, and show those that it has."""
    from copilot.calls import tag as run
    from copilot.store.shelf import Shelf

    typer.echo(", ".join(run(Shelf(store), call, tags, remove=remove)))


@calls.command()
def export(
    call: Annotated[list[str], Argument(help="The calls, or event logs (.jsonl).")],
    form: Annotated[Form, Option("--as", help="csv takes several calls, the others one.")],
    out: Annotated[
        Path | None, Option("-o", "--out", help="The file; else standard output.")
    ] = None,
    store: options.Store = None,
) -> None:
    """Write a call for other programs: transcript, note for the CRM, table, vCon."""
    from copilot.export import export as run
    from copilot.store.shelf import Shelf

    run(Shelf(store), call, form, out)


@calls.command()
def delete(
    call: Annotated[list[str], Argument(help="The calls.")],
    yes: Annotated[bool, Option("--yes", help="Do not ask.")] = False,
    store: options.Store = None,
) -> None:
    """Delete calls with all that was kept of them."""
    from copilot.calls import delete_calls
    from copilot.store.shelf import Shelf

    shelf = Shelf(store)
    for name in [shelf.find(one).name for one in call]:
        if yes or _sure(f"Delete {name} for ever?"):
            delete_calls(shelf, [name], Terminal())


@calls.command()
def prune(
    older_than: Annotated[str, Option(help="30d, 8w, 6m (30 days each) or 2y.")] = "",
    always: Annotated[
        bool, Option("--always", help="From now on too, whenever a call has been kept.")
    ] = False,
    never: Annotated[bool, Option("--never", help="Stop pruning by itself.")] = False,
    yes: Annotated[bool, Option("--yes", help="Do not ask.")] = False,
    store: options.Store = None,
) -> None:
    """Delete the calls that were held longer ago."""
    from copilot.calls import keep_at_most, old_calls, prune_calls
    from copilot.store.clearing import parse_age
    from copilot.store.shelf import Shelf

    shelf = Shelf(store)
    if never and not older_than:
        keep_at_most(shelf, None)
        typer.echo("calls are kept until you delete them")
        return
    if never:
        raise StoreError("--never: stands alone, without --older-than")
    if not older_than:
        raise StoreError("nothing to prune by; give --older-than 30d, or --never")
    age = parse_age(older_than)
    old = old_calls(shelf, age, now())
    if old and not yes:
        typer.echo("\n".join(folder.name for folder in old))
        if not _sure(f"Delete {len(old)} calls for ever?"):
            return
    prune_calls(shelf, age, now(), Terminal())
    if always:
        keep_at_most(shelf, age)
        typer.echo(f"from now on calls are deleted after {age.days} days")


def _sure(question: str) -> bool:
    """What the user answers; raises StoreError where no answer comes."""
    try:
        return typer.confirm(question)
    except typer.Abort:
        typer.echo()  # the question is still on this row
        raise StoreError("no answer, so nothing more is deleted; --yes does not ask") from None


def now() -> datetime:
    """The wall clock."""
    return datetime.now().astimezone()


def check_keeping(settings: Settings) -> None:
    """Refuse what cannot be kept of a call; raises SourceError or StoreError."""
    for option, given in (
        ("--keep-audio", settings.keep_audio),
        ("--when", settings.when),
        ("--tag", settings.tags),
    ):
        if given and not settings.save:
            raise SourceError(f"{option}: goes with a call that is kept; give --save too")
    try:
        when = datetime.fromisoformat(settings.when or "2026-01-31").astimezone()
    except ValueError as error:
        raise StoreError(
            f"{settings.when}: not a moment; write 2026-01-31 or 2026-01-31T14:05"
        ) from error
    if when > now():
        raise StoreError(f"--when {settings.when}: has yet to come; say when the call was held")
