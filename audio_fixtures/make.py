"""Make the sound of each test call from its script: NAME.flac from NAME.vtt.

    python audio_fixtures/make.py [NAME ...]

Needs espeak-ng and mbrola with the voices nl2, us1 and us2 (Debian: non-free). The tests need
none of them: they hear the FLAC files. The same script gives the same samples.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import av
import numpy as np
import webvtt
from numpy.typing import NDArray

Samples = NDArray[np.float64]  # one channel, full scale is 1.0

FOLDER = Path(__file__).parent
MBROLA_DATA = Path("/usr/share/mbrola")
RATE = 16_000  # Hz, of the MBROLA voices and of a clean call
TELEPHONE_RATE = 8_000  # Hz
SPEAKERS = ("rep", "customer")  # in the order of the channels
STEP = 8 / 32768  # of a clean sample: far below the noise, and a quarter off the file
PEAK = 0.5  # of full scale: -6 dBFS
ROOM_NOISE = 10 ** (-65 / 20)  # RMS, full scale is 1.0
LINE_NOISE = 10 ** (-46 / 20)  # RMS, full scale is 1.0
INNER_PAUSE = 70  # ms at most at a comma or full stop inside a line: it is spoken in one breath
TAIL = 1.5  # s of room after the last word
EDGE = 0.01  # of an utterance's peak: below it is silence before the first or after the last word
TIME = r"(\d\d):(\d\d):(\d\d\.\d{3})"
CUE = re.compile(rf"{TIME} --> {TIME}\n<v (rep|customer)>(.+)")
SETTING = re.compile(r"^NOTE (language|channel|questions|rep|customer) (\S+)$", re.MULTILINE)
EXPECTED = re.compile(r"^NOTE cue (\d+\.\d\d) (\w+) anchor (\d+\.\d\d)$", re.MULTILINE)


@dataclass(frozen=True)
class Voice:
    """How one person speaks."""

    name: str
    speed: int  # words a minute
    pitch: int = 50  # 0 to 99
    rhythm: Mapping[str, float] = field(default_factory=dict)  # factor on a phoneme's duration

    @property
    def database(self) -> Path:
        """The MBROLA database, as Debian installs it."""
        short = self.name.removeprefix("mb-")
        return MBROLA_DATA / short / short


# espeak-ng's Dutch vowels are too short beside its consonants: on 22 sales lines this takes the
# word error of Whisper base from 34 to 27 %
DUTCH = {
    **dict.fromkeys(["a", "e", "i", "o", "u", "y", "2", "9y", "Ei", "Au"], 1.5),
    **dict.fromkeys(["A", "E", "I", "O", "Y"], 1.35),
    "@": 1.6,
    **dict.fromkeys(["b", "d", "g", "p", "t", "k"], 0.85),
    **dict.fromkeys(["f", "s", "S", "v", "z", "x", "h"], 0.9),
}
SAID_AS = {"G": "x"}  # the g of the Netherlands, which Whisper hears better than the voiced one

VOICES = {
    "nl2": Voice("mb-nl2", 135, rhythm=DUTCH),
    "nl2-high": Voice("mb-nl2", 135, pitch=70, rhythm=DUTCH),
    "us1": Voice("mb-us1", 140),
    "us2": Voice("mb-us2", 140),
}
USUAL = {
    "nl": {"rep": "nl2", "customer": "nl2-high"},
    "en": {"rep": "us2", "customer": "us1"},
}


@dataclass(frozen=True)
class Utterance:
    """One line of a script, between two pauses of its speaker."""

    speaker: str
    start: float  # s
    end: float  # s
    text: str


class ScriptError(Exception):
    """A script that cannot be spoken as it stands."""


def main(names: list[str]) -> None:
    """Make the named calls, or all of them."""
    scripts = [FOLDER / f"{name}.vtt" for name in names] or sorted(FOLDER.glob("*.vtt"))
    for script in scripts:
        try:
            make(script)
        except ScriptError as error:
            sys.exit(f"{script}: {error}")


def make(script: Path) -> None:
    """Speak one script: write its sound, and the true ends of its lines into the script."""
    text = script.read_text(encoding="utf-8")
    settings = settings_of(text, script)
    written = utterances(text)
    voices = USUAL[settings["language"]] | settings
    spoken = [speak(line.text, VOICES[voices[line.speaker]]) for line in written]
    lines = [timed(line, sound) for line, sound in zip(written, spoken, strict=True)]
    check_room(lines)
    channels = [lay(speaker, lines, spoken) for speaker in SPEAKERS]
    generator = np.random.default_rng(crc32(script.stem.encode()))
    noisy = [channel + room_noise(channel.size, generator) for channel in channels]
    target = script.with_suffix(".flac")
    if settings.get("channel") == "telephone":
        write(target, [telephone(channel, generator) for channel in noisy], TELEPHONE_RATE)
    else:
        write(target, [np.rint(channel / STEP) * STEP for channel in noisy], RATE)
    script.write_text(corrected(text, written, lines), encoding="utf-8")
    print(f"{target.name}: {max(line.end for line in lines) + TAIL:.1f} s, {len(lines)} lines")


def settings_of(text: str, script: Path) -> dict[str, str]:
    """The NOTE lines of a script that say how to speak it."""
    settings = dict(SETTING.findall(text))
    if settings.get("language") not in USUAL:
        raise ScriptError(f"give a line 'NOTE language' with one of {', '.join(USUAL)}")
    if settings.get("channel") not in ("clean", "telephone"):
        raise ScriptError("give a line 'NOTE channel clean' or 'NOTE channel telephone'")
    if "questions" in settings and not (script.parent / settings["questions"]).is_file():
        raise ScriptError(f"{settings['questions']} is not beside it")
    return settings


def utterances(text: str) -> list[Utterance]:
    """The lines of a script, in their order."""
    found = [cue.groups() for cue in CUE.finditer(text)]
    if not found or len(found) != len(webvtt.from_string(text, strict=True)):
        raise ScriptError("every cue must be one line that begins with <v rep> or <v customer>")
    return [
        Utterance(speaker, seconds(*start), seconds(*end), said)
        for *times, speaker, said in found
        for start, end in [(times[:3], times[3:])]
    ]


def seconds(hours: str, minutes: str, rest: str) -> float:
    """Seconds of a WebVTT time."""
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def timestamp(time: float) -> str:
    """WebVTT time of seconds."""
    minutes, rest = divmod(time, 60)
    return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}:{rest:06.3f}"


def speak(text: str, voice: Voice) -> Samples:
    """The sound of a text, from its first word to the end of its last, in whole 0.01 s."""
    command = ["espeak-ng", "-q", "--pho", "-v", voice.name]
    command += ["-s", str(voice.speed), "-p", str(voice.pitch), text]
    phonemes = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        pho, raw = Path(folder, "line.pho"), Path(folder, "line.raw")
        pho.write_text(shaped(phonemes, voice), encoding="utf-8")
        mbrola = ["mbrola", "-e", str(voice.database), str(pho), str(raw)]
        subprocess.run(mbrola, check=True, capture_output=True)
        sound = np.frombuffer(raw.read_bytes(), dtype="<i2") / 32768
    loud = np.flatnonzero(np.abs(sound) > EDGE * np.abs(sound).max())
    words = sound[loud[0] : loud[-1] + 1]
    return np.pad(words, (0, -words.size % (RATE // 100)))


def shaped(phonemes: str, voice: Voice) -> str:
    """A .pho text in the voice's own rhythm and without long pauses.

    A row is: phoneme, duration in ms, then pairs of position in % and pitch in Hz. `_` is silence.
    """
    silent, rows = 0.0, []
    for row in phonemes.splitlines():
        match row.split():
            case ["_", duration]:
                length = min(float(duration), INNER_PAUSE - silent)
                silent += length
                rows.append(f"_ {length:.0f}")
            case [written, duration, *pitches]:
                silent, phoneme = 0.0, SAID_AS.get(written, written)
                length = float(duration) * voice.rhythm.get(phoneme, 1.0)
                rows.append(" ".join([phoneme, f"{length:.0f}", *pitches]))
    return "\n".join([*rows, "_ 50", ""])


def timed(line: Utterance, sound: Samples) -> Utterance:
    """The line with its true end."""
    return Utterance(line.speaker, line.start, round(line.start + sound.size / RATE, 2), line.text)


def check_room(lines: list[Utterance]) -> None:
    """Nobody speaks twice at once."""
    for speaker in SPEAKERS:
        own = [line for line in lines if line.speaker == speaker]
        for line, after in pairwise(own):
            if line.end > after.start:
                raise ScriptError(
                    f"{speaker}: '{line.text}' ends at {line.end:.2f} s, but their next line"
                    f" '{after.text}' starts at {after.start:.2f} s; start that one later"
                )


def lay(speaker: str, lines: list[Utterance], spoken: list[Samples]) -> Samples:
    """The channel of one speaker, each line at its start, the loudest sample at the peak level."""
    length = max(line.end for line in lines) + TAIL
    channel = np.zeros(round(length * RATE))
    for line, sound in zip(lines, spoken, strict=True):
        if line.speaker == speaker:
            start = round(line.start * RATE)
            channel[start : start + sound.size] = sound
    return np.asarray(channel * (PEAK / max(np.abs(channel).max(), PEAK / 100)), np.float64)


def room_noise(size: int, generator: np.random.Generator) -> Samples:
    """The hum of a quiet room: noise that falls by 12 dB an octave above 200 Hz."""
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    return coloured(1 / (1 + (frequencies / 200) ** 2), size, generator) * ROOM_NOISE


def coloured(response: Samples, size: int, generator: np.random.Generator) -> Samples:
    """Noise of RMS 1 with this response over the frequencies of a real FFT."""
    noise = np.fft.irfft(np.fft.rfft(generator.standard_normal(size)) * response, size)
    level: np.float64 = np.sqrt(np.mean(noise**2))
    return np.asarray(noise / level, np.float64)


def telephone(channel: Samples, generator: np.random.Generator) -> Samples:
    """What a telephone leaves of a channel: 300 to 3400 Hz, the noise of the line, G.711."""
    size = channel.size // 2
    band = pass_band(np.fft.rfftfreq(size, 1 / TELEPHONE_RATE))
    narrow = np.fft.irfft(np.fft.rfft(channel)[: band.size] * band, size) / 2
    speech = narrow * (PEAK / max(np.abs(narrow).max(), PEAK / 100))
    slope = (300 / (300 + np.fft.rfftfreq(size, 1 / TELEPHONE_RATE))) ** 3
    return a_law(speech + coloured(band * slope, size, generator) * LINE_NOISE)


def pass_band(frequencies: NDArray[np.floating]) -> Samples:
    """Response from 300 to 3400 Hz, with edges of 100 and 200 Hz."""
    rising = np.clip((frequencies - 250) / 100, 0, 1)
    falling = np.clip((3500 - frequencies) / 200, 0, 1)
    return np.asarray(rising * falling, np.float64)


def a_law(channel: Samples) -> Samples:
    """The samples after coding and decoding by ITU-T G.711, A-law."""
    code = np.arange(128)
    segment, step = code >> 4, code & 15
    low = np.where(segment == 0, step << 4, ((step << 4) + 0x100) << np.maximum(segment - 1, 0))
    half = 8 << np.maximum(segment - 1, 0)
    chosen = np.searchsorted(low, np.abs(channel) * 32768, side="right") - 1
    decoded: Samples = np.sign(channel) * (low + half)[chosen] / 32768
    return decoded


def write(target: Path, channels: list[Samples], rate: int) -> None:
    """Write the channels as 16 bit FLAC."""
    samples = np.stack([np.rint(channel * 32768) for channel in channels], axis=1).astype(np.int16)
    with av.open(str(target), "w") as container:
        stream = container.add_stream("flac", rate=rate, layout="stereo")
        stream.codec_context.options = {"compression_level": "12"}
        for start in range(0, len(samples), 4096):
            block = samples[start : start + 4096].reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="stereo")
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def corrected(text: str, written: list[Utterance], lines: list[Utterance]) -> str:
    """The script with the true ends; an expected cue anchored at an end moves along."""
    ends = iter(lines)
    moved = {f"{old.end:.2f}": new.end - old.end for old, new in zip(written, lines, strict=True)}

    def times(_: re.Match[str]) -> str:
        line = next(ends)
        span = f"{timestamp(line.start)} --> {timestamp(line.end)}"
        return f"{span}\n<v {line.speaker}>{line.text}"

    def expected(note: re.Match[str]) -> str:
        due, name, anchor = note.groups()
        shift = moved.get(anchor, 0.0)
        return f"NOTE cue {float(due) + shift:.2f} {name} anchor {float(anchor) + shift:.2f}"

    return EXPECTED.sub(expected, CUE.sub(times, text))


if __name__ == "__main__":
    main(sys.argv[1:])
