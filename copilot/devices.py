"""`call-copilot devices`: what there is, which two would be taken and why, and how they sound."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console as Terminal
from rich.console import Group
from rich.live import Live as Display
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from copilot.choice import Choice, save_choice
from copilot.events import Health, Notice
from copilot.frames import Block
from copilot.live import source_of
from copilot.sources.live.device import Device, Role, System, Wish, find
from copilot.speech.inspection import Inspection
from copilot.stopping import stopping

REFRESH = 0.1  # s
BAR = 30  # cells of a meter
FLOOR = -70.0  # dBFS, an empty meter
Words = Mapping[str, str]


def show(
    system: System, choice: Choice, words: Words, terminal: Terminal, seconds: float | None
) -> dict[Role, Device]:
    """Print the devices and the pair, then how both come in until it is stopped; return the pair.

    Raises:
        DeviceError: a device is not there, or cannot be heard.
    """
    devices = system.devices()
    terminal.print(listed(devices, words))
    pair = taken(devices, choice)
    for role, device in pair.items():
        why = reason(device, devices, choice, words)
        terminal.print(
            Text(f"{words['taken']}: {words[role]}: {device.name} ({why})"), soft_wrap=True
        )
    heard = _listen(system, choice, words, terminal, seconds)
    for finding in (*known(pair.values(), words), *heard):
        terminal.print(Text(finding), soft_wrap=True)
    return pair


def keep(path: Path, pair: Mapping[Role, Device], choice: Choice) -> None:
    """Save the pair by its ids."""
    microphone = pair[Role.MICROPHONE].id
    if choice.stereo is not None:
        save_choice(path, Choice(stereo=microphone))
    else:
        save_choice(path, Choice(microphone, pair[Role.SOFTPHONE].id))


def taken(devices: Sequence[Device], choice: Choice) -> dict[Role, Device]:
    """The pair that `live` would take; a two-channel device stands for both."""
    wish = Wish(Role.MICROPHONE, choice.stereo or choice.microphone)
    microphone = find(devices, wish, sys.platform)
    if choice.stereo is not None:
        return {Role.MICROPHONE: microphone}
    wish = Wish(Role.SOFTPHONE, choice.softphone, microphone.id)
    return {Role.MICROPHONE: microphone, Role.SOFTPHONE: find(devices, wish, sys.platform)}


def reason(device: Device, devices: Sequence[Device], choice: Choice, words: Words) -> str:
    """Why a device is taken."""
    named = choice.stereo or (
        choice.microphone if device.role is Role.MICROPHONE else choice.softphone
    )
    if named is not None:
        return words["because_named"]
    if device.plays:
        return words["because_plays"].format(programs=", ".join(device.plays))
    alone = sum(one.role is device.role for one in devices) == 1
    return words["because_only"] if alone else words["because_usual"]


def known(pair: Iterable[Device], words: Words) -> Iterator[str]:
    """What is wrong with the devices before they are heard."""
    for device in pair:
        if device.narrow:
            yield words["narrow"].format(name=device.name)


def listed(devices: Sequence[Device], words: Words) -> Table:
    """All devices, a row each."""
    table = Table(box=None, pad_edge=False)
    for column in ("", "", "id", "Hz", ""):
        table.add_column(column, overflow="fold")
    for one in devices:
        marks = [words["usual"]] * one.default + [words["muted"]] * one.muted
        if one.plays:
            marks.append(words["plays"].format(programs=", ".join(one.plays)))
        row = (words[one.role], one.name, one.id, str(one.rate), ", ".join(marks))
        table.add_row(*map(escape, row))
    return table


def _listen(
    system: System, choice: Choice, words: Words, terminal: Terminal, seconds: float | None
) -> Iterator[str]:
    """Show the meters; then yield what is wrong."""
    inspection = Inspection()
    source = source_of(system, choice)
    begun = drawn = time.monotonic()
    with (
        source,
        stopping(source.stop),
        Display(console=terminal, auto_refresh=False, transient=True) as display,
    ):
        for piece in source.pieces():
            if isinstance(piece, Block):
                inspection.hear(piece)
            elif isinstance(piece, Notice):
                inspection.notice(piece)
            now = time.monotonic()
            if now - drawn >= REFRESH:
                drawn = now
                findings = [words[one] for one in inspection.findings()]
                display.update(_meters(inspection.health(), findings, words), refresh=True)
            if seconds is not None and now - begun >= seconds:
                break
    inspection.health()
    yield from [words[one] for one in inspection.findings()] or [words["fine"]]


def _meters(health: Health, findings: Sequence[str], words: Words) -> Group:
    rows = [
        _meter(words["microphone"], health.rep),
        _meter(words["softphone"], health.customer),
        *(Text(one) for one in findings),
        Text(words["stop"], style="dim"),
    ]
    return Group(*rows)


def _meter(name: str, level: float) -> Text:
    filled = round(BAR * min(1.0, max(0.0, 1.0 - level / FLOOR)))
    return Text(f"{name:<12}{'█' * filled}{'░' * (BAR - filled)} {max(level, -99.0):>4.0f} dB")
