"""The photo desk's page in a real browser: a picture is looked up, seen over its match, and decided on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_pages import (
    ENTER,
    ESCAPE,
    LEFT,
    RIGHT,
    SHOWN,
    TAB,
    TELEPHONE,
    Page,
    opened_desk,
    republished,
    screenshot,
    unlike,
)
from desks import HOSTILE, desk, made
from pictures import encoded
from PIL import Image
from servers import Answer, Server

from catalog.store.catalog import open_store
from catalog.store.layout import DECISIONS


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with opened_desk(tmp_path_factory.mktemp("desk")) as page:
        yield page


@pytest.fixture
def page(opened: Page) -> Iterator[Page]:
    """The page; whatever a test does, nothing may be complained of."""
    yield opened
    assert opened.browser.complaints() == []


# Look up


def test_a_dropped_picture_is_answered_with_the_verdict_first(page: Page) -> None:
    page.look_up("cut.jpg", republished())
    assert page.text("main h1").lower() == "used"
    assert page.texts(".asked") == ["cut.jpg"]
    assert "3 uses on 2 sites in 3 copies" in page.text(".told")
    assert "6 pictures" in page.text(".verdict .covers")
    assert page.text("#said").startswith("used: 3 uses on 2 sites")


def test_copies_of_one_photograph_are_one_result_with_every_use(page: Page) -> None:
    page.look_up("cut.jpg", republished())
    assert len(page.texts("section.photograph")) == 1
    assert len(page.texts(".copy-choice")) == 3
    uses = page.texts(".uses tbody tr")
    assert len(uses) == 3
    assert all(
        word in uses[0] for word in ("ceremony story", "The ceremony in the capital.", "KCNA via REUTERS")
    )
    assert "2025-08-01" in uses[0]


def test_the_box_lies_where_the_picture_was_cut(page: Page) -> None:
    page.look_up("cut.jpg", republished())
    assert "mirrored" in page.text(".sentence")
    left, top, right, bottom = page.shown(".stage .under")
    scale = (right - left) / 800
    wanted = [left + scale * SHOWN[0], top + scale * SHOWN[1]]
    wanted += [wanted[0] + scale * SHOWN[2], wanted[1] + scale * SHOWN[3]]
    for mark in (".marks .box", ".over image"):
        assert page.shown(mark) == pytest.approx(wanted, abs=8), mark
    assert len(page.browser.all(".marks .overlay")) == 1
    assert bottom - top == pytest.approx(scale * 533, abs=2)


def test_the_slider_moves_with_keys_and_shows_more_or_less(page: Page) -> None:
    page.look_up("cut.jpg", republished())
    width = "return document.querySelector('.comparison clipPath rect').width.baseVal.value"
    page.browser.run("document.querySelector('.slider').focus()")
    before = page.browser.run(width)
    page.browser.press(*[RIGHT] * 10)
    assert page.browser.run(width) == pytest.approx(before * 1.2, rel=0.01)
    page.browser.press(*[LEFT] * 20)
    assert page.browser.run(width) == pytest.approx(before * 0.8, rel=0.01)
    told = page.browser.run("return document.querySelector('.slider').getAttribute('aria-valuetext')")
    assert told == "40 % looked-up picture, 60 % best copy"


def test_a_picture_inside_a_screenshot_is_laid_over_with_all_around_it(page: Page) -> None:
    page.look_up("screen.png", screenshot())
    assert "the whole original inside this picture" in page.text(".sentence")
    left, top, right, bottom = page.shown(".stage .picture")
    assert (right - left) / (bottom - top) == pytest.approx(0.9, abs=0.02)
    assert page.shown(".over image") == pytest.approx([left, top, right, bottom], abs=6)


def test_each_photograph_in_a_collage_is_summed_up_by_itself(page: Page) -> None:
    collage = Image.new("RGB", (1210, 400), "white")
    for left, name in ((0, "a"), (610, "b")):
        collage.paste(made()[name].resize((600, 400)), (left, 0))
    page.look_up("collage.jpg", encoded(collage, "JPEG", quality=88))
    assert page.text(".told") == "it shows 2 photographs, each told by itself."
    assert sorted(text[:30] for text in page.texts("section.photograph .summary")) == [
        "2 uses on 2 sites in 2 copies,",
        "3 uses on 2 sites in 3 copies,",
    ]


def test_another_copy_can_be_laid_over_instead(page: Page) -> None:
    page.look_up("cut.jpg", republished())
    before = page.text(".panel .id")
    page.browser.run("document.querySelectorAll('.copy-choice')[1].click()")
    assert page.text(".panel .id") != before
    assert page.texts(".copy-choice[aria-pressed=true] .chip")[0].split() == ["copy", "2"]


def test_of_a_file_that_is_cut_short_it_is_said_how_much_of_it_decoded(page: Page) -> None:
    whole = republished()
    page.look_up("cut.jpg", whole[: len(whole) * 9 // 10])
    assert "only 8" in page.text(".verdict")
    assert page.text(".verdict").count("% of this file decoded") == 1


def test_what_is_nowhere_is_said_to_be_not_in_this_catalog(page: Page) -> None:
    page.look_up("other.jpg", unlike())
    assert page.text("main h1").lower() == "not in this catalog"
    assert page.texts("section.photograph") == []


def test_a_result_has_an_address_that_works_on_reload_and_back(page: Page) -> None:
    page.look_up("cut.jpg", republished())
    address = page.path
    page.open(address)
    assert page.verdict == "used"
    page.click(".photograph h2 a")
    page.wait("location.pathname.startsWith('/photo/') && document.querySelector('.copies')")
    page.browser.driver.back()
    page.wait("document.querySelector('.verdict h1')")
    assert page.path == address


def test_several_pictures_are_answered_side_by_side(page: Page) -> None:
    page.open()
    page.drop(page.file("one.jpg", republished()), page.file("two.jpg", unlike()))
    page.wait("location.search.split(',').length === 2")
    assert [one.split("\n")[0] for one in page.texts(".tile")] == ["used", "not in this catalog"]
    page.browser.run("document.querySelectorAll('.tile')[1].click()")
    assert page.text("main h1").lower() == "not in this catalog"
    page.open(page.path)
    assert page.verdict == "not in this catalog"


def test_what_is_no_picture_is_said_to_be_none(opened: Page) -> None:
    opened.open()
    opened.drop(opened.file("torn.jpg", b"\xff\xd8\xff\xe0 torn"))
    opened.wait("document.querySelector('.problem[role=alert]:not([hidden])')")
    assert opened.text("main h1") == "Not looked up"
    assert opened.text(".board .problem").startswith("torn.jpg: ")
    # The refusal itself is all that the console holds.
    assert all("422" in one for one in opened.browser.complaints())


def test_a_file_that_is_no_picture_is_refused_where_it_is_dropped(page: Page) -> None:
    page.open("/clusters")
    for _ in range(2):
        page.drop(page.file("notes.txt", b"nothing to see"))
        page.wait("document.querySelector('main .problem')")
    assert page.texts("main .problem") == ["Nothing here is a picture or an address."]
    assert page.path == "/clusters"


def test_an_address_is_looked_up_with_the_keyboard_alone(page: Page) -> None:
    page.open()
    page.browser.press(TAB, ENTER)
    page.wait("document.activeElement.id === 'main'")
    page.browser.press(TAB, TAB)
    page.browser.press(page.sites[1].url("/a-small.jpg"), ENTER)
    page.wait("document.querySelector('.verdict h1') && location.search")
    assert page.verdict == "used"
    assert any("the same file" in one for one in page.texts(".copy-choice"))


def test_a_picture_and_an_address_can_be_pasted(page: Page) -> None:
    paste = (
        "const data = new DataTransfer(); const [kind, value] = arguments;"
        "if (kind === 'text') data.setData('text/plain', value);"
        "else data.items.add(new File([Uint8Array.from(atob(value), (one) => one.charCodeAt(0))], 'image.png', "
        "{type: 'image/png'}));"
        "document.body.dispatchEvent(new ClipboardEvent('paste', "
        "{clipboardData: data, bubbles: true, cancelable: true}))"
    )
    import base64

    page.open("/clusters")
    page.browser.run(paste, "file", base64.b64encode(encoded(made()["b"], "PNG")).decode())
    page.wait("location.search.includes('lookup=')")
    assert page.verdict == "used"
    page.browser.run(paste, "text", page.sites[0].url("/c.jpg"))
    page.wait(
        "document.querySelector('.asked')?.innerText.includes('c.jpg') && location.search.includes('lookup=')"
    )
    assert page.text(".sentence") == "the same file"


def test_the_address_of_an_article_is_offered_to_be_harvested(opened: Page) -> None:
    opened.open()
    address = opened.sites[2].url("/late/")
    opened.fill("#address", address)
    opened.browser.press(ENTER)
    opened.wait("document.querySelector('.board .problem')")
    # The refusal itself is all that the console holds.
    assert all("422" in one for one in opened.browser.complaints())
    opened.click(".board .ways-on a")
    opened.wait("location.pathname === '/harvest' && document.querySelector('.harvest')")
    assert opened.browser.run("return document.querySelector('[name=inputs]').value") == address


def test_words_that_are_no_address_are_refused_in_place(page: Page) -> None:
    page.open()
    page.fill("#address", "the ceremony")
    page.browser.press(ENTER)
    assert "web address" in page.text("#address-trouble")
    assert page.focused() == "address"


# Decisions


def test_a_decision_is_shown_at_once_and_can_be_taken_back(page: Page) -> None:
    page.look_up("cut.jpg", republished())
    page.click("[data-decision=different]")
    page.wait("document.querySelector('.verdict').dataset.verdict === 'not in this catalog'")
    assert "not the same photo" in page.text(".decided")
    assert "3 matches set aside" in page.text(".aside summary")
    kept = page.desk.get("/api/v1/decisions").json["decisions"]
    assert [one["decision"] for one in kept] == ["different"] * 3
    page.click("[data-decision=undecided]")
    page.wait("document.querySelector('.verdict').dataset.verdict === 'used'")
    assert {one["decision"] for one in page.desk.get("/api/v1/decisions").json["decisions"]} == {"undecided"}
    page.click("[data-decision=same]")
    page.wait("document.querySelector('#said').innerText.startsWith('Kept: the same photo')")
    page.open(page.path)
    assert page.browser.one("[data-decision=same]").get_attribute("aria-pressed") == "true"
    page.click("[data-decision=undecided]")
    page.wait("document.querySelector('#said').innerText.startsWith('Kept: undecided')")


def test_what_was_set_aside_is_found_again_and_taken_back(page: Page) -> None:
    page.look_up("screen.png", screenshot())
    page.click("[data-decision=different]")
    page.wait("document.querySelector('.verdict').dataset.verdict === 'not in this catalog'")
    page.open(page.path)
    assert page.texts("section.photograph") == []
    page.click(".aside summary")
    page.wait("document.querySelectorAll('.aside-list [data-decided=different]').length === 2")
    page.click(".aside-list [data-decided=different] [data-decision=undecided]")
    # The one is a match again, and the list of the others stays open.
    page.wait("document.querySelectorAll('section.photograph').length === 1")
    page.wait("document.querySelectorAll('.aside[open] [data-decided=different]').length === 1")
    assert page.verdict == "used"
    page.click(".aside-list [data-decided=different] [data-decision=undecided]")
    page.wait("!document.querySelector('.aside')")
    assert len(page.texts(".copy-choice")) == 2


def test_what_one_press_set_aside_one_press_takes_back(page: Page) -> None:
    page.look_up("screen.png", screenshot())
    page.click("[data-decision=different]")
    page.wait("document.querySelector('.verdict').dataset.verdict === 'not in this catalog'")
    page.open(page.path)
    page.click(".aside summary")
    page.wait("document.querySelector('.aside-list .all button')")
    assert page.text(".aside-list .all button") == "Take all 2 decisions back"
    page.click(".aside-list .all button")
    page.wait("document.querySelector('section.photograph') && !document.querySelector('.aside')")
    assert page.verdict == "used"
    assert page.focused() == "main"


def test_a_decision_is_kept_while_a_harvest_writes(opened: Page) -> None:
    opened.look_up("cut.jpg", republished())
    with open_store(opened.folder.parent / "catalog"):
        opened.click("[data-decision=same]")
        opened.wait("document.querySelector('#said').innerText.startsWith('Kept: the same photo')")
        assert opened.browser.all(".decision .problem") == []
        opened.click("[data-decision=undecided]")
        opened.wait("document.querySelector('#said').innerText.startsWith('Kept: undecided')")


def test_a_decision_that_cannot_be_kept_is_said_to_be_not(opened: Page) -> None:
    opened.look_up("cut.jpg", republished())
    lock = opened.folder.parent / "catalog" / f"{DECISIONS}.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    opened.click("[data-decision=same]")
    opened.wait("document.querySelector('.decision .problem')")
    assert opened.browser.all(".decision [aria-pressed=true]") == []
    lock.rmdir()
    # The next press is heard, and what was told goes away.
    opened.click("[data-decision=different]")
    opened.wait("document.querySelector('#said').innerText.startsWith('Kept: not the same photo')")
    assert opened.browser.all(".decision .problem") == []
    opened.click("[data-decision=undecided]")
    opened.wait("document.querySelector('#said').innerText.startsWith('Kept: undecided')")
    assert opened.browser.complaints() != []


# What any view must do


def test_hostile_captions_stay_text(page: Page) -> None:
    page.look_up("c.jpg", encoded(made()["c"], "JPEG", quality=88))
    assert HOSTILE in page.text(".uses tbody .says-cell")
    assert HOSTILE[:60] in page.text(".photograph h2")
    assert page.browser.all("main script, main [onerror]") == []
    assert "Photodesk" in str(page.browser.run("return document.title"))


def test_an_address_that_leads_nowhere_leads_back_to_the_desk(opened: Page) -> None:
    opened.open("/nope")
    assert opened.text("h1") == "No such page"
    # That there is no such page is all that the console holds.
    assert all("404" in one for one in opened.browser.complaints())
    opened.click("main a")
    opened.wait("location.pathname === '/' && document.querySelector('.hero')")


@pytest.mark.parametrize("size", [TELEPHONE])
def test_an_answer_fits_a_telephone(page: Page, size: tuple[int, int]) -> None:
    page.look_up("cut.jpg", republished())
    page.open(page.path, size)
    assert page.browser.run("return document.documentElement.scrollWidth") == size[0]
    assert page.shown(".stage")[2] <= size[0]


def test_the_keys_are_told_and_close_again(page: Page) -> None:
    page.open()
    page.browser.press("?")
    assert page.browser.one("#keys").is_displayed()
    page.browser.press(ESCAPE)
    assert not page.browser.one("#keys").is_displayed()


def test_a_link_from_elsewhere_leads_who_is_signed_in_to_its_view(page: Page, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a-long-enough-token\n")
    with desk(tmp_path / "catalog", "--workers", "1", "--token-file", str(tmp_path / "token")) as running:
        shared = f"{running.address}/search?words=flood"
        message = Answer(
            f"<link rel=icon href=data:,><a href='{shared}'>look</a>".encode(), content_type="text/html"
        )
        page.browser.driver.get(shared)
        page.fill("#token", "a-long-enough-token")
        page.browser.press(ENTER)
        page.wait("location.pathname === '/search' && document.querySelector('main [name=words]')")
        with Server({"/": message}) as elsewhere:
            # Another name is another site, whose links do not carry the cookie along.
            page.browser.driver.get(elsewhere.url("/").replace("127.0.0.1", "localhost"))
            page.click("a")
            page.wait("location.pathname === '/search' && document.querySelector('main [name=words]')")
        assert page.browser.run("return document.querySelector('main [name=words]').value") == "flood"
        # The last that the page asks of the desk, which ends now.
        page.wait("document.querySelector('#covers').innerText")
    # That the token is asked for is all that the console holds.
    assert [one for one in page.browser.complaints() if "401" not in one] == []
