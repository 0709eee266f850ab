"""The report in a real browser, opened from disk: it sorts, filters, pages, draws boxes, and texts stay texts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import Browser, chromium
from PIL import Image
from reports import Desk, many, newsroom_clusters

from assets.originals.local import LocalOriginals
from catalog.clusters.cluster import Cluster
from catalog.reports.html.rows import ReportRow, RowsFile
from catalog.reports.html.writer import About, PreviewThumbnails, write_report

TITLES = [
    "Dawn at the launch pad",
    "Harvest in the south",
    "A bridge reopens",
    "Ministers meet",
    "Storm over the coast",
    "Choir of the year",
]
ENTER, SPACE, TAB = "\ue007", " ", "\ue004"

# A limit for sanity on a busy machine; it takes a fifth of a second.
MOST_LOAD_MS = 2000


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reported") / "originals"


@pytest.fixture(scope="session")
def clusters(originals: Path) -> list[Cluster]:
    return newsroom_clusters(Desk(originals))


@pytest.fixture(scope="session")
def report(originals: Path, clusters: list[Cluster], tmp_path_factory: pytest.TempPathFactory) -> Path:
    # A name as people give them: a space, a letter beyond ASCII, a sign that addresses use.
    folder = tmp_path_factory.mktemp("a désk #1") / "report"
    write_report(
        clusters, folder, PreviewThumbnails(LocalOriginals(originals)), About(covers="Covers 6 sites.")
    )
    return folder


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of 5,000 rows; the pages of the clusters are left out, which take longer to write."""
    folder = tmp_path_factory.mktemp("large") / "report"
    body = io.BytesIO()
    Image.new("RGB", (240, 160), "#567").save(body, "WEBP")
    write_report(many(60), folder, lambda _asset, _side: body.getvalue())
    with RowsFile(folder / "data" / "index.js") as rows:
        for number, one in enumerate(many(5000)):
            rows.add(ReportRow.of(one, has_thumb=number < 60))
    return folder


@pytest.fixture
def index(browser: Browser, report: Path) -> Iterator[Browser]:
    """The browser on the index; whatever a test does, nothing may be complained of."""
    browser.size(1280, 900)
    browser.open(report / "index.html")
    yield browser
    assert browser.complaints() == []


@pytest.fixture
def page(browser: Browser, report: Path, clusters: list[Cluster]) -> Iterator[Callable[[int], Browser]]:
    def opened(number: int) -> Browser:
        browser.size(1280, 900)
        browser.open(report / "clusters" / f"{clusters[number].id}.html")
        return browser

    yield opened
    assert browser.complaints() == []


def titles(browser: Browser) -> list[str]:
    return browser.texts(".clusters tbody .photograph a bdi")


def sort_by(browser: Browser, column: str) -> None:
    (button,) = [one for one in browser.all(".sort") if one.text.startswith(column)]
    button.click()


def sorted_columns(browser: Browser) -> list[list[str]]:
    return browser.run(
        "return [...document.querySelectorAll('[aria-sort]')].map((one) => [one.innerText.trim(), one.ariaSort])"
    )


# The table


def test_it_opens_from_disk_as_it_was_given(index: Browser) -> None:
    assert titles(index)[:6] == TITLES
    assert index.texts(".found") == ["7 photographs"]
    assert index.run("return document.querySelector('.rows img').complete")
    assert sorted_columns(index) == []


@pytest.mark.parametrize(
    ("column", "first", "way"),
    [
        ("Best copy", "<img src=x", "ascending"),
        ("Uses", TITLES[0], "descending"),
        ("Spread", TITLES[1], "descending"),
        ("Conflicts", TITLES[0], "descending"),
    ],
)
def test_a_click_on_a_header_sorts_and_another_turns_it_round(
    index: Browser, column: str, first: str, way: str
) -> None:
    sort_by(index, column)
    index.wait("document.querySelector('[aria-sort]')")
    assert titles(index)[0].startswith(first)
    assert sorted_columns(index) == [[column, way]]
    there = titles(index)
    sort_by(index, column)
    index.wait(f"document.querySelector('[aria-sort]').ariaSort !== '{way}'")
    assert titles(index) != there


def test_time_sorts_as_time(index: Browser) -> None:
    sort_by(index, "Earliest observed")
    index.wait("document.querySelector('[aria-sort]')")
    assert titles(index)[-1] == "Storm over the coast"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("radio", ["Harvest in the south", "Choir of the year"]),
        ("MARCHUK", [TITLES[0]]),
        ("kyiv ministers", ["Ministers meet"]),
        ("archive", [TITLES[0]]),
        ("no such words", []),
    ],
)
def test_words_find_sites_credits_and_captions(index: Browser, words: str, found: list[str]) -> None:
    index.one("[name=q]").send_keys(words)
    index.wait("location.hash.includes('q=')")
    index.wait("document.querySelector('.found').textContent !== '7 photographs'")
    assert titles(index) == found
    assert index.run("return document.activeElement.name") == "q"


def test_one_of_many_is_counted_in_plain_words(index: Browser) -> None:
    index.one("[name=q]").send_keys("bridge")
    index.wait("document.querySelectorAll('tbody tr').length === 1")
    assert index.texts(".found") == ["1 of 7 photographs"]


def test_conflicts_and_sites_filter(index: Browser) -> None:
    index.run("const s = document.querySelector('[name=conflict]'); s.value = 'credit';"
              "s.dispatchEvent(new Event('input', {bubbles: true}))")  # fmt: skip
    index.wait("document.querySelectorAll('tbody tr').length === 1")
    assert titles(index) == [TITLES[0]]
    index.one("[type=reset]").click()
    index.wait("document.querySelectorAll('tbody tr').length === 7")
    index.one("[name=across]").click()
    index.wait("document.querySelectorAll('tbody tr').length === 5")
    assert "A bridge reopens" not in titles(index)


def test_the_address_holds_the_state_and_back_undoes_a_step(index: Browser, report: Path) -> None:
    sort_by(index, "Spread")
    index.wait("document.querySelector('[aria-sort]')")
    index.one("[name=across]").click()
    index.wait("document.querySelectorAll('tbody tr').length === 5")
    shared = index.run("return location.hash")
    index.driver.back()
    index.wait("document.querySelectorAll('tbody tr').length === 7")
    assert sorted_columns(index) == [["Spread", "descending"]]
    assert not index.run("return document.querySelector('[name=across]').checked")
    index.driver.back()
    index.wait("!document.querySelector('[aria-sort]')")
    index.open(report / "index.html", shared)
    assert len(titles(index)) == 5
    assert sorted_columns(index) == [["Spread", "descending"]]


def test_a_keyboard_is_enough(index: Browser) -> None:
    index.run("document.activeElement.blur()")
    index.press(TAB)
    assert index.run("return document.activeElement.className") == "skip"
    passed = []
    for _ in range(40):
        index.press(TAB)
        passed.append(
            index.run("return document.activeElement.name || document.activeElement.innerText.trim()")
        )
        if passed[-1] == "Uses":
            break
    assert [name for name in passed if name in ("q", "conflict", "across")] == ["q", "conflict", "across"]
    assert index.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    index.press(ENTER)
    index.wait("document.querySelector('[aria-sort]')")
    assert sorted_columns(index) == [["Uses", "descending"]]
    index.press(SPACE)
    index.wait("document.querySelector('[aria-sort=ascending]')")
    assert index.run("return document.activeElement.innerText.trim()") == "Uses"


def test_a_screen_reader_hears_a_table(index: Browser) -> None:
    tree = index.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    heard = [(node.get("role", {}).get("value"), node.get("name", {}).get("value")) for node in tree]
    assert ("columnheader", "Copies") in heard
    assert ("searchbox", "Find") in heard
    assert ("row", "") in heard
    assert {role for role, _ in heard} >= {"table", "row", "rowheader", "cell", "status", "search", "main"}
    assert any(role == "rowheader" and name.startswith(TITLES[1]) for role, name in heard)


@pytest.mark.parametrize("width", [390, 700, 960])
def test_nothing_sticks_out_of_a_narrow_window(
    browser: Browser, report: Path, clusters: list[Cluster], width: int
) -> None:
    browser.size(width, 844)
    for name in ("index", "sites", "list-1", *(f"clusters/{clusters[at].id}" for at in (0, 6))):
        browser.open(report / f"{name}.html")
        assert browser.run("return document.documentElement.scrollWidth") == width, name
        assert browser.complaints() == []


def test_five_thousand_rows_open_quickly_and_few_are_there(browser: Browser, large: Path) -> None:
    browser.open(large / "index.html")
    took = browser.run("return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert took < MOST_LOAD_MS
    assert len(browser.all("tbody tr")) <= 60
    browser.one("[data-turn=last]").click()
    browser.wait("location.hash === '#page=100'")
    assert browser.texts(".found") == ["5,000 photographs, 4,951 to 5,000 shown"]
    browser.one("[name=q]").send_keys("story 4999")
    browser.wait("document.querySelectorAll('tbody tr').length < 10")
    assert "Story 4999 of the day" in titles(browser)
    assert [one for one in browser.complaints() if ".webp" not in one] == []


def test_without_scripts_lists_lead_to_every_photograph(browser: Browser, report: Path) -> None:
    browser.scripts(on=False)
    try:
        browser.open(report / "index.html")
        link = browser.one("noscript a")
        assert link.get_attribute("href").endswith("list-1.html")
        assert not browser.one("[data-table]").is_displayed()
        link.click()
        assert [one.text for one in browser.all("tbody th a")][:6] == TITLES
    finally:
        browser.scripts(on=True)


# A photograph


def test_boxes_lie_where_the_crops_were_cut(page: Callable[[int], Browser], clusters: list[Cluster]) -> None:
    browser = page(0)
    best = clusters[0].best
    boxes = {
        str(number): copy.match.crop_box for number, copy in enumerate(clusters[0].copies, 1) if copy.match
    }
    boxes["2 6"] = (0, 0, best.width, best.height)
    for width in (1280, 390):
        browser.size(width, 900)
        drawn = browser.run(
            "const of = (one) => { const r = one.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; };"
            "return [of(document.querySelector('.stage img')), [...document.querySelectorAll('.frame')]"
            ".map((one) => [one.dataset.copies, of(one.querySelector('.box'))])]"
        )
        (left, top, across, down), frames = drawn
        assert [name for name, _ in frames] == ["2 6", "4", "3", "5"]
        for name, rectangle in frames:
            x, y, box_width, box_height = boxes[name]
            scale = (across / best.width, down / best.height)
            meant = (left + x * scale[0], top + y * scale[1], box_width * scale[0], box_height * scale[1])
            assert rectangle == [pytest.approx(value, abs=2) for value in meant], name


def test_a_box_and_its_copy_point_at_each_other(page: Callable[[int], Browser]) -> None:
    browser = page(0)
    browser.run("document.querySelector('.frame[data-copies=\"4\"]').focus()")
    assert browser.run("return [...document.querySelectorAll('.copy.meant')].map((one) => one.id)") == [
        "copy-4"
    ]
    browser.run("document.querySelector('#copy-3 a.number').focus()")
    meant = browser.run(
        "return [...document.querySelectorAll('.frame.meant')].map((one) => one.dataset.copies)"
    )
    assert meant == ["3"]
    browser.press(ENTER)
    browser.wait("location.hash === '#picture'")


def test_the_best_copy_is_marked_inside_a_wider_one(page: Callable[[int], Browser]) -> None:
    browser = page(0)
    # Below the fold pictures come when they are needed.
    browser.run("document.querySelector('#copy-6').scrollIntoView({behavior: 'instant'})")
    browser.wait("document.querySelector('#copy-6 img').getBoundingClientRect().width > 0")
    inner, outer = browser.run(
        "const of = (one) => { const r = one.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; };"
        "return [of(document.querySelector('#copy-6 .inside')), of(document.querySelector('#copy-6 img'))]"
    )
    scale = outer[2] / 1500
    assert inner[0] - outer[0] == pytest.approx(150 * scale, abs=2)
    assert inner[2] == pytest.approx(1200 * scale, abs=2)


def test_hostile_texts_stay_texts(page: Callable[[int], Browser], index: Browser, report: Path) -> None:
    for browser in (index, page(6)):
        assert browser.run("return [window.broken, document.querySelectorAll('[onerror]').length]") == [
            None,
            0,
        ]
        assert browser.run("return document.body.innerText").count("<script>window.broken") >= 1
    browser.open(report / "sites.html")
    assert browser.run("return [window.broken, document.querySelectorAll('[onerror]').length]") == [None, 0]


def test_only_web_addresses_are_links(page: Callable[[int], Browser]) -> None:
    schemes = page(6).run("return [...new Set([...document.links].map((one) => one.protocol))].sort()")
    assert schemes == ["file:", "https:"]


def test_a_text_that_runs_backwards_turns_nothing_beside_it(page: Callable[[int], Browser]) -> None:
    browser = page(6)
    left, right = browser.run(
        "const row = document.querySelector('#use-3'); const at = (one) => one.getBoundingClientRect().x;"
        "return [at(row.querySelector('.note')), at(row.querySelector('.none'))]"
    )
    assert left < right


# Looks


def test_light_dark_and_paper_have_their_own_colours(page: Callable[[int], Browser], tmp_path: Path) -> None:
    browser, seen = page(0), {}
    try:
        for scheme, medium in (("light", ""), ("dark", ""), ("dark", "print")):
            browser.media(scheme, medium)
            seen[scheme + medium] = browser.run("return getComputedStyle(document.body).backgroundColor")
            browser.screenshot(tmp_path / f"{scheme}{medium}.png", whole=False)
        assert len(set(seen.values())) == 3
        assert browser.run("return getComputedStyle(document.querySelector('.top nav')).display") == "none"
    finally:
        browser.media()


def test_no_picture_is_missing_on_paper(index: Browser) -> None:
    index.run("window.dispatchEvent(new Event('beforeprint'))")
    waiting = "[...document.images].filter((one) => one.loading === 'lazy' || one.decoding !== 'sync')"
    assert index.run(f"return {waiting}.length") == 0
    index.wait("[...document.images].every((one) => one.complete && one.naturalWidth)")


def test_on_paper_the_uses_stand_in_a_table_that_is_not_too_wide(page: Callable[[int], Browser]) -> None:
    browser = page(0)
    try:
        browser.media("light", "print")
        # The width between the margins of an A4 sheet.
        browser.size(688, 900)
        assert (
            browser.run("return getComputedStyle(document.querySelector('.uses tr')).display") == "table-row"
        )
        assert browser.run("return document.documentElement.scrollWidth") <= 688
    finally:
        browser.media()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(page: Callable[[int], Browser], scheme: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    browser = page(0)
    browser.media(scheme)
    try:
        weak = browser.run(CONTRAST)
        assert weak == []
    finally:
        browser.media()


CONTRAST = """
const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
  .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
const behind = (one) => {
  for (let at = one; at; at = at.parentElement) {
    const colour = numbers(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
return [...document.querySelectorAll("main *, footer *")]
  .filter((one) => !one.closest("svg") && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => {
    const [a, b] = [light(numbers(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5;
  }).map((one) => `${one.className} ${one.textContent.slice(0, 40)}`);
"""
