"""The review page in a real browser: plays, seeks, follows, by keyboard, whatever was said."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from copilot.events import ActKind, Bookmarked, CueName, Line
from copilot.report import Wanted, report
from copilot.store.card import Card, Note
from copilot.store.reading import read_call
from copilot.store.shelf import Shelf
from tests.browsing import Visit, browsing, wait
from tests.scenarios import FIXTURES, Hearing, read_scenario
from tests.screens import HOSTILE
from tests.stored import CUSTOMER, REP, call, cue, keep, line

SOUND = next(path for path in FIXTURES if path.stem == "nl_silence_broken").with_suffix(".flac")
AT = "document.querySelector('audio').currentTime"
MARKUP = (
    *HOSTILE[:5],
    "<script>window.hacked = 1</script>",
    "</script><img src=x onerror='window.hacked = 2'>",
    "\"><svg onload=window.hacked=3> <a href='javascript:window.hacked=4'>klik</a>",
    "{{ 7 * 7 }} {% raw %} ${7*7} <!-- ]]> &lt;b&gt;",
    "</style><style>body { display: none }</style>",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, hearing: Hearing) -> Shelf:
    """A call as it was heard, with its sound beside it."""
    shelf = Shelf(tmp_path_factory.mktemp("store") / "calls")
    events = hearing.hear(read_scenario(SOUND.with_suffix(".vtt")).settings)
    card = Card(rep="Eva", customer="Bakkerij Smit", notes=(Note("2026-01-05", "Mooi.", 12.0),))
    marked = [*(one for one in events if one.at <= 20.0), Bookmarked(20.0, 14.0)]
    marked += [one for one in events if one.at > 20.0]
    shutil.copy(SOUND, keep(shelf.root, marked, card) / "audio.flac")
    return shelf


@pytest.fixture(scope="module")
def page_file(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page") / "call.html"
    return report(shelf, Wanted("last", out=out))


def now(page: Page) -> str:
    """The line that the page shows as being spoken."""
    return page.locator(".line[aria-current] .text").inner_text()


def test_it_plays_and_the_transcript_follows(browser: Browser, page_file: Path) -> None:
    with Visit(browser, page_file) as page:
        page.click("#play")
        wait(page, f"{AT} > 1.2")
        first = now(page)
        assert page.locator("#play .name").inner_text() == "Pauze"
        page.click("#ahead")
        wait(page, f"{AT} > 6")
        assert now(page) != first
        page.click("#play")
        wait(page, "document.querySelector('audio').paused")
        assert page.locator("#wave div").first.is_visible()
        assert page.evaluate("document.querySelector('audio').duration") == pytest.approx(
            36.5, abs=0.2
        )


def test_a_line_a_cue_and_a_lane_are_heard_where_they_are(
    browser: Browser, page_file: Path
) -> None:
    with Visit(browser, page_file) as page:
        wait(page, "!document.getElementById('play').disabled")
        last = page.locator(".line button").last
        last.click()
        start = float(last.get_attribute("data-at") or 0)
        wait(page, f"{AT} >= {start}")
        assert page.evaluate(AT) < start + 2
        assert now(page) == last.locator(".text").inner_text()
        page.click("#play")
        page.locator("#cues button").first.click()
        cause = page.locator("#cues li").first.get_attribute("data-at")
        wait(page, f"Math.abs({AT} - {cause}) < 2")
        assert page.locator("#cues li.now").count() >= 1
        page.click("#play")
        box = page.locator("#lanes").bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 80)
        length = page.evaluate("JSON.parse(document.getElementById('data').textContent).length")
        wait(page, f"Math.abs({AT} - {length / 2}) < 0.3")
        wave, lanes = page.locator("#wave").bounding_box(), page.locator("#lanes").bounding_box()
        assert wave
        assert lanes
        assert wave["width"] == pytest.approx(lanes["width"] * 36.52 / length, rel=0.01)


def test_a_marked_moment_is_found_again(browser: Browser, page_file: Path) -> None:
    with Visit(browser, page_file) as page:
        wait(page, "!document.getElementById('play').disabled")
        mark = page.locator(".lines .bookmark button")
        assert mark.inner_text().split()[-1] == "0:14"
        start = float(mark.get_attribute("data-at") or 0)
        assert start <= 14.0
        mark.click()
        wait(page, f"{AT} >= {start}")
        assert page.evaluate(AT) < start + 2
        flag, lanes = page.locator("svg.bookmark").bounding_box(), page.locator("#lanes")
        length = page.evaluate("JSON.parse(document.getElementById('data').textContent).length")
        box = lanes.bounding_box()
        assert flag
        assert box
        assert flag["x"] == pytest.approx(box["x"] + box["width"] * 14.0 / length, abs=3)


def test_with_the_keyboard_alone(browser: Browser, page_file: Path) -> None:
    with Visit(browser, page_file) as page:
        wait(page, "!document.getElementById('play').disabled")
        press = page.keyboard.press
        press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        press("Tab")
        assert page.evaluate("document.activeElement.id") == "play"
        press("Enter")
        wait(page, f"{AT} > 0.3")
        press("k")
        wait(page, "document.querySelector('audio').paused")
        page.evaluate("document.activeElement.blur()")
        press("ArrowRight")
        wait(page, f"{AT} > 5")
        press("ArrowLeft")
        wait(page, f"{AT} < 2")
        press("n")
        cause = float(page.locator("#cues li").first.get_attribute("data-at") or 0)
        wait(page, f"Math.abs({AT} - {cause}) < 0.1")
        press("n")
        press("p")
        press("c")
        page.keyboard.type("Hier k en n typen speelt niets af.")
        assert page.evaluate("document.querySelector('audio').paused")
        press("Tab")
        press("Enter")
        assert page.locator("#comments li").count() == 2
        press("Escape")
        page.evaluate("document.activeElement.blur()")
        press(" ")
        wait(page, "!document.querySelector('audio').paused")
        visited = set()
        for _ in range(60):
            press("Tab")
            visited.add(page.evaluate("document.activeElement.closest('section')?.id"))
        assert {"talk", "coach", "cues", "figures"} <= visited


def test_a_page_saved_with_comments_is_whole(
    browser: Browser, page_file: Path, tmp_path: Path
) -> None:
    comment = "Sterk! </script><script>window.hacked = 1</script> <b>vet</b>"
    with Visit(browser, page_file) as page:
        page.fill("#words", comment)
        page.click("#comment button[type=submit]")
        assert "Nog niet" in page.locator("#saved").inner_text()
        with page.expect_download() as told:
            page.click("#save")
        saved = tmp_path / told.value.suggested_filename
        told.value.save_as(saved)
    with Visit(browser, saved) as page:
        shown = page.locator("#comments p").all_inner_texts()
        assert shown == [comment, "Mooi."]
        assert page.evaluate("window.hacked") is None
        page.click("#play")
        wait(page, f"{AT} > 0.5")


def test_whatever_was_said_does_nothing(browser: Browser, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "calls")
    lines = [
        line(REP if n % 2 else CUSTOMER, 2.0 * n, 2 * n + 1.5, text, ActKind.NO, ActKind.GIVEAWAY)
        for n, text in enumerate(MARKUP)
    ]
    cues = [[cue(2.0 * n, CueName.ASK_WHY, text, text)] for n, text in enumerate(MARKUP)]
    hostile = MARKUP[6]
    notes = tuple(Note(text, text, 1.0) for text in MARKUP)
    card = Card(rep=hostile, customer=hostile, tags=MARKUP, source=hostile, notes=notes)
    keep(shelf.root, call(*lines, *cues), card)
    out = report(shelf, Wanted("last", audio=SOUND, out=tmp_path / "hostile.html"))
    with Visit(browser, out) as page:
        wait(page, "!document.getElementById('play').disabled")
        assert page.evaluate("window.hacked") is None
        assert page.locator("img, iframe, object, body a[href^=javascript]").count() == 0
        assert page.locator("body script").count() == 5
        for text in MARKUP[5:]:
            assert page.get_by_text(text, exact=True).count() >= 2, text
        body = page.locator("body").inner_text()
        assert not set("\x1b\x07\u202e\u2066\u200b") & set(body)
        assert page.locator("h1").is_visible()


def test_the_policy_lets_nothing_else_run(browser: Browser, page_file: Path) -> None:
    with Visit(browser, page_file, expected="Content Security Policy") as page:
        page.evaluate(
            """() => {
                const script = document.createElement('script');
                script.textContent = 'window.hacked = 1';
                const button = document.createElement('button');
                button.setAttribute('onclick', 'window.hacked = 2');
                document.body.append(script, button);
                button.click();
            }"""
        )
        assert page.evaluate("window.hacked") is None
        tried = "fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')"
        assert page.evaluate(tried) == "refused"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 900), (768, 1024)])
def test_it_fits_every_width(browser: Browser, page_file: Path, width: int, height: int) -> None:
    with Visit(browser, page_file, width, height) as page:
        page.locator(".line button").nth(-1).click()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        page.locator("#talk").scroll_into_view_if_needed()
        current, player = page.locator(".line.now"), page.locator("#player").bounding_box()
        box = current.bounding_box()
        assert box
        assert player
        assert player["height"] < height / 2
        assert player["y"] + player["height"] <= box["y"] + 1
        assert box["y"] + box["height"] <= height


def test_a_long_transcript_follows(browser: Browser, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "calls")
    talk = [line(REP if n % 2 else CUSTOMER, n / 2, n / 2 + 0.4, f"regel {n}") for n in range(72)]
    keep(shelf.root, call(*talk, end=36.0))
    out = report(shelf, Wanted("last", audio=SOUND, out=tmp_path / "long.html"))
    with Visit(browser, out, 390, 700) as page:
        wait(page, "!document.getElementById('play').disabled")
        page.evaluate("document.querySelector('audio').currentTime = 30")
        wait(page, "document.querySelector('.line.now')?.innerText.includes('regel 60')")
        box = page.locator(".line.now").bounding_box()
        assert box
        assert 0 < box["y"] < 700
        page.select_option("#zoom", "8", force=True)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
        left = page.evaluate("document.getElementById('scroller').scrollLeft")
        assert left > 0


def test_linked_sound(browser: Browser, shelf: Shelf, tmp_path: Path) -> None:
    beside = tmp_path / "een opname #1.flac"
    shutil.copy(SOUND, beside)
    out = report(shelf, Wanted("last", audio=beside, link=True, out=tmp_path / "linked.html"))
    assert out.stat().st_size < 300_000
    with Visit(browser, out) as page:
        page.click("#play")
        wait(page, f"{AT} > 0.5")
    beside.unlink()
    with Visit(browser, out, expected="ERR_FILE_NOT_FOUND") as page:
        page.locator("#lost").wait_for(state="visible")
        assert page.locator("#play").is_disabled()


def test_a_page_that_was_sent_with_its_recording(
    browser: Browser, shelf: Shelf, tmp_path: Path
) -> None:
    deep, sent = tmp_path / "a" / "b", tmp_path / "sent"
    deep.mkdir(parents=True)
    sent.mkdir()
    beside = tmp_path / "een opname #1.flac"
    shutil.copy(SOUND, beside)
    out = report(shelf, Wanted("last", audio=beside, link=True, out=deep / "linked.html"))
    shutil.move(beside, sent)
    moved = Path(shutil.move(out, sent))
    with Visit(browser, moved, expected="ERR_FILE_NOT_FOUND") as page:  # where it was before
        wait(page, "!document.getElementById('play').disabled")
        page.click("#play")
        wait(page, f"{AT} > 0.5")
        assert page.locator("#lost").is_hidden()


def test_without_sound(browser: Browser, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "calls")
    keep(shelf.root)
    with Visit(browser, report(shelf, Wanted("last", out=tmp_path / "still.html"))) as page:
        assert "Zonder geluid" in page.locator("#player").inner_text()
        page.locator(".line button").nth(2).click()
        assert page.locator("#clock").inner_text() == "0:06"
        page.keyboard.press("n")


def test_an_empty_call(browser: Browser, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "calls")
    keep(shelf.root, call(end=1.0))
    with Visit(browser, report(shelf, Wanted("last", out=tmp_path / "empty.html"))) as page:
        assert "Er is niets gezegd." in page.locator("main").inner_text()


def test_in_print_and_in_the_dark(browser: Browser, page_file: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with Visit(browser, page_file) as page:
        light = page.evaluate(ground)
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(ground) != light
        wait(page, "document.querySelectorAll('#wave canvas, #wave div').length > 0")
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        assert not page.locator(".controls").is_visible()
        assert page.locator("#figures").is_visible()
        assert page.pdf()[:4] == b"%PDF"


def test_in_english(browser: Browser, shelf: Shelf, tmp_path: Path) -> None:
    out = report(shelf, Wanted("last", language="en", out=tmp_path / "english.html"))
    with Visit(browser, out) as page:
        assert page.locator("html").get_attribute("lang") == "en"
        assert "What the method says" in page.locator("#cues").inner_text()
        assert "Stil! Laat de klant" in page.locator("#cues").inner_text()  # as the rep was told
        texts = [one.text for one in _said(shelf)]
        assert texts == page.locator(".line .text").all_inner_texts()


def _said(shelf: Shelf) -> list[Line]:
    lines = [one for one in read_call(shelf.find("last")) if isinstance(one, Line)]
    return sorted(lines, key=lambda one: one.start)
