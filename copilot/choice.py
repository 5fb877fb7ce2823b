"""Which devices the user has chosen to keep, in the user's own configuration."""

import json
import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct, structs
from platformdirs import user_config_path

from copilot.errors import DeviceError, OutputError
from copilot.settings import Settings

OWNER_ONLY = 0o600


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """Ids of devices; None follows the system's usual one."""

    microphone: str | None = None
    softphone: str | None = None
    stereo: str | None = None


def choice_file() -> Path:
    """Where the choice is kept."""
    return user_config_path("call-copilot", appauthor=False) / "devices.toml"


def saved_choice(path: Path) -> Choice:
    """What was kept, or nothing; raises DeviceError when the file is damaged."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Choice)
    except FileNotFoundError:
        return Choice()
    except (OSError, ValueError) as error:  # msgspec's and tomllib's are ValueErrors
        message = f"{path}: {error}; mend it, or remove it and choose again"
        raise DeviceError(message) from error


def save_choice(path: Path, choice: Choice) -> None:
    """Keep it; raises OutputError."""
    kept = {key: value for key, value in structs.asdict(choice).items() if value is not None}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in kept.items()]
    try:
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        path.touch(OWNER_ONLY)
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}; the choice is not kept") from error


def chosen(settings: Settings, path: Path) -> Choice:
    """What the command line names, else what was kept."""
    named = Choice(settings.microphone, settings.softphone, settings.stereo)
    kept = saved_choice(path)
    if named.stereo is not None or (kept.stereo is not None and named == Choice()):
        return Choice(stereo=named.stereo or kept.stereo)
    return Choice(named.microphone or kept.microphone, named.softphone or kept.softphone)
