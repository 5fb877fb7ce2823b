"""Figures as a table: median, p95, beside a target and the plain pipeline."""

from collections.abc import Sequence

import numpy as np
from rich.console import Console as Terminal
from rich.table import Table

NONE = "-"


def median(values: Sequence[float]) -> float | None:
    """The middle one, if there is any."""
    return float(np.median(values)) if values else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value that so many percent stay under, if there is any; p95 is the slow end."""
    return float(np.percentile(values, percent)) if values else None


def figure(value: float | None, decimals: int = 2) -> str:
    """A number for a cell."""
    return NONE if value is None else f"{value:.{decimals}f}"


def ratio(value: float | None, plain: float | None) -> str:
    """How many times the plain pipeline's figure."""
    return f"{value / plain:.2f} x" if value is not None and plain else NONE


class Figures:
    """A table that grows row by row; the first column is what was measured.

    Args:
        title: with the unit.
        columns: without the first.
    """

    def __init__(self, title: str, *columns: str) -> None:
        self._table = Table(title=title, title_justify="left", title_style="bold")
        self._table.add_column("")
        for column in columns:
            self._table.add_column(column, justify="right")

    def add(self, what: str, *cells: str) -> None:
        """Add a row."""
        self._table.add_row(what, *cells)

    def show(self, terminal: Terminal, note: str) -> None:
        """Print it, and a line on how it was measured."""
        terminal.print(self._table)
        terminal.print(note, style="dim", highlight=False)
        terminal.print()
