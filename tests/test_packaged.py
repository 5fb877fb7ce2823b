"""The packaged base model: joined once, whole whatever happened to it."""

import os
import shutil
import sys
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from copilot.errors import ModelError
from copilot.speech.model import Model, find_model
from copilot.speech.packaged import PACKAGES, SHA256
from tests.looking_for_models import (
    LITTLE_ROOM,
    OFFLINE,
    complaint_of,
    finding,
    found,
    without_the_packages,
)


def is_whole(folder: Path) -> bool:
    """All files as published, and nothing left over from joining them."""
    files = [file for file in folder.iterdir() if file.name != "joining.lock"]
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files} == SHA256


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the base model in it; only to be read."""
    cache = tmp_path_factory.mktemp("joined")
    find_model("base", cache=cache)
    return cache


@pytest.fixture
def own(joined: Path, tmp_path: Path) -> Path:
    """A cache with the base model in it, to be damaged."""
    return Path(shutil.copytree(joined, tmp_path / "cache"))


def test_the_packages_are_joined_into_the_published_model(joined: Path) -> None:
    model = find_model("base", cache=joined)
    assert model == Model("base", joined / "whisper-base")
    assert is_whole(model.folder)


def test_an_intact_copy_is_left_alone(joined: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in joined.rglob("*")}
    find_model("base", cache=joined)
    assert before == {file: file.stat().st_mtime_ns for file in joined.rglob("*")}


@pytest.mark.model
def test_the_joined_model_loads(joined: Path) -> None:
    from faster_whisper import WhisperModel

    folder = find_model("base", cache=joined).folder
    assert WhisperModel(str(folder), device="cpu", compute_type="int8").model.is_multilingual


def test_two_processes_join_at_once(tmp_path: Path) -> None:
    both = [finding("base", tmp_path) for _ in range(2)]
    assert {found(process) for process in both} == {tmp_path / "cache" / "whisper-base"}
    assert is_whole(tmp_path / "cache" / "whisper-base")


@pytest.mark.parametrize("name", sorted(SHA256))
def test_a_truncated_copy_is_repaired(name: str, own: Path) -> None:
    os.truncate(own / "whisper-base" / name, 1000)
    assert is_whole(find_model("base", cache=own).folder)


def test_one_wrong_bit_is_repaired_even_where_size_and_time_are_right(own: Path) -> None:
    file = own / "whisper-base" / "model.bin"
    was = file.stat()
    content = bytearray(file.read_bytes())
    content[100_000_000] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert is_whole(find_model("base", cache=own).folder)


def test_what_a_crash_left_is_cleaned_up(tmp_path: Path) -> None:
    folder = tmp_path / "whisper-base"
    folder.mkdir()
    (folder / "model.bin.joining").write_bytes(b"half")
    (folder / "older.joining").write_bytes(b"older")
    (folder / "joining.lock").touch()
    assert is_whole(find_model("base", cache=tmp_path).folder)


def test_the_copy_serves_when_the_packages_are_gone(own: Path) -> None:
    path = without_the_packages(own.parent)
    assert is_whole(found(finding("base", own.parent, OFFLINE, path=path)))


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit to run into")
def test_a_full_disk_names_the_folder_and_the_room_it_takes(tmp_path: Path) -> None:
    complaint = complaint_of(finding("base", tmp_path, before=LITTLE_ROOM))
    assert str(tmp_path / "cache" / "whisper-base") in complaint
    assert "148 MB free" in complaint
    assert not list((tmp_path / "cache").rglob("model.bin*"))


def test_a_cache_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(ModelError, match=r"whisper-base: .* cannot be put there .* --model"):
        find_model("base", cache=tmp_path / "cache")


def test_neither_packages_nor_network(tmp_path: Path) -> None:
    path = without_the_packages(tmp_path)
    complaint = complaint_of(finding("base", tmp_path, OFFLINE, path=path))
    assert complaint.startswith("base: not on this machine")
    assert 'pip install "call-copilot[base]"' in complaint


@pytest.mark.parametrize(
    ("part", "fault"), [(b"other bytes", "model.bin in them is damaged"), (None, "missing from")]
)
def test_damaged_packages(part: bytes | None, fault: str, tmp_path: Path) -> None:
    path = without_the_packages(tmp_path)
    for number, package in enumerate(PACKAGES, start=1):
        (path / package / "data").mkdir(parents=True)
        (path / package / "__init__.py").touch()
        for file in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (path / package / "data" / file).symlink_to(str(files(PACKAGES[0]) / "data" / file))
        if part is not None:
            (path / package / "data" / f"model.bin.part{number}").write_bytes(part)
    complaint = complaint_of(finding("base", tmp_path, OFFLINE, path=path))
    assert fault in complaint
    assert "--force-reinstall" in complaint
    assert not list((tmp_path / "cache").rglob("model.bin*"))
