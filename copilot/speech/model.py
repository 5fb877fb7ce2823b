"""Which Whisper model hears the call, and the folder it lies in."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from copilot.errors import ModelError
from copilot.speech.packaged import packaged_base

CORES = {  # that a model needs to keep up with a call; the best model first
    "large-v2": 32,  # on Dutch telephone speech 23.9 % WER, large-v3 25.1 % (N-Best, with VAD)
    "large-v3-turbo": 24,
    "large-v3": 32,
    "medium": 16,
    "small": 4,
    "base": 1,
    "tiny": 1,
}
KNOWN_REPOSITORY = "Systran/faster-whisper-base"  # asked for only to see whether the hub answers
REMEDY = (
    'pip install "call-copilot[base]" for --model base, or give --model the folder of a '
    "faster-whisper model"
)


@dataclass(frozen=True)
class Model:
    """A Whisper model on this machine that faster-whisper can load without a network."""

    name: str  # as shown to the user
    folder: Path  # holds model.bin, config.json, tokenizer.json and vocabulary.txt or .json


def find_model(
    wanted: str | None,
    *,
    cache: Path | None = None,
    hub: Path | None = None,
    cores: int | None = None,
) -> Model:
    """The model that the user wants: a folder, `base`, or any name that faster-whisper knows.

    A folder in the working directory with the name of a model is meant only as `./small`. A name
    that is not on this machine is fetched where there is a network. For None it is the best model
    already here (see `_best_here`), without a network. `cache` is where the packaged base model
    is joined, `hub` where faster-whisper keeps what it fetched; both default to the user's own.
    `cores` defaults to those this process may use. Raises ModelError.
    """
    cache = cache or user_cache_path("call-copilot", appauthor=False)
    if wanted is None:
        return _best_here(cache, hub, cores or usable_cores())
    if wanted not in CORES and _is_there(wanted):
        return _in_folder(wanted)
    return Model(wanted, _here(wanted, cache, hub) or _fetched(wanted, hub))


def installed() -> list[Model]:
    """All models on this machine by name, the best first; needs no network."""
    cache = user_cache_path("call-copilot", appauthor=False)
    found = ((name, _here(name, cache, None)) for name in CORES)
    return [Model(name, folder) for name, folder in found if folder is not None]


def _best_here(cache: Path, hub: Path | None, cores: int) -> Model:
    """The best model on this machine that so many cores carry, else the lightest of the rest.

    `CORES` is a rule of thumb, guessed from the models' sizes and measured for base only.
    """
    able = [name for name, least in CORES.items() if least <= cores]
    heavy = [name for name in sorted(CORES, key=CORES.__getitem__) if name not in able]
    for name in able + heavy:
        folder = _here(name, cache, hub)
        if folder is not None:
            return Model(name, folder)
    raise ModelError(f"no Whisper model on this machine; {REMEDY}")


def usable_cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux; a container may have fewer than the machine
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}; {REMEDY}") from error


def _in_folder(wanted: str) -> Model:
    folder = Path(wanted).resolve()
    if not folder.is_dir():
        raise ModelError(f"{wanted}: not a folder; give --model the folder that the model lies in")
    return Model(folder.name, _complete(folder))


def _complete(folder: Path) -> Path:
    """The folder, when nothing is missing; else faster-whisper would look for it in the network."""
    lacking = _lacking(folder)
    if lacking is None:
        return folder
    source = "the model it was converted from" if lacking == "tokenizer.json" else "a full copy"
    raise ModelError(f"{folder}: no {lacking}, or an empty one; put there that of {source}")


def _lacking(folder: Path) -> str | None:
    """The first file that the folder lacks."""
    for name in ("model.bin", "config.json", "tokenizer.json"):
        if not _has(folder / name):
            return name
    vocabularies = ("vocabulary.txt", "vocabulary.json")
    found = any(_has(folder / name) for name in vocabularies)
    return None if found else " or ".join(vocabularies)


def _has(file: Path) -> bool:
    try:
        return file.is_file() and file.stat().st_size > 0
    except OSError as error:
        raise ModelError(f"{file}: {error.strerror}; make it readable") from error


def _here(name: str, cache: Path, hub: Path | None) -> Path | None:
    """The folder of a model that needs no network: packaged, or fetched at an earlier time."""
    if name == "base":
        folder = packaged_base(cache)
        if folder is not None:
            return folder
    return _fetched_before(name, hub)


def _fetched_before(name: str, hub: Path | None) -> Path | None:
    from faster_whisper.utils import available_models, download_model

    place = None if hub is None else str(hub)
    try:
        folder = Path(download_model(name, local_files_only=True, cache_dir=place))
    except OSError:  # the hub's LocalEntryNotFoundError is a FileNotFoundError
        return None
    except ValueError as error:
        known = ", ".join(available_models())
        message = f"{name}: neither a folder nor a name that faster-whisper knows ({known})"
        raise ModelError(f"{message}; {REMEDY}") from error
    return folder if _lacking(folder) is None else None


def _fetched(name: str, hub: Path | None) -> Path:
    """Fetch a model by its name; the waiting for a silent network is bounded.

    Without a network the hub raises OSError (offline by wish, nothing in the cache, disk full) or
    HTTPError (a proxy that refuses, a connection that breaks); its transfer raises RuntimeError.
    """
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # its HTTP client's

    place = None if hub is None else str(hub)
    try:
        _reach_hub()
        folder = Path(download_model(name, cache_dir=place))
    except (OSError, HTTPError, RuntimeError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        message = f"{name}: not on this machine, and it cannot be fetched ({reason})"
        raise ModelError(f"{message}; {REMEDY}") from error
    return _complete(folder)


def _reach_hub() -> None:
    """Raise what the network raises; faster-whisper itself would wait for ever (measured)."""
    from huggingface_hub import HfApi
    from huggingface_hub.constants import HF_HUB_ETAG_TIMEOUT  # s, 10 unless the user set it
    from huggingface_hub.errors import HfHubHTTPError

    with suppress(HfHubHTTPError):  # a refusal is an answer too
        HfApi().model_info(KNOWN_REPOSITORY, timeout=HF_HUB_ETAG_TIMEOUT)
