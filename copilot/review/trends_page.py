"""The page of trends: charts by Chart.js, and under them the same figures as tables."""

from collections.abc import Iterable, Mapping, Sequence

from copilot.dialogue.wording import Word
from copilot.figures.told import Words, number, share
from copilot.figures.trends import FEW, Group, Trends
from copilot.review.shell import TEMPLATES, shell
from copilot.sinks.text import clean

SCRIPTS = ("vendor/chart.umd.min.js", "templates/trends.js")
MOST_LINES = 6  # reps in one chart; more can only be told apart in the tables
CHARTS = (
    (Word.HELD, "held", "s"),
    (Word.WHY_RATE, "why_rate", "%"),
    (Word.STEP_RATE, "next_steps", "%"),
    (Word.TALK_SHARE, "talk_share", "%"),
)
COLUMNS = (
    *(Word.CALLS, Word.HELD, Word.KEPT_RATE),
    *(Word.WHY_RATE, Word.STEP_RATE, Word.TALK_SHARE),
)


def cells(group: Group, words: Words) -> tuple[str, ...]:
    """The figures of a group, in the order of COLUMNS."""
    return (
        str(group.calls),
        f"{number(group.held, words)} s" if group.held is not None else number(None, words),
        *(share(one) for one in (group.kept, group.why_rate, group.next_steps, group.talk_share)),
    )


def tables(trends: Trends, words: Words) -> Mapping[str, tuple[Group, ...]]:
    """The groups under the heading of each table; the first has all calls as its last row."""
    return {
        words[Word.PERIOD]: (*trends.periods, trends.total),
        words[Word.REP]: trends.reps,
        words[Word.PLAYBOOK]: trends.playbooks,
    }


def trends_page(trends: Trends, words: Words, language: str, periods: Sequence[str]) -> str:
    """Render the page: HTML that stands by itself.

    Args:
        trends: to be shown.
        words: of the page.
        language: of the words.
        periods: in order, also those without a call: a gap in the line, not a step.
    """
    names = [group.name for group in trends.periods]
    return TEMPLATES.get_template("trends.html").render(
        shell=shell("templates/trends.css", SCRIPTS),
        language=language,
        words={str(key): text for key, text in words.items()},
        columns=[words[one] for one in COLUMNS],
        tables=[
            (head, [(one.name, cells(one, words), one.calls < FEW) for one in groups])
            for head, groups in tables(trends, words).items()
            if groups
        ],
        charts=[(words[label], key) for label, key, _ in CHARTS],
        data={
            "labels": periods,
            "charts": [
                {
                    "key": key,
                    "unit": unit,
                    "lines": _lines(trends, key, [one in names for one in periods]),
                }
                for _, key, unit in CHARTS
            ],
            "decimal": words[Word.DECIMAL],
        },
    )


def _lines(
    trends: Trends, key: str, held: Sequence[bool]
) -> list[dict[str, str | list[float | None]]]:
    reps = trends.by_rep if 1 < len(trends.by_rep) <= MOST_LINES else {}
    everyone: dict[str, tuple[Group | None, ...]] = {trends.total.name: trends.periods}
    return [
        {"name": clean(name), "values": _spread([_value(group, key) for group in groups], held)}
        for name, groups in {**everyone, **reps}.items()
    ]


def _spread(values: Iterable[float | None], held: Sequence[bool]) -> list[float | None]:
    """The values of the periods in which there were calls, with nothing for the others."""
    left = iter(values)
    return [next(left) if one else None for one in held]


def _value(group: Group | None, key: str) -> float | None:
    if group is None:
        return None
    percent = {
        "why_rate": group.why_rate,
        "next_steps": group.next_steps,
        "talk_share": group.talk_share,
    }
    value = group.held if key == "held" else percent[key]
    if value is None:
        return None
    return round(value, 2) if key == "held" else round(100 * value, 1)
