"""Who has, or had, the floor: the recent stretches of speech of both, and what was said in them."""

from collections.abc import Sequence

from msgspec import Struct, structs

from copilot.events import Line, Noise, Said, Skipped, Speaker, Speaking

REMEMBERED = 64  # stretches of each speaker; several minutes of talk


class Stretch(Struct, frozen=True):
    """Speech of one speaker without a pause; with `said` once it is understood."""

    start: float
    end: float | None = None  # None while it goes on
    understood: bool = False
    said: Said | None = None  # None when not yet understood, or when it was noise

    @property
    def slight(self) -> bool:
        """Whether it is known to be a noise, a backchannel or a filler."""
        return self.understood and (self.said is None or not self.said.substantial)

    def lasted(self, now: float) -> float:
        """Seconds of speech so far."""
        return (now if self.end is None else self.end) - self.start


class Floor:
    """The recent past of both speakers, the same however late the recogniser is."""

    def __init__(self) -> None:
        self.now = 0.0
        self._stretches: dict[Speaker, list[Stretch]] = {speaker: [] for speaker in Speaker}

    def stretches(self, speaker: Speaker, after: float) -> Sequence[Stretch]:
        """The stretches of a speaker that went on after a moment, in order."""
        recent = self._stretches[speaker]
        return [stretch for stretch in recent if stretch.end is None or stretch.end > after]

    def speaking(self, speaker: Speaker, moment: float) -> bool:
        """Whether the speaker was speaking at a moment that has passed."""
        return any(stretch.start <= moment for stretch in self.stretches(speaker, moment))

    def understood(self, speaker: Speaker, until: float) -> bool:
        """Whether all that the speaker began before a moment has been understood."""
        return all(
            stretch.understood for stretch in self._stretches[speaker] if stretch.start < until
        )

    def known(self, moment: float) -> float:
        """The moment, or the earlier one at which something begins that is not yet understood."""
        every = (stretch for one in self._stretches.values() for stretch in one)
        return min([moment, *(one.start for one in every if not one.understood)])

    def hear_speech(self, speaking: Speaking) -> None:
        """Take the beginning or the end of a stretch."""
        stretches = self._stretches[speaking.speaker]
        if speaking.on:
            stretches.append(Stretch(speaking.since))
            del stretches[:-REMEMBERED]
        elif stretches and stretches[-1].end is None:
            stretches[-1] = structs.replace(stretches[-1], end=speaking.since)

    def hear_line(self, line: Line | Noise | Skipped, said: Said | None) -> None:
        """Take what a stretch, or a piece of a long one, proved to be."""
        stretches = self._stretches[line.speaker]
        for place, stretch in enumerate(stretches):
            if stretch.start == line.start and not stretch.understood:
                stretches[place] = Stretch(line.start, line.end, understood=True, said=said)
                if stretch.end is None or stretch.end > line.end:
                    stretches.insert(place + 1, Stretch(line.end, stretch.end))
                return
        stretches.append(Stretch(line.start, line.end, understood=True, said=said))
