"""Hears a sales call and gives the rep one short cue at the right second, all on this machine."""

from importlib.metadata import version

__version__ = version("call-copilot")
