"""What the view needs beside the state of the call, and what stays the same all day."""

from collections.abc import Mapping

from msgspec import Struct

from copilot.events import Reason, Trouble

OVERDUE = 10.0  # s of silence that fill the bar, unless the playbook sets answer_overdue otherwise
# the keys of [screen] in every playbook
WORDS = (
    "rep", "customer", "stop", "hold", "hint", "listening", "waiting", "next", "paused", "again",
    "held", "broken", "behind", "in_time", "lost", "share", "run", "questions", "pros", "noes",
    "giveaways", "muted", "marked", "mind", "well", "try_next", "closings", "agreed",
    "not_agreed", "asked_why", "yeses", "balanced", "no_closing", "unanswered",
    "no_silence", "ended_in_it", "nothing_yet", "log",
)  # fmt: skip


class Scene(Struct, frozen=True):
    """The words of the screen, the rep's list, and what the keys do."""

    words: Mapping[str, str]  # by WORDS
    troubles: Mapping[Trouble, str]
    reasons: Mapping[Reason, str]
    keys: Mapping[str, str]  # those that do something, as they are written, and what they do
    questions: tuple[str, ...] = ()  # the prepared ones
    overdue: float = OVERDUE
    log: str = ""  # where the event log is
    transcript: bool = False  # whether the screen begins with it
    decimal: str = "."  # the sign before the decimals

    def word(self, key: str) -> str:
        """The word for a key; a playbook of one's own may lack a new one."""
        return self.words.get(key, key)

    def seconds(self, value: float) -> str:
        """Seconds with one decimal, behind the sign that the language has for it."""
        return f"{value:.1f} s".replace(".", self.decimal)
