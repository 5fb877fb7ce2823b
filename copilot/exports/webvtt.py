"""The transcript as WebVTT with voices, in the form that `replay` reads again."""

from collections.abc import Iterator
from html import escape

from copilot.events import Line, Speaker
from copilot.review.page import Reviewed
from copilot.sinks.text import clean

SHORTEST = 1  # ms; a caption that lasts no time is none


def as_webvtt(call: Reviewed) -> str:
    """Render every line in the order in which it began; the call's length stands in a NOTE.

    Lines of one speaker that touch in the third decimal are kept apart.
    """
    lines = sorted((one for one in call.events if isinstance(one, Line)), key=lambda one: one.start)
    end = max((one.at for one in call.events), default=0.0)
    head = f"WEBVTT\n\nNOTE language {call.card.language}\n\nNOTE end {end:.3f}\n"
    return head + "".join(_captions(lines))


def _captions(lines: list[Line]) -> Iterator[str]:
    until = dict.fromkeys(Speaker, 0)
    for line in lines:
        start = max(round(line.start * 1000), until[line.speaker])
        end = max(round(line.end * 1000), start + SHORTEST)
        until[line.speaker] = end
        words = escape(clean(line.text), quote=False)
        if words:
            yield f"\n{_time(start)} --> {_time(end)}\n<v {line.speaker}>{words}\n"


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{rest:03d}"
