"""Where the keys and the phrases of a TOML file stand, for messages that name the line."""

import re
from collections.abc import Iterator

NAME = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
PART = re.compile(NAME)
TABLE = re.compile(r"^\s*\[{1,2}\s*([^\[\]#]+?)\s*\]{1,2}\s*(?:#.*)?$")
KEY = re.compile(rf"^\s*({NAME}(?:\s*\.\s*{NAME})*)\s*=\s*")
SIGN = re.compile(  # long strings, strings, a comment, brackets, a line's end, what else
    r"""\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'"""
    r"""|\#[^\n]*|[\[\]]|\n|[^\s,\[\]#"']+""",
    re.DOTALL,
)
Places = dict[str, int]


def lines_of(text: str) -> Places:
    """The line of each table, key and list element, by dotted path: `examples.rep.recap[2]`.

    Args:
        text: of a file that is valid TOML; inline tables are named by their key alone.
    """
    places: Places = {}
    table, row, place = "", 1, 0
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        line = text[place:end]
        if header := TABLE.match(line):
            table = _path(header[1])
            places.setdefault(table, row)
        elif key := KEY.match(line):
            name = ".".join(part for part in (table, _path(key[1])) if part)
            places[name] = row
            end = _value(text, place + key.end(), row, name, places)
        row += text.count("\n", place, end + 1)
        place = end + 1
    return places


def line_of(places: Places, path: str) -> int | None:
    """The line of a path, or of the nearest thing above it that has one."""
    while path:
        if path in places:
            return places[path]
        if inside := [row for one, row in places.items() if one.startswith(f"{path}.")]:
            return min(inside)  # a table that has no head of its own
        path = path[: path.rindex("[")] if path.endswith("]") else path.rpartition(".")[0]
    return None


def _path(written: str) -> str:
    return ".".join(part.strip("\"'") for part in PART.findall(written))


def _value(text: str, place: int, row: int, name: str, places: Places) -> int:
    """Note the elements of a list; return where the value's last line ends."""
    depth, number = 0, 0
    for sign, begin in _signs(text, place):
        if sign == "[":
            depth += 1
        elif sign == "]":
            depth -= 1
        elif sign == "\n":
            if depth == 0:
                return begin
            row += 1
        elif not sign.startswith("#"):
            if depth == 1:
                places[f"{name}[{number}]"] = row
                number += 1
            row += sign.count("\n")
    return len(text)


def _signs(text: str, place: int) -> Iterator[tuple[str, int]]:
    for found in SIGN.finditer(text, place):
        yield found.group(), found.start()
