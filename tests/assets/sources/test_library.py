"""What a site's media library adds to the pictures of its posts, and what it is not believed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from fake_rest import HOME, MONDAY, NOON, ROOT, UPLOADS, Came, FakeRest, Query, came, failed, media, refusal

from assets.markup import upload_key
from assets.model import ImageReference, Page, Reading, Reason, Role
from assets.sources import library as library_module
from assets.sources.inventory import ListedMedia
from assets.sources.library import MediaLibrary, is_fresh

MODIFIED = "2025-08-20T08:00:00"
KIM = f"{UPLOADS}kim.jpg"
SAM = f"{UPLOADS}sam.jpg"
LISTED = ListedMedia({3: f"{MODIFIED}Z"}, {upload_key(KIM): 3})


@pytest.fixture
def site() -> FakeRest:
    """A site whose library has a picture of Kim."""
    site = FakeRest()
    credited = {"width": 900, "height": 600, "sizes": {}, "image_meta": {"credit": "Ada Byron"}}
    item = media(3, "kim.jpg", modified_gmt=MODIFIED, alt_text="Kim waves", media_details=credited)
    site.add({**item, "caption": {"rendered": "<p>Kim in the library.</p>"}})
    return site


def reading(*references: ImageReference) -> Reading:
    return Reading(Page(HOME), references)


def complete(site: FakeRest, *references: ImageReference, listed: ListedMedia | None = None) -> Reading:
    """One reading as the library completes it."""
    (completed,) = asyncio.run(MediaLibrary(site.ask, ROOT, listed).complete([reading(*references)]))
    return completed


def complete_one(
    site: FakeRest, reference: ImageReference, listed: ListedMedia | None = None
) -> ImageReference:
    (completed,) = complete(site, reference, listed=listed).references
    return completed


def is_settled(site: FakeRest, *references: ImageReference, listed: ListedMedia | None = None) -> bool:
    """Whether the library answered for a reading with these references, for good."""
    library = MediaLibrary(site.ask, ROOT, listed)
    (completed,) = asyncio.run(library.complete([reading(*references)]))
    return library.has_all(completed)


def complete_many(site: FakeRest, numbers: range) -> MediaLibrary:
    library = MediaLibrary(site.ask, ROOT, None)
    pictures = [ImageReference(f"{UPLOADS}{number}.jpg", media_id=number) for number in numbers]
    asyncio.run(library.complete([reading(*pictures)]))
    return library


def with_media(*numbers: int) -> FakeRest:
    site = FakeRest()
    site.add(*(media(number, f"{number}.jpg") for number in numbers))
    return site


def parts(site: FakeRest) -> list[int]:
    """How many items each request was for."""
    return [query["include"].count(",") + 1 for query in site.asked_for("wp/v2/media")]


FEATURED = ImageReference(KIM, role=Role.FEATURED, media_id=3, uploaded="2025-08-18T10:00:00")
BY_CLASS = ImageReference(f"{UPLOADS}kim-300x200.jpg", media_id=3)
BY_ADDRESS = ImageReference(f"{UPLOADS}kim-300x200.jpg")
COPIED = ImageReference(SAM, media_id=3)


# Asking


def test_items_are_asked_for_by_their_ids(site: FakeRest) -> None:
    complete(site, BY_CLASS)
    assert site.asked_for("wp/v2/media") == [{"include": "3", "per_page": "1", "orderby": "include"}]


def test_pictures_without_an_item_are_not_asked_for(site: FakeRest) -> None:
    assert complete(site, BY_ADDRESS) == reading(BY_ADDRESS)
    assert site.asked == []


def test_a_hundred_are_asked_for_at_a_time() -> None:
    site = with_media(*range(1, 251))
    complete_many(site, range(1, 251))
    assert parts(site) == [100, 100, 50]


def test_an_item_of_two_posts_is_asked_for_once(site: FakeRest) -> None:
    library = MediaLibrary(site.ask, ROOT, None)
    asyncio.run(library.complete([reading(BY_CLASS), reading(FEATURED)]))
    assert site.asked_for("wp/v2/media")[0]["include"] == "3"


def test_an_item_that_is_known_is_not_asked_for_again(site: FakeRest) -> None:
    library = MediaLibrary(site.ask, ROOT, None)
    asyncio.run(library.complete([reading(BY_CLASS)]))
    (again,) = asyncio.run(library.complete([reading(BY_CLASS)]))
    assert (again.references[0].credit, len(site.asked)) == ("Ada Byron", 1)


def test_an_item_that_is_not_there_is_not_asked_for_again(site: FakeRest) -> None:
    library = MediaLibrary(site.ask, ROOT, None)
    for _ in range(2):
        asyncio.run(library.complete([reading(ImageReference(SAM, media_id=9))]))
    assert len(site.asked) == 1


def test_the_items_of_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "ITEMS_REMEMBERED", 2)
    site = with_media(1, 2, 3)
    library = complete_many(site, range(1, 4))
    remembered = (reading(ImageReference(f"{UPLOADS}{number}.jpg", media_id=number)) for number in (1, 2, 3))
    assert [library.has_all(one) for one in remembered] == [False, True, True]


# Pictures of a post's content


@pytest.mark.parametrize("reference", [BY_CLASS, BY_ADDRESS])
def test_a_picture_of_the_content_is_told_when_it_was_uploaded(
    site: FakeRest, reference: ImageReference
) -> None:
    assert complete_one(site, reference, LISTED).uploaded == f"{MONDAY}Z"


@pytest.mark.parametrize("reference", [BY_CLASS, BY_ADDRESS])
def test_a_picture_of_the_content_is_told_whose_it_is(site: FakeRest, reference: ImageReference) -> None:
    completed = complete_one(site, reference, LISTED)
    assert (completed.credit, completed.credit_field) == ("Ada Byron", "image_meta.credit")


@pytest.mark.parametrize("reference", [BY_CLASS, BY_ADDRESS])
def test_a_picture_of_the_content_is_told_its_item(site: FakeRest, reference: ImageReference) -> None:
    completed = complete_one(site, reference, LISTED)
    assert (completed.media_id, completed.media_modified) == (3, f"{MODIFIED}Z")


def test_a_variant_may_name_the_item(site: FakeRest) -> None:
    reference = ImageReference("https://cdn.example/x.jpg", variants=(KIM,))
    assert complete_one(site, reference, LISTED).media_id == 3


def test_a_credit_on_the_page_stays(site: FakeRest) -> None:
    reference = ImageReference(KIM, media_id=3, credit="Page", credit_field="caption")
    completed = complete_one(site, reference)
    assert (completed.credit, completed.credit_field) == ("Page", "caption")


def test_the_words_of_the_page_stay(site: FakeRest) -> None:
    completed = complete_one(site, ImageReference(KIM, media_id=3, alt="On the page"))
    assert (completed.alt, completed.caption, completed.url) == ("On the page", "", KIM)


def test_a_time_of_upload_stays_where_the_library_tells_none(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg", date_gmt=None))
    assert complete_one(site, ImageReference(KIM, media_id=3, uploaded="2024")).uploaded == "2024"


def test_the_upload_behind_a_scaled_picture_is_taken_over(site: FakeRest) -> None:
    details = {"width": 2560, "height": 1707, "sizes": {}, "original_image": "kim.jpg"}
    site.add(media(3, "kim-scaled.jpg", media_details=details))
    assert complete_one(site, ImageReference(f"{UPLOADS}kim-scaled.jpg", media_id=3)).uploads == (KIM,)


def test_uploads_that_the_page_names_stay(site: FakeRest) -> None:
    details = {"width": 2560, "height": 1707, "sizes": {}, "original_image": "kim.jpg"}
    site.add(media(3, "kim-scaled.jpg", media_details=details))
    reference = ImageReference(f"{UPLOADS}kim-scaled.jpg", media_id=3, uploads=(SAM,))
    assert complete_one(site, reference).uploads == (SAM,)


def test_a_class_that_was_copied_names_no_item(site: FakeRest) -> None:
    completed = complete_one(site, COPIED)
    assert (completed.credit, completed.uploaded) == ("", "")


def test_a_copied_class_is_kept_with_the_modification_that_was_read(site: FakeRest) -> None:
    completed = complete_one(site, COPIED)
    assert (completed.media_id, completed.media_modified) == (3, f"{MODIFIED}Z")


def test_the_address_wins_over_a_copied_class(site: FakeRest) -> None:
    site.add(media(4, "sam.jpg"))
    listed = ListedMedia({}, {upload_key(SAM): 4})
    completed = complete_one(site, COPIED, listed)
    assert (completed.media_id, completed.media_modified) == (4, f"{MONDAY}Z")


def test_an_item_that_is_no_picture_completes_nothing(site: FakeRest) -> None:
    site.add(media(3, "kim.pdf", media_type="file", mime_type="application/pdf"))
    completed = complete_one(site, BY_CLASS)
    assert (completed.uploaded, completed.media_id) == ("", 3)


def test_an_item_that_is_not_shown_completes_nothing(site: FakeRest) -> None:
    site.lists["media"].clear()
    assert complete_one(site, BY_CLASS) == BY_CLASS


def test_an_item_that_is_listed_and_not_shown_has_the_modification_of_the_list(site: FakeRest) -> None:
    site.lists["media"].clear()
    assert complete_one(site, BY_CLASS, LISTED).media_modified == f"{MODIFIED}Z"


def test_an_item_that_does_not_tell_its_modification_has_that_of_the_list(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg", modified_gmt=None))
    assert complete_one(site, BY_CLASS, LISTED).media_modified == f"{MODIFIED}Z"


def test_what_is_no_item_in_an_answer_is_left_out(site: FakeRest) -> None:
    good = site.lists["media"][3]
    site.answers["wp/v2/media"] = came([None, {"id": 0}, good])
    assert complete_one(site, BY_CLASS).credit == "Ada Byron"


# Featured pictures


def test_a_featured_picture_is_told_in_full(site: FakeRest) -> None:
    completed = complete_one(site, FEATURED)
    assert (completed.alt, completed.uploaded, completed.media_modified, completed.width) == (
        "Kim waves",
        f"{MONDAY}Z",
        f"{MODIFIED}Z",
        900,
    )


def test_the_caption_of_a_featured_picture_says_where_it_stood(site: FakeRest) -> None:
    completed = complete_one(site, FEATURED)
    assert (completed.caption, completed.caption_field) == ("Kim in the library.", "media caption")


def test_a_featured_picture_without_a_caption_has_its_description(site: FakeRest) -> None:
    site.add({**media(3, "kim.jpg"), "description": {"rendered": "<p>Described.</p>"}})
    completed = complete_one(site, FEATURED)
    assert (completed.caption, completed.caption_field) == ("Described.", "media description")


def test_a_featured_picture_that_only_has_a_record_is_resolved(site: FakeRest) -> None:
    reference = ImageReference(f"{ROOT}wp/v2/media/3", role=Role.FEATURED, media_id=3, resolved=False)
    completed = complete_one(site, reference)
    assert (completed.url, completed.resolved, completed.role) == (KIM, True, Role.FEATURED)


def test_a_featured_picture_that_is_resolved_is_one_with_the_same_in_the_content(site: FakeRest) -> None:
    record = ImageReference(f"{ROOT}wp/v2/media/3", role=Role.FEATURED, media_id=3, resolved=False)
    found = complete(site, record, ImageReference(KIM, position=1, caption="In the text"))
    assert [(one.role, one.url) for one in found.references] == [(Role.FEATURED, KIM)]


def test_a_featured_picture_that_is_not_shown_stays_as_it_was_told(site: FakeRest) -> None:
    site.lists["media"].clear()
    assert complete_one(site, FEATURED) == FEATURED


def test_a_featured_picture_that_is_not_shown_has_the_modification_of_the_list(site: FakeRest) -> None:
    site.lists["media"].clear()
    assert complete_one(site, FEATURED, LISTED).media_modified == f"{MODIFIED}Z"


def test_a_featured_picture_without_an_item_may_be_found_by_its_address(site: FakeRest) -> None:
    completed = complete_one(site, ImageReference(KIM, role=Role.FEATURED, alt="Plugin"), LISTED)
    assert (completed.media_id, completed.alt, completed.credit) == (3, "Plugin", "Ada Byron")


def test_a_featured_picture_stays_where_the_library_fails(site: FakeRest) -> None:
    site.answers["wp/v2/media"] = failed(503)
    assert complete_one(site, FEATURED) == FEATURED


def test_pictures_of_the_content_stay_apart(site: FakeRest) -> None:
    assert len(complete(site, BY_CLASS, replace(BY_CLASS, position=1)).references) == 2


def test_beside_a_featured_picture_that_is_not_resolved_nothing_becomes_one(site: FakeRest) -> None:
    site.answers["wp/v2/media"] = failed(503)
    record = ImageReference(f"{ROOT}wp/v2/media/3", role=Role.FEATURED, media_id=3, resolved=False)
    assert len(complete(site, record, replace(BY_CLASS, position=1)).references) == 2


# A library that does not answer


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_closed_library_is_asked_once(site: FakeRest, status: int) -> None:
    site.answers["wp/v2/media"] = failed(status)
    library = complete_many(site, range(1, 251))
    assert (library.is_closed, library.failures, parts(site)) == (True, [], [100])


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_library_that_was_listed_is_not_closed_without_a_word_of_its_own(
    site: FakeRest, status: int
) -> None:
    site.answers["wp/v2/media"] = failed(status)
    assert not is_settled(site, BY_ADDRESS, listed=LISTED)


def test_a_library_that_was_listed_may_say_that_it_is_closed(site: FakeRest) -> None:
    site.answers["wp/v2/media"] = refusal("rest_forbidden", 403)
    assert is_settled(site, BY_ADDRESS, listed=LISTED)


def test_a_closed_library_leaves_nothing_to_wait_for(site: FakeRest) -> None:
    site.answers["wp/v2/media"] = failed(401)
    assert is_settled(site, BY_CLASS)


@pytest.mark.parametrize(
    "answer", [failed(503), failed(500, []), failed(None), failed(410), came(b"<p>Sorry.</p>")]
)
def test_a_library_that_fails_leaves_readings_unsettled(site: FakeRest, answer: Came) -> None:
    site.answers["wp/v2/media"] = answer
    assert not is_settled(site, BY_CLASS)


def test_a_library_that_fails_is_told(site: FakeRest) -> None:
    site.answers["wp/v2/media"] = failed(503)
    (failure,) = complete_many(site, range(1, 2)).failures
    assert failure.reason is Reason.SERVER_ERROR


def test_a_library_that_fails_is_not_closed(site: FakeRest) -> None:
    site.answers["wp/v2/media"] = failed(503)
    assert not complete_many(site, range(1, 2)).is_closed


def test_readings_without_an_item_are_settled_all_the_same(site: FakeRest) -> None:
    site.answers["wp/v2/media"] = failed(503)
    assert is_settled(site, BY_ADDRESS)


def test_an_item_that_is_not_there_leaves_nothing_to_wait_for(site: FakeRest) -> None:
    assert is_settled(site, ImageReference(SAM, media_id=9))


def test_what_was_found_by_its_address_is_waited_for_too(site: FakeRest) -> None:
    site.answers["wp/v2/media"] = failed(503)
    assert not is_settled(site, BY_ADDRESS, listed=LISTED)


def test_an_item_that_its_server_cannot_make_costs_itself_alone() -> None:
    site = with_media(*range(1, 21))
    site.broken = {7}
    library = complete_many(site, range(1, 21))
    unsettled = [
        number
        for number in range(1, 21)
        if not library.has_all(reading(ImageReference(SAM, media_id=number)))
    ]
    assert (unsettled, len(library.failures)) == ([7], 1)


def test_a_cap_that_is_named_is_kept_to() -> None:
    site = with_media(*range(1, 31))
    site.most = 10
    library = complete_many(site, range(1, 31))
    assert all(library.has_all(reading(ImageReference(SAM, media_id=number))) for number in range(1, 31))


def test_a_cap_that_is_named_holds_for_all_that_follow() -> None:
    site = with_media(*range(1, 151))
    site.most = 40
    complete_many(site, range(1, 151))
    assert parts(site) == [100, 40, 40, 20, 40, 10]


def test_a_request_that_is_refused_for_its_length_is_made_in_parts(site: FakeRest) -> None:
    def refuse_two(query: Query) -> Came:
        too_many = "," in query["include"]
        return refusal("rest_invalid_param") if too_many else came([media(int(query["include"]), "kim.jpg")])

    site.answers["wp/v2/media"] = refuse_two
    found = complete(site, BY_CLASS, ImageReference(SAM, media_id=4))
    assert [one.media_modified for one in found.references] == [f"{MONDAY}Z", f"{MONDAY}Z"]


@pytest.mark.parametrize("tells_totals", [True, False])
def test_a_silent_cap_loses_no_item(*, tells_totals: bool) -> None:
    site = with_media(*range(1, 31))
    site.most, site.caps_silently, site.tells_totals = 10, True, tells_totals
    pictures = [ImageReference(f"{UPLOADS}{number}.jpg", media_id=number) for number in range(1, 31)]
    assert [one.uploaded for one in complete(site, *pictures).references] == [f"{MONDAY}Z"] * 30


def test_a_silent_cap_costs_no_more_than_it_must() -> None:
    site = with_media(*range(1, 31))
    site.most, site.caps_silently = 10, True
    complete_many(site, range(1, 31))
    assert parts(site) == [30, 10, 10]


def test_items_that_are_hidden_are_not_asked_for_again() -> None:
    site = with_media(*range(1, 20))
    complete_many(site, range(1, 31))
    assert parts(site) == [30]


def test_a_library_that_ignores_include_is_not_asked_for_one_item_at_a_time() -> None:
    site = with_media(*range(1, 151))
    site.knows_include = False
    complete_many(site, range(100, 140))
    assert parts(site) == [40]


# What was modified just now


def test_an_item_that_was_modified_just_now_leaves_its_readings_unsettled(site: FakeRest) -> None:
    site.clock = "Wed, 20 Aug 2025 08:00:01 GMT"
    assert not is_settled(site, BY_CLASS)


def test_an_item_that_was_modified_before_is_settled(site: FakeRest) -> None:
    assert is_settled(site, BY_CLASS)


def test_an_item_that_was_modified_just_now_completes_all_the_same(site: FakeRest) -> None:
    site.clock = "Wed, 20 Aug 2025 08:00:01 GMT"
    assert complete_one(site, BY_CLASS).credit == "Ada Byron"


@pytest.mark.parametrize(
    ("modified", "expected"),
    [
        ("2025-08-23T11:59:57Z", False),
        ("2025-08-23T11:59:58Z", True),
        ("2025-08-23T12:00:00Z", True),
        ("2025-08-23T12:00:02Z", True),
        ("2025-08-23T12:00:03Z", False),
        ("", False),
    ],
)
def test_what_was_modified_within_two_seconds_may_change_again(modified: str, *, expected: bool) -> None:
    assert is_fresh(modified, NOON) is expected


def test_without_a_clock_nothing_is_fresh() -> None:
    assert not is_fresh("2025-08-23T12:00:00Z", "")
