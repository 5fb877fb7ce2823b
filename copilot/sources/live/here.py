"""What this machine hears with."""

import platform

from copilot.errors import DeviceError
from copilot.sources.live.device import System
from copilot.sources.live.portaudio import PortAudio
from copilot.sources.live.pulse import PulseAudio
from copilot.sources.live.windows import Windows


def sound_system() -> System:
    """The sound server where there is one; a machine without has no loopback."""
    if platform.system() == "Windows":
        return Windows()
    if platform.system() == "Linux":
        server = PulseAudio()
        try:
            server.devices()
        except DeviceError:
            return PortAudio()
        return server
    return PortAudio()
