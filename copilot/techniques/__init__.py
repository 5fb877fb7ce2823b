"""Acts to cues, one file for each sales technique; the order of the tuple has no meaning."""

from collections.abc import Callable

from copilot.dialogue.floor import Floor
from copilot.dialogue.thresholds import Thresholds
from copilot.techniques.asking import Asking
from copilot.techniques.balance import Balance
from copilot.techniques.closing import Closing
from copilot.techniques.ladder import Ladder
from copilot.techniques.next_step import NextStep
from copilot.techniques.reciprocity import Reciprocity
from copilot.techniques.refusal import Refusal
from copilot.techniques.technique import Technique

TECHNIQUES: tuple[Callable[[Thresholds, Floor, int], Technique], ...] = (
    Closing,
    Refusal,
    Ladder,
    NextStep,
    Asking,
    Reciprocity,
    Balance,
)
