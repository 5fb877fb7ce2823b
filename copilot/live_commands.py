"""The commands around a live call: `live`, `devices` and `doctor`."""

import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console as Terminal
from typer import Option

from copilot import options
from copilot.call_commands import check_keeping
from copilot.errors import DeviceError
from copilot.settings import Settings

DEFAULT = Settings()


def live(
    microphone: Annotated[
        str | None, Option(help="Id or name of your microphone; else the system's usual one.")
    ] = None,
    softphone: Annotated[
        str | None, Option(help="The same of the loopback that plays the customer.")
    ] = None,
    stereo: Annotated[
        str | None, Option(help="A single device with both: you left, the customer right.")
    ] = None,
    language: options.Language = DEFAULT.language,
    model: options.Model = None,
    playbook: options.Playbook = None,
    questions: options.Questions = None,
    events: Annotated[
        Path | None, Option(help="Folder for event logs besides; - is standard output.")
    ] = None,
    quiet: options.Quiet = False,
    plain: options.Plain = False,
    transcript: options.Transcript = False,
    bell: options.Bell = False,
    json: options.Json = False,
    ui_language: options.UiLanguage = None,
    save: Annotated[
        bool, Option("--save/--no-save", help="Keep the calls among the stored ones.")
    ] = True,
    keep_audio: Annotated[
        bool, Option("--keep-audio", help="Keep their sound too (FLAC).")
    ] = False,
    store: options.Store = None,
    rep_name: Annotated[str, Option(help="Who you are, for the stored calls.")] = DEFAULT.rep_name,
    tag: options.Tags = None,
) -> None:
    """Hear your calls as they are spoken, all day, and show the cues; Ctrl-C ends it."""
    settings = Settings(
        microphone=microphone,
        softphone=softphone,
        stereo=stereo,
        language=language,
        model=model,
        playbook=playbook,
        questions=questions,
        events=events,
        quiet=quiet,
        plain=plain,
        transcript=transcript,
        bell=bell,
        json=json,
        ui_language=ui_language,
        save=save,
        keep_audio=keep_audio,
        store=store,
        rep_name=rep_name,
        tags=tuple(tag or ()),
    )
    check_keeping(settings)
    _check_devices(settings)
    from copilot.choice import choice_file, chosen
    from copilot.live import live as run
    from copilot.sources.live.here import sound_system

    try:
        choice = chosen(settings, choice_file())
        run(settings, choice, Terminal(stderr=json or events == Path("-")), sound_system())
    except KeyboardInterrupt:  # while it was still starting
        raise typer.Exit from None
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends already, however often it is asked


def devices(
    microphone: Annotated[str | None, Option(help="Id or name of your microphone.")] = None,
    softphone: Annotated[str | None, Option(help="Id or name of the customer's loopback.")] = None,
    stereo: Annotated[str | None, Option(help="A single device with both.")] = None,
    save: Annotated[bool, Option("--save", help="Keep this pair for `live`.")] = False,
    seconds: Annotated[
        float | None, Option(min=0.5, help="Listen so long; else until Ctrl-C, in a pipe 5.")
    ] = None,
    language: options.Language = DEFAULT.language,
) -> None:
    """Show the devices, the pair that `live` takes and why, their levels, and what is wrong."""
    from copilot.choice import choice_file, chosen
    from copilot.devices import keep, show
    from copilot.dialogue.playbook import load_playbook
    from copilot.sources.live.here import sound_system

    wanted = Settings(microphone=microphone, softphone=softphone, stereo=stereo)
    _check_devices(wanted)
    words, terminal = load_playbook(language).machine, Terminal()
    choice = chosen(wanted, choice_file())
    limit = seconds if seconds is not None or terminal.is_terminal else 5.0
    pair = show(sound_system(), choice, words, terminal, limit)
    if save:
        keep(choice_file(), pair, choice)
        typer.echo(words["saved"].format(file=choice_file()))


def doctor(
    language: options.Language = DEFAULT.language,
    model: Annotated[str | None, Option(help="The model to hear with; else the best here.")] = None,
) -> None:
    """Measure this machine: devices, models, delays; the last line says ready, or what to do."""
    from copilot.choice import choice_file, saved_choice
    from copilot.dialogue.playbook import load_playbook
    from copilot.doctor import examine
    from copilot.sources.live.here import sound_system

    playbook = load_playbook(language)
    choice = saved_choice(choice_file())
    if not examine(sound_system, choice, playbook, model, Terminal()):
        raise typer.Exit(2)


def _check_devices(settings: Settings) -> None:
    if settings.stereo is not None and (settings.microphone or settings.softphone):
        raise DeviceError(
            f"{settings.stereo}: give one device with both, or --microphone and --softphone"
        )
