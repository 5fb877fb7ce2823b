"""Draws the picture of the review page in the README, from a real replay in a real browser."""

import tempfile
from pathlib import Path

from copilot.report import Wanted, report
from copilot.store.card import Card
from copilot.store.shelf import Shelf
from tests.browsing import Visit, browsing, wait
from tests.scenarios import FIXTURES, Hearing, read_scenario
from tests.stored import keep

HERE = Path(__file__).parent
CALL = next(path for path in FIXTURES if path.stem == "nl_silence_broken")


def main() -> None:
    """Hear the call with the real model, and look at its page."""
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        shelf = Shelf(Path(folder) / "calls")
        card = Card(rep="Eva", customer="Bakkerij Smit", tags=("beurs",))
        keep(shelf.root, Hearing().hear_recording(read_scenario(CALL)), card)
        sound = CALL.with_suffix(".flac")
        out = report(shelf, Wanted("last", audio=sound, out=Path(folder) / "call.html"))
        with Visit(browser, out, 1280, 860) as page:
            wait(page, "!document.getElementById('play').disabled")
            page.evaluate("document.querySelector('audio').currentTime = 16.8")
            wait(page, "document.getElementById('clock').textContent === '0:16'")
            page.screenshot(path=HERE / "review.png")


if __name__ == "__main__":
    main()
