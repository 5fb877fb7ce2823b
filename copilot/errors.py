"""What a user can mend: the file, key or device at fault, and the remedy.

CopilotError
├── SourceError      a recording, a transcript or a pair of files that cannot be heard
├── DeviceError      a microphone or a loopback that is not there, or cannot be heard
├── ModelError       a recogniser model that is not here or is damaged
├── PlaybookError    a playbook with a mistake, named by file and key
├── OutputError      a file or screen that cannot be written
└── StoreError       a stored call that is not there, is damaged or cannot be kept
"""


class CopilotError(Exception):
    """One line for the user: what is wrong, where, and what to do; exit status 2."""


class SourceError(CopilotError):
    """A recording, a transcript or a pair of files that cannot be heard."""


class DeviceError(CopilotError):
    """A microphone or a loopback that is not there, or cannot be heard."""


class ModelError(CopilotError):
    """A recogniser model that is not here or is damaged."""


class PlaybookError(CopilotError):
    """A playbook with a mistake, named by file and key."""


class OutputError(CopilotError):
    """A file or screen that cannot be written."""


class StoreError(CopilotError):
    """A stored call that is not there, is damaged or cannot be kept."""
