"""Checks what a path points at before a library is asked to read it."""

from pathlib import Path

from copilot.errors import SourceError


def is_transcript(path: Path | None) -> bool:
    """Whether a call is to be read as WebVTT; tells by its name, as the command line promises."""
    return path is not None and path.suffix.lower() == ".vtt"


def check_file(path: Path, wanted: str) -> None:
    """Raises SourceError unless `path` is a readable file with something in it.

    `wanted` says what to give instead, as in "a recording".
    """
    try:
        if path.is_dir():
            raise SourceError(f"{path}: this is a folder; give {wanted} in it")
        if not path.exists():
            raise SourceError(f"{path}: no such file; check the name, and give {wanted}")
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be read ({error.strerror}); make the file readable for you"
        ) from error
    if empty:
        raise SourceError(f"{path}: the file is empty (0 bytes); give {wanted}, or copy it again")
