"""Every mistake in a playbook, with the key and the line at which it stands."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import TypeVar

import msgspec
from msgspec import Struct

from copilot.dialogue.toml_lines import Places, line_of

MOST = 100  # that one look finds
WRONG_KIND = re.compile(r"Expected `(\w+)`, got `\w+`")
KINDS = {  # of value, as msgspec calls them, and as one writes them
    "float": "a number, without quotes",
    "int": "a whole number, without quotes",
    "str": "words between quotes",
    "array": "a list between [ and ]",
    "object": "a table",
    "bool": "true or false",
}
UNKNOWN_KEY = re.compile(r"Invalid enum value '(.*)'")
UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(.*)`")
PLACE = re.compile(r"\[\.\.\.\]|[^.\[\]]+")  # of a path as msgspec writes it
ANY = "[...]"  # some key of a table, msgspec does not say which
ELEMENT = re.compile(r"(.*)\[(\d+)\]")
Content = dict[str, object]
Type = TypeVar("Type")


class Fault(Struct, frozen=True):
    """A mistake in a playbook."""

    key: str  # dotted path
    what: str
    line: int | None = None


def find_faults(
    content: Content,
    sound: Content,
    into: type[Type],
    choices: Mapping[str, Iterable[str]],
    more: Callable[[Type], Iterable[Fault]],
) -> Iterator[Fault]:
    """Yield every mistake; each is replaced by what is sound, or taken out, to see the next.

    Args:
        content: of a file, as TOML gives it.
        sound: the same without a mistake, as far as there is such a thing.
        into: what it must be.
        choices: the keys that a table can have.
        more: what else can be wrong with it.
    """
    content = deepcopy(content)
    for _ in range(MOST):
        try:
            converted = msgspec.convert(content, into)
        except msgspec.ValidationError as error:
            path, fault = _explained(error, content, into, choices)
            yield fault
            if not _mended(content, sound, path):
                return
        else:
            yield from more(converted)
            return


def placed(fault: Fault, places: Places, below: Content) -> Fault:
    """The mistake with its line; an element of a list is named by its place in the team's own."""
    key, element = fault.key, ELEMENT.fullmatch(fault.key)
    if element:
        inside = _inside(below, element[1].split("."))
        before = len(inside) if isinstance(inside, list) else 0
        key = f"{element[1]}[{int(element[2]) - before}]"
    return Fault(key, fault.what, line_of(places, key))


def _explained(
    error: msgspec.ValidationError,
    content: Content,
    into: type[Type],
    choices: Mapping[str, Iterable[str]],
) -> tuple[list[str], Fault]:
    """From msgspec's `what is wrong - at `$.key.path``: the path to take out, and the mistake."""
    what, _, where = str(error).partition(" - at ")
    path = PLACE.findall(where.replace("`key` in ", "").replace("`", "").removeprefix("$"))
    while ANY in path:
        path = _found(content, path, into)
    table = ".".join(path)
    if unknown := UNKNOWN_KEY.fullmatch(what) or UNKNOWN_FIELD.fullmatch(what):
        path = [*path, unknown[1]]
        known = f"; use one of {', '.join(choices[table])}" if table in choices else ""
        what = f"unknown key {unknown[1]!r}{known}"
    elif what.startswith("Expected `object`") and table in choices:
        what = f"is a table; write {', '.join(f'{path[-1]}.{one}' for one in choices[table])}"
    elif (kind := WRONG_KIND.fullmatch(what)) and kind[1] in KINDS:
        what = f"must be {KINDS[kind[1]]}"
    named = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path)
    return path, Fault(named.lstrip(".") or "top level", what)


def _found(content: Content, path: Sequence[str], into: type[Type]) -> list[str]:
    """Name the first key that msgspec did not: the one with which alone the mistake remains."""
    first = path.index(ANY)
    above, below = list(path[:first]), list(path[first + 1 :])
    table = _inside(content, above)
    for key in table if isinstance(table, dict) else ():
        alone = deepcopy(content)
        inside = _inside(alone, above)
        if isinstance(inside, dict):
            for other in [one for one in inside if one != key]:
                del inside[other]
        try:
            msgspec.convert(alone, into)
        except msgspec.ValidationError as error:
            there = PLACE.findall(str(error).partition("$")[2].rstrip("`"))
            if there[: first + 1] == list(path[: first + 1]):
                return [*above, key, *below]
    return [*above, *below]


def _inside(content: object, path: Sequence[str]) -> object:
    for part in path:
        if isinstance(content, list) and part.isdigit():
            content = content[int(part)]
        else:
            content = content.get(part) if isinstance(content, dict) else None
    return content


def _mended(content: Content, sound: Content, path: Sequence[str]) -> bool:
    """Put what is sound in the place of a mistake; False when that is not possible."""
    if not path:
        return False
    *above, last = path
    inside, whole = _inside(content, above), _inside(sound, above)
    if isinstance(inside, list) and last.isdigit():
        inside[int(last)] = "x"
    elif isinstance(inside, dict) and isinstance(whole, dict) and last in whole:
        inside[last] = whole[last]
    elif isinstance(inside, dict) and last in inside:
        del inside[last]
    else:
        return False
    return True
