"""A call as a vCon: the transcript as a WTF analysis, the cues as one of their own; no sound.

vCon is draft-ietf-vcon-vcon-core; WTF, the World Transcription Format, is
draft-howe-vcon-wtf-extension.
"""

import json
import warnings
from math import exp, log

from copilot.errors import OutputError
from copilot.events import Act, Cue, Line, Speaker, Started
from copilot.review.page import Reviewed

VENDOR = "call-copilot"
PARTY = {Speaker.REP: 0, Speaker.CUSTOMER: 1}
Json = dict[str, object]


def as_vcon(call: Reviewed) -> str:
    """Render the call as JSON; raises OutputError without the library, or if it finds a fault."""
    try:
        with warnings.catch_warnings(record=True):  # those of what the library itself imports
            from vcon import Vcon
            from vcon.dialog import Dialog
            from vcon.party import Party
    except ImportError as error:
        message = 'vcon: the library is not here; pip install "call-copilot[vcon]"'
        raise OutputError(message) from error
    card = call.card
    made = Vcon.build_new()
    made.add_party(Party(name=card.rep or "rep", role="agent"))
    made.add_party(Party(name=card.customer or "customer", role="customer"))
    length = max((one.at for one in call.events), default=0.0)
    made.add_dialog(
        Dialog(
            type="recording",
            start=_when(call),
            parties=[PARTY[Speaker.REP], PARTY[Speaker.CUSTOMER]],
            originator=PARTY[Speaker.REP],
            mimetype="audio/wav",  # a recording must have one, though no sound goes with it
            duration=length,
        )
    )
    analyses = {"wtf_transcription": transcription(call, length), "sales_cues": advice(call)}
    for kind, body in analyses.items():
        text = json.dumps(body, ensure_ascii=False)
        made.add_analysis(type=kind, dialog=0, vendor=VENDOR, body=text, encoding="json")
    good, faults = made.is_valid()
    if not good:
        raise OutputError(f"{call.name}: is no valid vCon: {'; '.join(faults)}")
    return json.dumps(json.loads(made.to_json()), ensure_ascii=False, indent=1) + "\n"


def transcription(call: Reviewed, length: float) -> Json:
    """The lines as the World Transcription Format has them."""
    lines = sorted((one for one in call.events if isinstance(one, Line)), key=lambda o: o.start)
    text = " ".join(line.text for line in lines)
    when = _when(call)
    return {
        "transcript": {
            "text": text,
            "language": call.card.language,
            "duration": length,
            "confidence": _mean([line.confidence for line in lines]),
        },
        "segments": [
            {
                "id": number,
                "start": line.start,
                "end": line.end,
                "text": line.text,
                "confidence": line.confidence,
                "speaker": PARTY[line.speaker],
            }
            for number, line in enumerate(lines)
        ],
        "metadata": {
            "created_at": when,
            "processed_at": when,
            "provider": VENDOR,
            "model": call.card.model,
            "audio": {"duration": length, "channels": 2},
        },
        "speakers": {
            str(place): {"id": place, "label": str(speaker)} for speaker, place in PARTY.items()
        },
    }


def advice(call: Reviewed) -> Json:
    """The cues with their reasons, and the acts behind them, as the log has them."""
    return {
        "version": 1,
        "cues": [
            {
                "name": cue.name,
                "text": cue.text,
                "because": cue.because,
                "anchor": cue.anchor,
                "due": cue.due,
                "shown": cue.shown,
            }
            for cue in call.events
            if isinstance(cue, Cue)
        ],
        "acts": [
            {
                "speaker": PARTY[act.speaker],
                "kind": act.kind,
                "evidence": act.evidence,
                "start": act.start,
                "end": act.end,
                "reason": act.reason,
            }
            for act in call.events
            if isinstance(act, Act)
        ],
    }


def _when(call: Reviewed) -> str:
    first = call.events[0] if call.events else None
    wall = first.wall if isinstance(first, Started) else ""
    when = call.card.when or wall or "1970-01-01T00:00:00+00:00"
    return when if "T" in when else f"{when}T00:00:00Z"  # the format has no days


def _mean(confidences: list[float]) -> float:
    """The geometric mean, as a line's own confidence is one."""
    if not confidences:
        return 0.0
    return exp(sum(log(max(one, 1e-6)) for one in confidences) / len(confidences))
