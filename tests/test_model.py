"""Which model hears the call: a folder, a name or the best one here, and what to do without one."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.errors import ModelError
from copilot.speech.model import Model, find_model
from tests.looking_for_models import OFFLINE, complaint_of, finding, found, without_the_packages

FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the base model in it; only to be read."""
    cache = tmp_path_factory.mktemp("joined")
    find_model("base", cache=cache)
    return cache


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def installed(name: str, hub: Path, *, without: str = "") -> Path:
    """Files named as faster-whisper's are, where it keeps those of an earlier fetch."""
    place = hub / f"models--{name.replace('/', '--')}"
    folder = place / "snapshots" / "0123"
    folder.mkdir(parents=True)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text("0123")
    for file in set(FILES) - {without}:
        (folder / file).write_bytes(b"{}")
    return folder


def test_a_folder_is_named_after_itself(joined: Path) -> None:
    folder = joined / "whisper-base"
    assert find_model(str(folder), cache=joined) == Model("whisper-base", folder)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("empty", [False, True])
def test_a_folder_that_lacks_a_file(name: str, empty: bool, tmp_path: Path) -> None:
    for file in set(FILES) - {name}:
        (tmp_path / file).write_bytes(b"{}")
    if empty:
        (tmp_path / name).touch()
    with pytest.raises(ModelError, match=f"{tmp_path.name}: no {name}.*; put there"):
        find_model(str(tmp_path))


def test_the_vocabulary_may_be_json(tmp_path: Path) -> None:
    for file in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        (tmp_path / file).write_bytes(b"{}")
    assert find_model(str(tmp_path)).folder == tmp_path


def test_the_model_file_itself_is_no_folder(joined: Path) -> None:
    with pytest.raises(ModelError, match="not a folder; give --model the folder"):
        find_model(str(joined / "whisper-base" / "model.bin"))


@pytest.mark.parametrize("wanted", ["nosuch", "/no/such/folder", "x" * 5000])
def test_neither_a_folder_nor_a_name(wanted: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"pip install \"call-copilot\[base\]\""):
        find_model(wanted, hub=tmp_path)


@pytest.mark.parametrize("wanted", ["small", "org/name"])
@pytest.mark.parametrize(
    "network",
    [
        [OFFLINE],
        ["HF_ENDPOINT=http://127.0.0.1:9"],
        ["HF_ENDPOINT=https://hub.invalid", "HTTPS_PROXY=http://127.0.0.1:9"],
    ],
)
def test_a_name_without_a_network(wanted: str, network: list[str], tmp_path: Path) -> None:
    complaint = complaint_of(finding(wanted, tmp_path, *network))
    assert complaint.startswith(f"{wanted}: not on this machine, and it cannot be fetched (")
    assert 'pip install "call-copilot[base]"' in complaint


def test_a_silent_network_is_not_waited_for(silent: str, tmp_path: Path) -> None:
    process = finding("small", tmp_path, f"HF_ENDPOINT={silent}", "HF_HUB_ETAG_TIMEOUT=1")
    assert "timed out" in complaint_of(process)


def test_a_name_that_was_fetched_before_needs_no_network(silent: str, tmp_path: Path) -> None:
    folder = installed("org/name", tmp_path / "hub")
    assert found(finding("org/name", tmp_path, f"HF_ENDPOINT={silent}")) == folder


def test_half_a_fetch_does_not_count(tmp_path: Path) -> None:
    installed("Systran/faster-whisper-small", tmp_path / "hub", without="tokenizer.json")
    assert "cannot be fetched" in complaint_of(finding("small", tmp_path, OFFLINE))


@pytest.mark.parametrize(
    ("cores", "best"), [(1, "base"), (3, "base"), (4, "small"), (31, "small"), (32, "large-v2")]
)
def test_the_best_model_here_that_the_cores_carry(
    cores: int, best: str, joined: Path, tmp_path: Path
) -> None:
    for name in ("tiny", "small", "large-v2", "large-v3"):
        installed(f"Systran/faster-whisper-{name}", tmp_path)
    assert find_model(None, cache=joined, hub=tmp_path, cores=cores).name == best


def test_a_heavy_model_is_better_than_none(tmp_path: Path) -> None:
    for name in ("large-v2", "large-v3"):
        installed(f"Systran/faster-whisper-{name}", tmp_path / "hub")
    folder = installed("Systran/faster-whisper-medium", tmp_path / "hub")
    assert found(finding("", tmp_path, path=without_the_packages(tmp_path))) == folder


def test_no_model_at_all(tmp_path: Path) -> None:
    complaint = complaint_of(finding("", tmp_path, path=without_the_packages(tmp_path)))
    assert complaint.startswith("no Whisper model on this machine; pip install")
