"""Reads the store into trends: tables in the terminal, and a page with charts."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console as Terminal

from copilot.calls import print_table, words_in
from copilot.dialogue.wording import Word
from copilot.errors import StoreError
from copilot.figures.trends import Held, Period, Trends, trends_of
from copilot.report import write_page
from copilot.review.trends_page import COLUMNS, cells, tables, trends_page
from copilot.sinks.text import clean
from copilot.store.shelf import Query, Shelf, State


def read_trends(shelf: Shelf, query: Query, period: Period, everyone: str) -> Trends:
    """Group the calls that a query asks for.

    One that goes on, is damaged, cut off or only a part is left out.
    """
    return trends_of(_held(shelf, query, period), everyone)


def _held(shelf: Shelf, query: Query, period: Period) -> Iterator[Held]:
    for entry in shelf.entries(query):
        card = entry.card
        if entry.digest is not None and entry.state is State.WHOLE and not card.part:
            playbook = card.playbook or card.language
            yield Held(period_of(entry.day, period), card.rep, playbook, entry.digest.figures)


def period_of(day: str, period: Period) -> str:
    """`2026-03` or `2026-W09` (ISO 8601); empty for a day that nobody knows."""
    if period is Period.MONTH or not day:
        return day[:7]
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02d}"


def through(names: Sequence[str]) -> tuple[str, ...]:
    """Some periods in order, and those between them; that of an unknown day is the first."""
    known = [name for name in names if name]
    found = ["", *known[:1]] if len(known) < len(names) else known[:1]
    while known and found[-1] != known[-1]:
        found.append(_next(found[-1]))
    return tuple(found)


def _next(period: str) -> str:
    year, number = int(period[:4]), int(period[-2:])
    if "W" in period:
        monday = date.fromisocalendar(year, number, 1) + timedelta(weeks=1)
        return f"{monday.isocalendar().year}-W{monday.isocalendar().week:02d}"
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def show_trends(
    shelf: Shelf, query: Query, period: Period, language: str, terminal: Terminal
) -> Trends:
    """Print the trends as tables, and return them; raises StoreError when no call fits."""
    words = words_in(language)
    trends = read_trends(shelf, query, period, words[Word.ALL])
    if not trends.total.calls:
        raise StoreError(f"{shelf.root}: no whole call like that; `call-copilot calls` lists them")
    columns = [words[one] for one in COLUMNS]
    for head, groups in tables(trends, words).items():
        rows = [[clean(group.name), *cells(group, words)] for group in groups]
        if rows:
            print_table([head, *columns], rows, terminal)
            terminal.print()
    return trends


def write_trends(trends: Trends, language: str, out: Path) -> None:
    """Write the page of trends; raises OutputError."""
    periods = through([group.name for group in trends.periods])
    write_page(out, trends_page(trends, words_in(language), language, periods))
