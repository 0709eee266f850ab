"""The desk's other views in a real browser: search, clusters, photographs, harvests; by key and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_pages import (
    DESKTOP,
    DOWN,
    ENTER,
    RIGHT,
    TAB,
    TELEPHONE,
    Page,
    asked,
    encoded,
    opened_desk,
    photo,
    republished,
    site_of,
)
from desks import HOSTILE, desk
from patience import until

from catalog.cli import main

RESULTS = "!document.querySelector('.results[aria-busy]') && document.querySelector('.count').innerText"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with opened_desk(tmp_path_factory.mktemp("desk-views")) as page:
        yield page


@pytest.fixture
def page(opened: Page) -> Iterator[Page]:
    """The page; whatever a test does, nothing may be complained of."""
    yield opened
    assert opened.browser.complaints() == []


def names(page: Page) -> list[str]:
    return page.texts(".sheet .quote")


# Search


def test_words_find_pictures_on_a_contact_sheet(page: Page) -> None:
    page.open("/search")
    page.fill("main [name=words]", "harvest rice")
    page.wait("document.querySelectorAll('.sheet li').length === 2")
    assert names(page) == ["Rice harvest in the north. (Photo: Getty Images)"] * 2
    assert page.texts(".sheet .quote mark") == ["Rice", "harvest"] * 2
    assert page.text("#said") == "2 pictures"
    assert "words=harvest+rice" in page.path


def test_a_search_can_be_shared_by_its_address(page: Page) -> None:
    words, site, since = "ceremony", site_of(page.sites[1]), "2025-08-06"
    page.open("/search" + asked(words=words, site=site, since=since))
    assert names(page) == ["The ceremony in the capital. (Photo: AFP)"]
    form = "const form = document.querySelector('main form').elements; return "
    assert page.browser.run(form + "[form.words.value, form.site.value, form.since.value]") == [
        words,
        site,
        since,
    ]


def test_filters_change_the_address_and_back_undoes_them(page: Page) -> None:
    page.open("/search" + asked(words="ceremony"))
    assert len(names(page)) == 2
    page.fill("main [name=credit]", "reuters")
    page.wait("document.querySelectorAll('.sheet li').length === 1")
    assert "credit=reuters" in page.path
    page.click("main [type=reset]")
    page.wait("document.querySelectorAll('.sheet li').length === 6")
    page.browser.driver.back()
    page.wait("document.querySelectorAll('.sheet li').length < 6")


@pytest.mark.parametrize("path", ["/search", "/clusters"])
def test_a_page_that_is_not_there_is_the_last_one(page: Page, path: str) -> None:
    page.open(f"{path}?page=9")
    page.wait("document.querySelector('[data-result]')")
    assert page.path == path


def test_what_only_a_title_says_is_shown_to_say_it(page: Page) -> None:
    page.open("/search" + asked(words="gathering"))
    assert names(page) == ["Thousands gather on the square."]
    assert page.texts(".sheet .note")[0] == "title: gathering story"
    assert page.texts(".sheet mark") == ["gathering"]


def test_no_result_is_said_in_words(page: Page) -> None:
    page.open("/search" + asked(words="nowhere said"))
    assert page.text(".count") == "No picture is like that"


def test_hostile_captions_stay_text_on_the_sheet(page: Page) -> None:
    page.open("/search" + asked(words="script"))
    assert names(page) == [HOSTILE]
    assert page.browser.all("main script, main [onerror]") == []


# Clusters and photographs


def test_clusters_sort_and_filter(page: Page) -> None:
    page.open("/clusters")
    assert page.text(".count") == "2 photographs"
    before = page.texts(".clusters tbody .photograph-name")
    assert [line.split()[0] for line in before] == ["The", "Rice"]
    page.click("[data-sort=uses]")
    page.wait("document.querySelector('[aria-sort=ascending]')")
    assert page.texts(".clusters tbody .photograph-name") == before[::-1]
    assert page.browser.run("return document.activeElement.dataset.sort") == "uses"
    page.fill("main [name=words]", "rice")
    page.wait("document.querySelectorAll('.clusters tbody tr').length === 1")
    assert "sort=uses" in page.path


def test_the_sites_that_are_known_are_offered(page: Page) -> None:
    page.open("/clusters")
    page.wait("document.querySelectorAll('#sites option').length > 1")
    offered = page.browser.run(
        "return [...document.querySelector('[name=site]').list.options].map((one) => one.value)"
    )
    assert {site_of(site) for site in page.sites[:2]} <= set(offered)


@pytest.mark.parametrize("path", ["/clusters", "/search", "/clusters?words=ceremony"])
def test_an_empty_catalog_is_said_to_be_empty(page: Page, tmp_path: Path, path: str) -> None:
    with desk(tmp_path / "catalog", "--workers", "1") as running:
        page.browser.driver.get(running.address + path)
        page.wait(RESULTS)
        assert page.text(".count") == "The catalog is empty"
        assert page.text(".results a") == "Harvest a site"


def test_nothing_is_like_what_was_asked_only_where_something_was(page: Page, tmp_path: Path) -> None:
    page.open("/clusters" + asked(words="nowhere said"))
    page.wait(RESULTS)
    assert page.text(".count") == "No photograph is like that"
    alone = ["harvest", page.sites[0].url("/alone/"), "--allow-address", site_of(page.sites[0])]
    assert main([*alone, "--catalog", str(tmp_path / "catalog")]) == 0
    with desk(tmp_path / "catalog", "--workers", "1") as running:
        page.browser.driver.get(running.address + "/clusters")
        page.wait(RESULTS)
        assert page.text(".count").startswith("No photograph has several copies or several uses")


def test_a_cluster_opens_with_its_copies_uses_and_conflicts(page: Page) -> None:
    page.open("/clusters")
    page.click(".clusters tbody a")
    page.wait("location.pathname.startsWith('/clusters/') && document.querySelector('.copies')")
    assert page.text("main .summary").startswith("3 copies")
    assert "uncropped" in page.text("figcaption")
    assert len(page.browser.all(".frame")) == 2
    assert len(page.texts(".uses tbody tr")) == 3
    assert [line.split()[0] for line in page.texts(".spread tbody tr")] == [
        site_of(site) for site in page.sites[:2]
    ]
    told = page.text("main")
    assert "Captions disagree" in told
    assert "Credits disagree" in told
    assert "AFP" in told


def test_a_copy_is_laid_over_the_best_one_and_taken_off(page: Page) -> None:
    page.open("/clusters")
    page.click(".clusters tbody a")
    page.wait("document.querySelector('.copies')")
    page.click("#copy-2 button")
    page.wait("document.querySelector('.slider')")
    assert page.text("figcaption .sentence").startswith("Copy 2: ")
    page.click("figcaption button")
    page.wait("!document.querySelector('.slider') && document.querySelector('.frame')")


def test_what_was_decided_of_a_copy_is_shown_on_reload_and_taken_back(page: Page) -> None:
    cluster = page.desk.get("/api/v1/clusters?sort=copies").json["clusters"][0]
    page.open(f"/photo/{cluster['best']}")
    page.click("#copy-3 [data-decision=different]")
    page.wait("document.querySelector('#said').innerText.startsWith('Kept: not the same')")
    told = "[...document.querySelectorAll('#copy-3 [data-decided=different], details.aside')].length"
    page.open(page.path)
    assert page.browser.run(f"return {told}") == 1
    # Sooner or later it is no copy any more.
    wait_for_copies(page, cluster["id"], cluster["copies"] - 1)
    page.open(page.path)
    page.click(".aside summary")
    page.wait("document.querySelector('.aside-list img')")
    page.click(".aside-list [data-decision=undecided]")
    page.wait("document.querySelector('#said').innerText.startsWith('Kept: undecided')")
    wait_for_copies(page, cluster["id"], cluster["copies"])


def test_a_decision_that_contradicts_others_says_so(page: Page) -> None:
    cluster = page.desk.get("/api/v1/clusters?sort=copies").json["clusters"][0]
    best, other, third = (
        one["sha256"] for one in page.desk.get(f"/api/v1/clusters/{cluster['id']}").json["copies"][:3]
    )
    pairs = ((best, other), (other, third))

    def decided(decision: str) -> None:
        for first, second in pairs:
            body = {"first": first, "second": second, "decision": decision}
            assert page.desk.post("/api/v1/decisions", body).status == 201

    decided("same")
    page.open(f"/photo/{best}")
    page.click("#copy-3 [data-decision=different]")
    page.wait("document.querySelector('#copy-3 .decided').innerText.includes('contradicts')")
    told = page.text("#copy-3 .decided")
    for first, second in map(sorted, pairs):
        assert f"{first[:12]} and {second[:12]}: same (desk, 20" in told
    page.click("#copy-3 [data-decision=undecided]")
    page.wait("!document.querySelector('#copy-3 .decided').innerText.includes('contradicts')")
    decided("undecided")


def wait_for_copies(page: Page, cluster: str, number: int) -> None:
    """Until so many copies are listed: clusters are worked out beside the answers."""
    until(lambda: len(page.desk.get(f"/api/v1/clusters/{cluster}").json["copies"]) == number)


def test_a_photograph_alone_tells_of_its_file_and_gives_it_as_a_download(page: Page) -> None:
    page.open("/search" + asked(words="script"))
    page.click(".sheet a")
    page.wait("location.pathname.startsWith('/photo/') && document.querySelector('.file')")
    told = page.text("main .file")
    assert "800 × 533" in told
    assert "SHA-256" in told
    assert page.browser.run("return document.querySelector('.ways-on a').hasAttribute('download')")
    href = page.browser.run("return document.querySelector('.ways-on a').getAttribute('href')")
    reply = page.desk.get(str(href))
    assert reply.headers["content-disposition"].startswith("attachment")
    assert "Download the evidence" in page.texts("main header a.button")


def test_the_evidence_of_a_cluster_is_a_download(page: Page) -> None:
    page.open("/clusters")
    page.click(".clusters tbody a")
    page.wait("document.querySelector('.copies')")
    href = page.browser.run("return document.querySelectorAll('.ways-on a')[1].getAttribute('href')")
    reply = page.desk.get(str(href))
    assert (reply.status, reply.body[:2]) == (200, b"PK")


# Harvests


def test_a_harvest_runs_and_what_it_brought_in_is_found(page: Page) -> None:
    page.open("/harvest")
    page.fill("[name=inputs]", page.sites[2].url("/late/"))
    page.click("form.harvest button.main")
    page.wait("document.querySelector('.job')?.dataset.state === 'done'")
    assert "1 new picture" in page.text(".job .job-told")
    page.wait("document.querySelector('#said').innerText.startsWith('The harvest is done')")
    page.open("/search" + asked(words="flood"))
    assert names(page) == ["A late picture of the flood. (Photo: Reuters)"]
    page.look_up("late.jpg", encoded(photo(70, 800, 533).crop((60, 40, 700, 500)), "JPEG"))
    assert page.verdict == "used"


def test_a_harvest_can_be_cancelled_and_the_next_one_runs(page: Page) -> None:
    page.open("/harvest")
    for path in ("/slow/", "/late/"):
        page.fill("[name=inputs]", page.sites[2].url(path))
        page.browser.press(ENTER)
        page.wait(f"document.querySelector('.job strong')?.innerText.endsWith('{path[:-1]}')")
    states = "[...document.querySelectorAll('.job')].slice(0, 2).map((one) => one.dataset.state).join()"
    page.wait(f"{states} === 'queued,running'")
    page.look_up("cut.jpg", republished())
    assert page.verdict == "used"
    page.open("/harvest")
    page.wait(f"{states} === 'queued,running'")
    page.click(".job[data-state=running] .job-bar button")
    page.wait(f"{states} === 'done,cancelled'")


def test_the_bar_of_a_harvest_is_as_long_as_what_is_done_of_what_is_known(page: Page) -> None:
    page.open("/harvest")
    page.fill("[name=inputs]", page.sites[2].url("/half/"))
    page.browser.press(ENTER)
    page.wait(
        "document.querySelector('.job progress')?.getAttribute('aria-valuetext') === '1 of 2 references done'"
    )
    assert page.browser.run("return document.querySelector('.job progress').position") == 0.5
    assert "1 page, 1 of 2 references done, 1 fetched" in page.text(".job .job-told")
    page.click(".job .job-bar button")
    page.wait("document.querySelector('.job')?.dataset.state === 'cancelled'")


def test_a_harvest_of_which_nothing_came_is_no_success_and_says_why(page: Page) -> None:
    page.open("/harvest")
    page.fill("[name=inputs]", page.sites[2].url("/nowhere/"))
    page.browser.press(ENTER)
    page.wait("document.querySelector('.job')?.dataset.state === 'failed'")
    assert page.text(".job .state") == "failed"
    told = page.text(".job .failures[open] li")
    assert told.startswith(site_of(page.sites[2]) + "/nowhere")
    assert "there is nothing at this address" in told
    page.wait("document.querySelector('#said').innerText.startsWith('The harvest failed.')")
    page.fill("[name=inputs]", f"{page.sites[2].url('/nowhere/')} {page.sites[2].url('/late/')}")
    page.browser.press(ENTER)
    page.wait("document.querySelector('.job')?.dataset.state === 'done with failures'")
    assert page.text(".job .state") == "done with failures"


def test_an_address_that_is_none_is_refused_in_place(page: Page) -> None:
    page.open("/harvest")
    page.fill("[name=inputs]", "news.example")
    page.browser.press(ENTER)
    assert "is no web address" in page.text("#harvest-trouble")
    assert all("news.example" not in one for one in page.texts(".job"))


# The footer


def fresh(page: Page, name: str) -> str:
    """The address of a page that nobody has harvested yet."""
    server = page.sites[2]
    server.routes[f"/{name}/"] = server.routes["/late/"]
    return server.url(f"/{name}/")


def test_the_footer_tells_what_the_catalog_covers_after_a_harvest(page: Page) -> None:
    page.open("/harvest")
    page.wait("document.querySelector('#covers').innerText")
    before = page.text("#covers")
    page.fill("[name=inputs]", fresh(page, "after"))
    page.browser.press(ENTER)
    page.wait(f"document.querySelector('#covers').innerText !== '{before}'")
    assert page.path == "/harvest"


def test_the_footer_tells_what_the_catalog_covers_in_another_view(page: Page) -> None:
    page.open("/harvest")
    page.wait("document.querySelector('#covers').innerText")
    before = page.text("#covers")
    name = page.desk.post("/api/v1/harvests", {"inputs": [fresh(page, "elsewhere")]}).json["id"]
    page.desk.get(f"/api/v1/harvests/{name}/events")
    page.click("nav [href='/clusters']")
    page.wait(f"document.querySelector('#covers').innerText !== '{before}'")


@pytest.mark.parametrize("size", [DESKTOP, TELEPHONE])
def test_late_results_push_no_footer_away(page: Page, size: tuple[int, int]) -> None:
    page.open("/search" + asked(words="nowhere said"), size)
    assert page.shown("footer")[1] >= size[1]
    page.browser.run("document.querySelector('#covers').textContent = ''")
    empty = page.shown("footer p:last-child")[1]
    page.browser.run(
        "document.querySelector('#covers').textContent = "
        "'This catalog: 75,000 pictures, 79,000 pages, 600 sites, since 2026-11-23.'"
    )
    assert page.shown("footer p:last-child")[1] == empty


# Keys and telephones


def test_search_is_reached_and_walked_with_keys_alone(page: Page) -> None:
    page.open()
    page.browser.press("/")
    assert page.browser.run("return document.activeElement.id") == "find"
    page.browser.press("ceremony", ENTER)
    page.wait("location.pathname === '/search' && document.querySelectorAll('.sheet li').length === 2")
    page.browser.press("/")
    assert page.browser.run("return document.activeElement.name") == "words"
    page.browser.press(DOWN)
    page.browser.press(RIGHT)
    place = "return [...document.querySelectorAll('[data-result]')].indexOf(document.activeElement)"
    assert page.browser.run(place) == 1
    page.browser.press(ENTER)
    page.wait("location.pathname.startsWith('/photo/') && document.querySelector('.copies')")


def test_back_from_a_photo_arrows_go_on_from_the_result_that_was_opened(page: Page) -> None:
    page.open("/search")
    place = "[...document.querySelectorAll('[data-result]')].indexOf(document.activeElement)"
    page.browser.run("document.querySelectorAll('[data-result]')[2].focus()")
    page.browser.press(ENTER)
    page.wait("location.pathname.startsWith('/photo/') && document.querySelector('.file')")
    page.browser.driver.back()
    page.wait(f"location.pathname === '/search' && {place} === 2")
    page.browser.press(RIGHT)
    assert page.browser.run(f"return {place}") == 3


def test_focus_is_always_seen(page: Page) -> None:
    page.open("/clusters")
    script = (
        "const style = getComputedStyle(document.activeElement);"
        "return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none'"
    )
    for _ in range(16):
        page.browser.press(TAB)
        assert page.browser.run(script), page.browser.run("return document.activeElement.outerHTML")


@pytest.mark.parametrize("path", ["/", "/search", "/clusters", "/harvest", "cluster", "photo"])
def test_every_view_fits_a_telephone(page: Page, path: str) -> None:
    clusters = page.desk.get("/api/v1/clusters").json["clusters"]
    where = {"cluster": f"/clusters/{clusters[0]['id']}", "photo": f"/photo/{clusters[0]['best']}"}
    page.open(where.get(path, path), TELEPHONE)
    page.wait(RESULTS if path in ("/search", "/clusters") else "true")
    assert page.browser.run("return document.documentElement.scrollWidth") == TELEPHONE[0]


def test_pictures_have_an_alternative_and_a_size(page: Page) -> None:
    clusters = page.desk.get("/api/v1/clusters").json["clusters"]
    for path in ("/search", "/clusters", f"/clusters/{clusters[0]['id']}"):
        page.open(path)
        bare = (
            "return document.querySelectorAll('img:not([alt]), img:not([width]), img:not([height])').length"
        )
        assert page.browser.run(bare) == 0, path
