"""Writes stored calls in a form that other programs read."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from copilot.calls import words_in
from copilot.errors import StoreError
from copilot.report import read_reviewed, write_page
from copilot.review.page import Reviewed
from copilot.settings import Form
from copilot.store.shelf import Shelf


def export(shelf: Shelf, names: Sequence[str], form: Form, out: Path | None) -> None:
    """Write calls to a file, or to standard output; only a table takes more than one.

    Raises:
        CopilotError: no such call, a damaged one, a full disk.
    """
    if len(names) != 1 and form is not Form.CSV:
        raise StoreError(f"{form}: takes one call at a time; csv takes several")
    calls = [read_reviewed(shelf, name)[0] for name in names]
    text = _rendered(calls, form)
    if out is not None:
        write_page(out, text)
        return
    sys.stdout.buffer.write(text.encode(errors="replace"))
    sys.stdout.buffer.flush()


def _rendered(calls: Sequence[Reviewed], form: Form) -> str:
    match form:
        case Form.WEBVTT:
            from copilot.exports.webvtt import as_webvtt

            return as_webvtt(calls[0])
        case Form.MARKDOWN:
            from copilot.exports.crm import as_markdown

            return as_markdown(calls[0], words_in(calls[0].card.language))
        case Form.CSV:
            from copilot.exports.crm import as_csv

            return as_csv(calls)
        case Form.VCON:
            from copilot.exports.conversation import as_vcon

            return as_vcon(calls[0])
    assert_never(form)
