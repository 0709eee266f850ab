"""References to one picture on one page, made one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assets.markup.merging import deduplicate, is_same, merge_references, union, with_media
from assets.model import Failure, ImageReference, Reason, Role, Stage

UPLOADS = "https://a.example/wp-content/uploads/"
FEATURED = ImageReference(f"{UPLOADS}k.jpg", role=Role.FEATURED, width=900, height=600, media_id=8)
CONTENT = ImageReference(
    f"{UPLOADS}k-300x200.jpg", alt="Kim", caption="C", credit="KCNA", credit_field="caption"
)
RECORD = ImageReference(
    "https://a.example/wp-json/wp/v2/media/8", role=Role.FEATURED, media_id=8, resolved=False
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("k.jpg", "k-300x200.jpg", True),
        ("k.jpg", "k-1.jpg", False),
        ("k-scaled.jpg", "k-1024x683.jpg", True),
    ],
)
def test_pictures_are_the_same_by_their_uploads_name(one: str, other: str, same: bool) -> None:
    assert is_same(ImageReference(UPLOADS + one), ImageReference(UPLOADS + other)) is same


def test_pictures_are_the_same_by_media_id_and_by_a_shared_address() -> None:
    assert is_same(RECORD, replace(CONTENT, media_id=8))
    assert not is_same(RECORD, CONTENT)
    assert is_same(
        ImageReference("https://x.example/1", ("https://x.example/2",)), ImageReference("https://x.example/2")
    )


def test_the_first_reference_keeps_its_words_and_is_completed() -> None:
    found = union(FEATURED, CONTENT)
    assert (found.url, found.role, found.width, found.media_id) == (FEATURED.url, Role.FEATURED, 900, 8)
    assert (found.alt, found.caption, found.credit, found.credit_field) == ("Kim", "C", "KCNA", "caption")
    assert found.variants == (CONTENT.url,)


def test_the_upload_is_a_better_address_than_its_variant() -> None:
    found = union(replace(FEATURED, url=f"{UPLOADS}k-1024x683.jpg"), replace(CONTENT, url=f"{UPLOADS}k.jpg"))
    assert (found.url, found.variants) == (f"{UPLOADS}k.jpg", (f"{UPLOADS}k-1024x683.jpg",))


def test_an_unresolved_reference_takes_the_address_of_its_twin_and_keeps_the_diagnosis() -> None:
    diagnosis = Failure(Stage.DISCOVER, Reason.FORBIDDEN, RECORD.url)
    found = union(replace(RECORD, diagnosis=diagnosis), CONTENT)
    assert (found.url, found.resolved, found.role, found.diagnosis) == (
        CONTENT.url,
        True,
        Role.FEATURED,
        diagnosis,
    )
    assert found.variants == ()


def test_an_upload_that_is_offered_is_no_guess_any_more() -> None:
    found = union(replace(CONTENT, uploads=(f"{UPLOADS}k.jpg",)), FEATURED)
    assert found.uploads == ()


def test_featured_pictures_come_first_and_positions_count_anew() -> None:
    other = ImageReference("https://a.example/2.jpg", position=5)
    assert [(one.url, one.position) for one in merge_references([other, CONTENT, FEATURED])] == [
        (FEATURED.url, 0),
        (other.url, 1),
    ]


def test_content_pictures_are_left_as_the_markup_told_them_apart() -> None:
    assert len(merge_references([CONTENT, replace(CONTENT, alt="other")])) == 2


def test_without_media_the_content_stays() -> None:
    assert with_media([], [CONTENT]) == (CONTENT,)


def test_an_address_is_kept_once_however_it_is_spelled() -> None:
    given = ["https://a.example/%C3%BC.jpg", "http://a.example/ü.jpg", "", "https://a.example/x.jpg"]
    assert deduplicate(given, without=["http://a.example/x.jpg"]) == ("https://a.example/%C3%BC.jpg",)


@pytest.mark.parametrize(
    ("role", "best"), [(Role.FEATURED, "https://a.example/b.jpg"), (Role.CONTENT, "https://a.example/a.jpg")]
)
def test_only_sizes_of_featured_pictures_are_their_files_own(role: Role, best: str) -> None:
    one = ImageReference("https://a.example/a.jpg", role=role, width=300)
    other = ImageReference("https://a.example/b.jpg", role=role, width=600)
    assert union(one, other).url == best


def test_a_size_is_that_of_the_better_address() -> None:
    small = ImageReference(f"{UPLOADS}k-300x200.jpg", width=300, height=200)
    large = ImageReference(f"{UPLOADS}k.jpg", width=900, height=600)
    found = union(small, large)
    assert (found.url, found.width, found.height) == (large.url, 900, 600)


def test_a_size_that_the_better_address_lacks_is_the_other_s() -> None:
    found = union(
        ImageReference(f"{UPLOADS}k-300x200.jpg", width=300, height=200), ImageReference(f"{UPLOADS}k.jpg")
    )
    assert (found.width, found.height) == (300, 200)


def test_all_that_the_first_lacks_is_taken_from_the_second() -> None:
    second = ImageReference(
        f"{UPLOADS}k.jpg",
        ("https://b.example/k.jpg",),
        media_id=8,
        uploaded="2025",
        uploads=("https://c.example/k.jpg",),
    )
    found = union(ImageReference(f"{UPLOADS}k.jpg"), second)
    assert (found.variants, found.media_id, found.uploaded, found.uploads) == (
        second.variants,
        8,
        "2025",
        second.uploads,
    )


def test_a_credit_stays_with_its_field() -> None:
    found = union(replace(FEATURED, credit="AP", credit_field="media:credit"), CONTENT)
    assert (found.credit, found.credit_field) == ("AP", "media:credit")


@pytest.mark.parametrize(("caption", "told"), [("Kim", ("Kim", "media caption")), ("", ("C", "figcaption"))])
def test_a_caption_stays_with_its_field(caption: str, told: tuple[str, str]) -> None:
    named = replace(FEATURED, caption=caption, caption_field="media caption")
    found = union(named, replace(CONTENT, caption_field="figcaption"))
    assert (found.caption, found.caption_field) == told


def test_an_unresolved_reference_adds_no_address() -> None:
    found = union(CONTENT, RECORD)
    assert (found.url, found.variants, found.resolved) == (CONTENT.url, (), True)


def test_without_a_media_id_two_pictures_are_not_the_same_for_it() -> None:
    assert not is_same(ImageReference("https://a.example/1.jpg"), ImageReference("https://a.example/2.jpg"))


def test_pictures_are_the_same_by_variants_of_both() -> None:
    one, other = (
        ImageReference(f"https://{host}.example/1", ("https://c.example/x",)) for host in ("a", "b")
    )
    assert is_same(one, other)


def test_the_first_picture_beside_the_text_is_featured_and_others_are_content() -> None:
    found = with_media([ImageReference(f"https://a.example/{name}.jpg") for name in "abc"], [])
    assert [(one.url[-5:], one.role) for one in found] == [
        ("a.jpg", Role.FEATURED),
        ("b.jpg", Role.CONTENT),
        ("c.jpg", Role.CONTENT),
    ]


def test_the_first_picture_beside_the_text_takes_the_words_of_its_twin_in_it() -> None:
    (found,) = with_media([ImageReference(f"{UPLOADS}k.jpg")], [CONTENT])
    assert (found.role, found.alt) == (Role.FEATURED, "Kim")


def test_an_unresolved_reference_is_not_better_for_its_size() -> None:
    plain = ImageReference("https://a.example/k.jpg")
    assert union(plain, replace(RECORD, width=900)).url == plain.url


def test_of_two_unresolved_references_the_first_stays() -> None:
    other = replace(RECORD, url="https://a.example/wp-json/wp/v2/media/9", width=900)
    assert union(RECORD, other).url == RECORD.url
