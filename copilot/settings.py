"""What a user can set for a call; the defaults are written here and nowhere else."""

from enum import StrEnum
from pathlib import Path

from msgspec import Struct


class Form(StrEnum):
    """What a call can be exported as."""

    WEBVTT = "webvtt"
    MARKDOWN = "markdown"
    CSV = "csv"
    VCON = "vcon"


class Settings(Struct, frozen=True):
    """A replay, or calls as they are spoken, as the user asked for it."""

    source: Path | None = None  # a two-channel recording, or a transcript (.vtt)
    rep: Path | None = None  # a mono recording of the rep, with `customer`
    customer: Path | None = None
    swap: bool = False  # the rep is on the second channel
    rep_name: str = "rep"  # the voice in a transcript
    customer_name: str = "customer"
    language: str = "nl"
    model: str | None = None  # a folder or a name; None is the best that is on the machine
    playbook: Path | None = None  # a team's own, over the language's
    questions: Path | None = None  # the prepared ladder
    pace: float | None = None  # seconds of call in a second; None is as fast as possible
    delay: float | None = None  # s from a line to its words, in a replay that keeps no time
    events: Path | None = None  # the event log, live a folder of them; `-` is standard output
    microphone: str | None = None  # id or name of a device; None follows the system's usual one
    softphone: str | None = None  # the same of the loopback that plays the customer
    stereo: str | None = None  # a single device with both: the rep left, the customer right
    quiet: bool = False
    plain: bool = False  # a line a cue, also on a terminal
    transcript: bool = False  # what was said is shown too
    bell: bool = False  # the terminal's, on stop cues
    json: bool = False  # the events on standard output
    ui_language: str | None = None  # of what the rep reads; None is the call's
    save: bool = False  # keep the call in the store
    keep_audio: bool = False  # and its sound
    store: Path | None = None  # the folder of calls; None is the user's own
    when: str = ""  # ISO 8601, when a recorded call was held; empty is now
    tags: tuple[str, ...] = ()
    begin: float = 0.0  # s of a recording before which it is not heard
    end: float | None = None  # s after which it is not


DEFAULT_NAMES = (Settings().rep_name, Settings().customer_name)  # that name nobody
