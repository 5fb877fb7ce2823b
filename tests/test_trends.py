"""Figures across calls: by hand, on the command line, and as a page in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from rich.console import Console

from copilot.events import ActKind, Event
from copilot.figures.figures import figures_of
from copilot.figures.trends import Group, Held, Period, trends_of
from copilot.store.card import Card
from copilot.store.keeper import EVENTS
from copilot.store.shelf import Query, Shelf
from copilot.trends import period_of, read_trends, show_trends, through, write_trends
from tests.browsing import Visit, browsing
from tests.stored import CUSTOMER, REP, TALK, call, keep, line
from tests.test_cli import Program, complaint

REFUSED = call(
    line(REP, 0.0, 3.0, "Zal ik hem bestellen?", ActKind.CLOSING_QUESTION),
    line(REP, 5.0, 8.0, "Het is echt goedkoop.", ActKind.ARGUMENT),  # broken after 2 s
    line(CUSTOMER, 9.0, 10.0, "Nee.", ActKind.NO),
    line(REP, 11.0, 12.0, "Waarom niet?", ActKind.OPEN_QUESTION, ActKind.WHY_QUESTION),
)  # the rep speaks 7 of 8 s


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Program:
    return Program(tmp_path_factory.getbasetemp() / "trends_cache", data=tmp_path / "home")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


def held(period: str, rep: str, events: tuple[Event, ...], playbook: str = "nl") -> Held:
    return Held(period, rep, playbook, figures_of(events, lambda _: False))


CALLS = [
    held("2026-02", "Eva", TALK),  # held 4 s, kept; a next step; the rep speaks 4 of 6 s
    held("2026-01", "Jan", REFUSED, "team.toml"),
    held("2026-01", "Eva", TALK),
]


def test_groups_by_hand() -> None:
    told = trends_of(CALLS, "alle")
    assert (told.total.name, told.total.calls, told.total.why_rate) == ("alle", 3, 1.0)
    assert told.total.held == pytest.approx(10 / 3)
    assert told.total.kept == pytest.approx(2 / 3)
    assert told.total.next_steps == pytest.approx(2 / 3)
    assert told.total.talk_share == pytest.approx((4 / 6 + 7 / 8 + 4 / 6) / 3)
    assert [(one.name, one.calls, one.held) for one in told.periods] == [
        ("2026-01", 2, 3.0),
        ("2026-02", 1, 4.0),
    ]
    assert [(one.name, one.calls, one.why_rate) for one in told.reps] == [
        ("Eva", 2, None),
        ("Jan", 1, 1.0),
    ]
    assert [one.name for one in told.playbooks] == ["nl", "team.toml"]
    assert [one and one.calls for one in told.by_rep["Jan"]] == [1, None]


def test_no_calls() -> None:
    told = trends_of([], "alle")
    assert told.total == Group("alle", 0, None, None, None, 0.0, None)
    assert (told.periods, told.reps) == ((), ())


def test_periods() -> None:
    assert period_of("2026-03-01", Period.MONTH) == "2026-03"
    assert period_of("2027-01-01", Period.WEEK) == "2026-W53"


def test_the_periods_between_two_are_there_too() -> None:
    assert through(["2025-11", "2026-02"]) == ("2025-11", "2025-12", "2026-01", "2026-02")
    assert through(["", "2026-W52", "2027-W01"]) == ("", "2026-W52", "2026-W53", "2027-W01")
    assert through(["2026-02"]) == ("2026-02",)
    assert through([]) == ()
    assert through([""]) == ("",)


def store(root: Path) -> Shelf:
    keep(root, TALK, Card(when="2026-01-06T10:00:00+01:00", rep="Eva"))
    keep(root, TALK, Card(when="2026-02-06T10:00:00+01:00", rep="Eva"))
    keep(root, REFUSED, Card(when="2026-01-05T10:00:00+01:00", rep="Jan <b>vet</b>"))
    keep(root, REFUSED, Card(when="2026-01-05T10:00:00+01:00", rep="Eva", begin=3.0))  # a part
    keep(root, REFUSED[:-1], Card(when="2026-01-05T10:00:00+01:00", rep="Eva"))  # cut off
    damaged = keep(root, TALK, Card(when="2026-01-07T10:00:00+01:00"))
    (damaged / EVENTS).write_bytes(b"{}\n{}\n")
    return Shelf(root)


def test_of_a_store_with_a_damaged_call(tmp_path: Path) -> None:
    shelf = store(tmp_path)
    assert read_trends(shelf, Query(), Period.MONTH, "all").total.calls == 3
    assert read_trends(shelf, Query(rep="eva"), Period.MONTH, "all").total.calls == 2
    assert read_trends(shelf, Query(since="2026-02-01"), Period.MONTH, "all").total.calls == 1


def test_the_command(program: Program, tmp_path: Path) -> None:
    store(tmp_path / "calls")
    out = tmp_path / "trends.html"
    arguments = ("--store", str(tmp_path / "calls"), "-o", str(out), "--language", "en")
    done = program("trends", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2026-01\t2\t3.0 s\t50 %\t100 %\t50 %\t77 %" in done.stdout
    assert "all\t3\t3.3 s\t67 %\t100 %\t67 %\t74 %" in done.stdout
    assert "Eva\t2\t4.0 s\t100 %\t-\t100 %\t67 %" in done.stdout
    assert out.stat().st_mode & 0o777 == 0o600
    assert "no whole call" in complaint(program("trends", "--rep", "Niemand", *arguments))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page(browser: Browser, tmp_path: Path, width: int) -> None:
    told = show_trends(store(tmp_path / "calls"), Query(), Period.WEEK, "nl", Console(quiet=True))
    out = tmp_path / "trends.html"
    write_trends(told, "nl", out)
    with Visit(browser, out, width) as page:
        assert page.locator("table").count() == 3
        assert "Jan <b>vet</b>" in page.locator("table").nth(1).inner_text()
        assert page.locator("main b").count() == 0
        inked = "[...document.querySelectorAll('canvas')].map(one => one.toDataURL().length > 4000)"
        assert page.evaluate(inked) == [True] * 4
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(inked) == [True] * 4
