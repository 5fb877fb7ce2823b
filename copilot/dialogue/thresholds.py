"""The numbers of the method; a playbook's [thresholds] can set each of them."""

from typing import Annotated

from msgspec import Meta, Struct

Seconds = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=1)]


class Thresholds(Struct, frozen=True, forbid_unknown_fields=True):
    """When a cue is due; times in seconds of the call."""

    hold_due: Seconds = 0.6  # after the last word of a closing question
    same_question: Seconds = 1.0  # a name or a second question this soon belongs to the first
    broken_due: Seconds = 0.5  # after the rep's onset
    slight_sound: Seconds = 0.3  # a shorter sound of the rep breaks nothing
    backchannel: Seconds = 1.0  # the longest a backchannel lasts
    answer_overdue: Seconds = 10.0  # after the last word of a closing question
    floor_given: Seconds = 0.6  # of silence after which the rep's turn counts as given up
    noes: Count = 3  # customer turns with a no that make it final
    ladder_on: Count = 2  # yeses in a row
    ladder_top: Count = 3  # yeses in a row after which the request is due
    ladder_pace: Seconds = 20.0  # after a yes without the next question
    ladder_lapse: Seconds = 60.0  # without a yes that end a run
    too_big_turns: Annotated[int, Meta(ge=0)] = 2  # of the customer, after a hesitation
    too_big: Seconds = 60.0  # after a hesitation, in which nothing big is to be asked
    nagging: Count = 3  # closing questions without an answer
    monologue: Seconds = 75.0  # that the rep holds the floor
    same_prepared: Annotated[float, Meta(ge=0, le=1)] = 0.6  # likeness to a prepared question
    repeat: Seconds = 20.0  # in which a cue comes at most once
    on_screen: Seconds = 8.0  # that a cue is shown if nothing ends it
