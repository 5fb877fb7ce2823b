"""Language identification: a call that is heard in the wrong language."""

from copilot.events import Notice, Trouble
from copilot.speech.language import LanguageWatch, foreign


def test_no_single_line_makes_a_call_foreign() -> None:
    watch, certain = LanguageWatch(), foreign({"en": 1.0, "nl": 0.0}, "nl", ["en"])
    told = [notice for at in range(8) for notice in watch.hear(float(at), certain)]
    assert told == [Notice(3.0, Trouble.LANGUAGE, on=True)]


def test_lines_in_the_own_language_outweigh_a_foreign_one() -> None:
    watch = LanguageWatch()
    odds = [foreign({"en": chance, "nl": 0.5}, "nl", ["en"]) for chance in (0.01, 0.99, 0.02) * 9]
    assert not [notice for one in odds for notice in watch.hear(0.0, one)]
