"""A page as one file: its styles and scripts inside, and a policy that lets nothing else run.

What comes from a call is escaped by the templates (Jinja2, autoescape), and stripped of control,
bidirectional and invisible characters. Scripts are named to the browser by their hash, so that
none but ours can run; `default-src 'none'` forbids every request.
"""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from secrets import token_urlsafe

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from copilot.figures.told import clock
from copilot.sinks.text import clean

TEMPLATES = Environment(
    loader=PackageLoader("copilot.review"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: clean(value) if type(value) is str else value,
)
TEMPLATES.filters["clock"] = clock


class Shell(Struct, frozen=True):
    """The parts of a page that are ours: what a template puts in its head and at its end."""

    policy: str
    nonce: str
    style: Markup
    scripts: tuple[Markup, ...]


def shell(style: str, scripts: tuple[str, ...], media: str = "'none'") -> Shell:
    """Read the parts of a page from the package.

    Args:
        style: name of a template file.
        scripts: names of files, in the order in which they run.
        media: where sound may come from, as the policy names it.
    """
    nonce = token_urlsafe(16)
    bodies = [_read(name, "script") for name in scripts]
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(body.encode()).digest()).decode()}'" for body in bodies
    )
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'nonce-{nonce}'; media-src {media}; "
        "base-uri 'none'; form-action 'none'"
    )
    marked = tuple(Markup(body) for body in bodies)  # noqa: S704  our own files
    return Shell(policy, nonce, Markup(_read(style, "style")), marked)  # noqa: S704  our own file


def _read(name: str, element: str) -> str:
    text = files("copilot.review").joinpath(name).read_text(encoding="utf-8")
    if f"</{element}" in text.lower() or "<!--" in text:
        raise ValueError(f"{name}: would end its own element")
    return text
