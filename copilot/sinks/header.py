"""The row above the cue: time, voices, and what is wrong, or the share of the talk."""

from collections.abc import Iterator

from rich.text import Text

from copilot.events import Speaker, Trouble
from copilot.sinks.look import NARROW, beside, fitted
from copilot.sinks.scene import Scene
from copilot.sinks.screen import MARK_SHOWN, ScreenState, Voice, share
from copilot.sinks.text import clean, minutes

QUIETEST = -60.0  # dBFS; below it the level shows nothing
LEVELS = " ▁▂▃▄▅▆▇█"
NO_CALL = "--:--"
BAR = 10  # columns of the share of the talk
ON_TIME = 1.0  # s behind under which a figure would only flicker
LATE = 3.0  # s behind from which the rep should know that cues come late


def header(state: ScreenState, scene: Scene, width: int) -> Text:
    """Return the one row above the block: time, voices, and what is wrong or the share of talk."""
    narrow = width < NARROW
    row = Text(f"{minutes(state.now) if state.started else NO_CALL}  ", style="bold")
    for speaker in Speaker:
        row.append_text(_voice(state.voice(speaker), scene.word(speaker), narrow))
    alarm = next(_alarms(state, scene), "")
    if alarm and narrow:
        row = Text(f"{minutes(state.now)} ", style="bold")
    if alarm:
        return fitted(row.append(f" {alarm} ", style="bold reverse"), width)
    facts = list(_facts(state, scene, narrow))
    while facts and sum(fact.cell_len + 2 for fact in facts) > width - row.cell_len:
        facts.pop()  # the last one matters least
    return beside(row, Text("  ").join(facts), width)


def _voice(voice: Voice, name: str, narrow: bool) -> Text:
    speaking = voice.since is not None
    row = Text("● " if speaking else "○ ", style="bold" if speaking else "dim")
    row.append(clean(name), style="bold" if speaking else "dim")
    if voice.level is not None:
        loud = (max(QUIETEST, min(0.0, voice.level)) - QUIETEST) / -QUIETEST
        row.append(f" {LEVELS[round(loud * (len(LEVELS) - 1))]}", style="not bold")
    return row.append("  " if narrow else "   ")


def _alarms(state: ScreenState, scene: Scene) -> Iterator[str]:
    """What the rep must know before anything else, the worst first."""
    for trouble in Trouble:
        if trouble in state.troubles:
            yield f"! {scene.troubles.get(trouble, trouble)}"
    marked = 0.0 <= state.now - state.marked < MARK_SHOWN
    mark = f"{scene.word('marked')} {minutes(state.marked)}" if marked else ""
    if state.present is not None:
        words = (scene.word("again"), scene.word("paused") if state.paused else "", mark)
        yield " · ".join((*filter(None, words), minutes(state.present)))
    if state.paused:
        yield scene.word("paused")
    if mark:
        yield mark
    if state.now < state.muted:
        yield f"{scene.word('muted')} {minutes(state.muted)}"
    if state.behind is not None and state.behind >= LATE:
        yield f"{state.behind:.0f} s {scene.word('behind')}"


def _facts(state: ScreenState, scene: Scene, narrow: bool) -> Iterator[Text]:
    """What is good to know at the end of the row, the weightiest first."""
    if state.lost and not narrow:
        yield Text(f"{scene.seconds(state.lost)} {scene.word('lost')}")
    part = share(state)
    if part is not None:
        told = f"{part:4.0%}" if narrow else f"{scene.word('share')} {part:4.0%} "
        row = Text(told, style="dim")
        if not narrow:
            row.append("━" * round(part * BAR)).append("─" * (BAR - round(part * BAR)))
        yield row
    if state.behind is None:
        return
    if state.behind >= ON_TIME:
        late = f"{state.behind:.0f} s"
        yield Text(f"+{late}" if narrow else f"{late} {scene.word('behind')}", style="dim")
    elif not narrow:
        yield Text(scene.word("in_time"), style="dim")
