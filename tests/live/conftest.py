"""One sound server for all tests of live calls."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.live.pulse import Server, pulse_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if shutil.which("pulseaudio") is None or shutil.which("pactl") is None:
        if os.environ.get("CI"):
            pytest.fail("no PulseAudio here, and these tests must not be skipped")
        pytest.skip("needs PulseAudio (Debian: apt install pulseaudio pulseaudio-utils)")
    folder = tmp_path_factory.mktemp("pulse")
    folder.chmod(0o700)
    with pulse_server(folder) as server:
        yield server
