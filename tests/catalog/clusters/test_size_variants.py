"""Sizes of one upload, told on one site by what shows it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets import ImageReference, Page
from catalog.clusters.size_variants import Variant, fold_variants
from catalog.harvest.ledger import Ledger
from catalog.model import AssetRecord, UsageRecord
from catalog.store.embedded import EmbeddedStore

SIZES = {"full": (2000, 1200), "scaled": (1600, 960), "medium": (300, 180), "thumb": (150, 150)}
HOME = "https://news.example/up/"
THEIRS = "https://other.example/up/"


def asset(name: str, related: Sequence[tuple[str, str]] = (), size: tuple[int, int] = (0, 0)) -> AssetRecord:
    width, height = size if any(size) else SIZES[name]
    relations = [{"asset": upload, "relation": "size variant of", "evidence": at} for upload, at in related]
    return AssetRecord(sha256=name, width=width, height=height, length=width * height, related=relations)


def use(
    sha256: str,
    url: str,
    *variants: str,
    site: str = "news.example",
    page: str = "",
    media_id: int | None = None,
) -> UsageRecord:
    page = page or f"https://{site}/{sha256}/"
    return UsageRecord(
        key=f"{page} {url}",
        page=page,
        site=site,
        url=url,
        variants=list(variants),
        media_id=media_id,
        asset=sha256,
    )


FULL, MEDIUM = asset("full"), asset("medium")


@pytest.mark.parametrize(
    ("usages", "evidence"),
    [
        (
            [use("full", f"{HOME}k.jpg"), use("medium", f"{HOME}k-300x180.jpg")],
            "named k-300x180.jpg, a size of k.jpg",
        ),
        (
            [use("full", f"{HOME}k-scaled.jpg"), use("medium", f"{HOME}k-300x180.jpg")],
            "named k-300x180.jpg and k-scaled.jpg, sizes of one upload",
        ),
        (
            [use("full", f"{HOME}k.jpg"), use("medium", f"{HOME}k.jpg?w=300")],
            "named k.jpg?w=300, a size of k.jpg",
        ),
        (
            [use("full", f"{HOME}k.jpg"), use("medium", "https://i0.wp.com/news.example/up/k.jpg?w=300")],
            "named k.jpg?w=300, a size of k.jpg",
        ),
        (
            [use("full", f"{HOME}a.jpg", media_id=7), use("medium", f"{HOME}b.jpg", media_id=7)],
            "same media id 7 on news.example",
        ),
        (
            [
                use("full", f"{HOME}a.jpg", f"{HOME}b.jpg", page="https://news.example/1"),
                use("medium", f"{HOME}b.jpg"),
            ],
            "both are among the sizes given by https://news.example/1",
        ),
        (
            [
                use("full", f"{HOME}a.jpg"),
                use(
                    "medium",
                    f"{HOME}b.jpg",
                    "http://news.example/up/%61.jpg",
                    media_id=7,
                    page="https://p.example/",
                ),
            ],
            "both are among the sizes of media 7 given by https://p.example/",
        ),
        (
            [use("full", f"{HOME}a.jpg", page="p"), use("medium", f"{HOME}a.jpg", page="q")],
            "one address for both: news.example/up/a.jpg",
        ),
    ],
)
def test_a_size_on_the_same_site_is_a_variant(usages: list[UsageRecord], evidence: str) -> None:
    assert fold_variants([FULL, MEDIUM], usages) == {"medium": Variant("full", evidence)}


@pytest.mark.parametrize(
    "usages",
    [
        [use("full", f"{HOME}k.jpg"), use("medium", f"{HOME}k-2.jpg")],
        [use("full", f"{HOME}a.jpg", media_id=7), use("medium", f"{HOME}b.jpg", media_id=8)],
        [use("full", f"{HOME}k.jpg"), use("medium", f"{THEIRS}k-300x180.jpg", site="other.example")],
        # Both have one name and one id, but the other site links to the first one's file.
        [
            use("full", f"{HOME}k.jpg", f"{HOME}k-300x180.jpg", media_id=7),
            use("medium", f"{HOME}k-300x180.jpg", f"{HOME}k.jpg", media_id=7, site="other.example"),
        ],
        # Files of the desk's own archive belong to no site.
        [
            use("full", f"{HOME}k.jpg"),
            use("medium", "/desk/k-300x180.jpg", site="", page="/desk/k-300x180.jpg"),
        ],
        [
            use("full", "/desk/k.jpg", site="", page="/desk/k.jpg"),
            use("medium", "/desk/m.jpg", site="", page="/m"),
        ],
        [use("full", f"{HOME}k.jpg")],
        [],
    ],
)
def test_what_nothing_shows_to_be_a_size_is_none(usages: list[UsageRecord]) -> None:
    assert fold_variants([FULL, MEDIUM], usages) == {}


def test_an_upload_that_the_harvest_fetched_needs_no_usage() -> None:
    small = asset("medium", [("full", f"{HOME}original.jpg")])
    found = fold_variants([small, FULL], [use("medium", f"{HOME}k-300x180.jpg")])
    evidence = f"the upload behind it was fetched from {HOME}original.jpg"
    assert found == {"medium": Variant("full", evidence)}
    assert fold_variants([small, FULL], []) == found


def test_what_the_ledger_writes_of_an_upload_is_what_is_read() -> None:
    with EmbeddedStore() as store:
        store.put_asset(FULL)
        store.put_asset(MEDIUM)
        ledger = Ledger(store, "k", ["post.json"])
        page = Page("post.json", url="https://news.example/7/", site="news.example")
        ledger.note_usage(page, ImageReference(f"{HOME}k-300x180.jpg"), "medium")
        ledger.note_upload("medium", "full", f"{HOME}k.jpg")
        found = fold_variants(list(store.assets()), list(store.usages()))
    assert found == {"medium": Variant("full", f"the upload behind it was fetched from {HOME}k.jpg")}


def test_an_upload_outside_the_cluster_does_not_count() -> None:
    assert (
        fold_variants([asset("medium", [("full", f"{HOME}k.jpg")])], [use("medium", f"{HOME}k-300x180.jpg")])
        == {}
    )


def test_the_strongest_evidence_is_told() -> None:
    page = "https://news.example/1"
    small = asset("medium", [("full", f"{HOME}k.jpg")])
    named = [use("full", f"{HOME}k.jpg", page="f"), use("medium", f"{HOME}k-300x180.jpg", page="m")]
    same_id = [
        use("full", f"{HOME}k.jpg", page="f", media_id=7),
        use("medium", f"{HOME}k-300x180.jpg", page="m", media_id=7),
    ]
    offered = use("full", f"{HOME}k.jpg", f"{HOME}k-300x180.jpg", page=page)
    told = [
        fold_variants(assets, usages)["medium"].evidence.split()[0]
        for assets, usages in [
            ([FULL, MEDIUM], named),
            ([FULL, MEDIUM], same_id),
            ([FULL, MEDIUM], [*same_id, offered]),
            ([FULL, small], [*same_id, offered]),
        ]
    ]
    assert told == ["named", "same", "both", "the"]


def test_a_size_of_a_size_is_told_with_the_upload_on_top() -> None:
    small = asset("thumb", [("scaled", f"{HOME}k-scaled.jpg")])
    scaled = asset("scaled", [("full", f"{HOME}k.jpg")])
    found = fold_variants([small, scaled, FULL], [use("thumb", f"{HOME}k-150x150.jpg")])
    assert {sha256: variant.upload for sha256, variant in found.items()} == {
        "thumb": "full",
        "scaled": "full",
    }


def test_a_cut_thumbnail_is_a_size_of_its_upload() -> None:
    usages = [use("full", f"{HOME}k.jpg"), use("thumb", f"{HOME}k-150x150.jpg")]
    assert fold_variants([FULL, asset("thumb")], usages)["thumb"].upload == "full"


def test_without_the_upload_the_largest_size_stands_for_it() -> None:
    wide, square = asset("wide", size=(1024, 576)), asset("square", size=(600, 600))
    usages = [use("wide", f"{HOME}k-1024x576.jpg"), use("square", f"{HOME}k-600x600.jpg")]
    assert fold_variants([square, wide], usages)["square"].upload == "wide"


@pytest.mark.parametrize("size", [(3000, 1800), (1999, 1201), (2001, 100)])
def test_what_is_larger_than_the_upload_is_no_size_of_it(size: tuple[int, int]) -> None:
    """`k-3000x1800.jpg` may be an upload that is called so."""
    large = asset("large", size=size)
    usages = [
        use("full", f"{HOME}k.jpg"),
        use("large", f"{HOME}k-{size[0]}x{size[1]}.jpg"),
        use("medium", f"{HOME}k-300x180.jpg"),
    ]
    found = fold_variants([FULL, large, MEDIUM], usages)
    assert {sha256: variant.upload for sha256, variant in found.items()} == {"medium": "full"}


def test_an_upload_that_turned_out_smaller_than_its_size_is_not_believed() -> None:
    assert (
        fold_variants([asset("full", [("medium", f"{HOME}a.jpg")]), MEDIUM], [use("full", f"{HOME}b.jpg")])
        == {}
    )


def test_a_turned_upload_has_its_sizes_upright() -> None:
    upright = asset("upright", size=(600, 1000))
    usages = [use("full", f"{HOME}k.jpg"), use("upright", f"{HOME}k-600x1000.jpg")]
    assert fold_variants([FULL, upright], usages)["upright"].upload == "full"


def test_of_equal_sizes_what_is_named_as_the_upload_is_it() -> None:
    same = asset("same", size=SIZES["full"])
    for first, second in permutations([use("full", f"{HOME}k-2000x1200.jpg"), use("same", f"{HOME}k.jpg")]):
        assert {one: two.upload for one, two in fold_variants([FULL, same], [first, second]).items()} == {
            "full": "same"
        }


ON_BOTH = [
    use("medium", f"{HOME}k-300x180.jpg"),
    use("medium", f"{THEIRS}x-300x180.jpg", site="other.example"),
    use("full", f"{HOME}k.jpg"),
]


def test_bytes_on_several_sites_are_a_variant_only_if_they_are_one_on_each() -> None:
    large = asset("large", size=(2400, 1440))
    theirs = use("large", f"{THEIRS}x.jpg", site="other.example")
    assert fold_variants([FULL, MEDIUM], ON_BOTH) == {}
    assert fold_variants([FULL, MEDIUM, large], [*ON_BOTH, theirs]) == {
        "medium": Variant(
            "large", "named k-300x180.jpg, a size of k.jpg; named x-300x180.jpg, a size of x.jpg"
        )
    }


def test_an_upload_that_was_fetched_from_one_site_says_nothing_of_another() -> None:
    small = asset("medium", [("full", f"{HOME}k.jpg")])
    assert fold_variants([FULL, small], ON_BOTH) == {}
    assert fold_variants([FULL, small], [ON_BOTH[0], ON_BOTH[2]])["medium"].upload == "full"


def test_an_archive_file_with_the_same_bytes_keeps_a_size_from_being_folded() -> None:
    filed = use("medium", "/desk/m.jpg", site="", page="/desk/m.jpg")
    assert fold_variants([FULL, MEDIUM], [*ON_BOTH[::2], filed]) == {}


def test_different_evidence_joins_the_sizes_of_one_upload() -> None:
    usages = [
        use("full", f"{HOME}a.jpg", media_id=7),
        use("thumb", f"{HOME}b.jpg", f"{HOME}c.jpg", media_id=7),
        use("medium", f"{HOME}c.jpg"),
    ]
    found = fold_variants([FULL, MEDIUM, asset("thumb")], usages)
    assert {one: two.upload for one, two in found.items()} == {"medium": "full", "thumb": "full"}
    given = "both are among the sizes of media 7 given by https://news.example/thumb/"
    assert found["medium"].evidence == f"{given}; same media id 7 on news.example"
    assert found["thumb"].evidence == "same media id 7 on news.example"


NAMES = st.sampled_from(list(SIZES))
ADDRESSES = st.sampled_from(
    [f"{HOME}{name}.jpg" for name in ("a", "a-150x150", "a-300x180", "b", "b-2000x1200")]
)
USES = st.builds(
    lambda name, url, variants, site, media_id: use(name, url, *variants, site=site, media_id=media_id),
    NAMES,
    ADDRESSES,
    st.lists(ADDRESSES, max_size=2),
    st.sampled_from(["news.example", "other.example", ""]),
    st.sampled_from([None, 1, 2]),
)
RELATIONS = st.lists(st.tuples(NAMES, ADDRESSES), max_size=2)


@given(st.lists(USES, max_size=8), st.lists(RELATIONS, min_size=4, max_size=4), st.booleans())
def test_no_upload_is_a_variant_and_order_changes_nothing(
    usages: list[UsageRecord], relations: list[list[tuple[str, str]]], one_size: bool
) -> None:
    sizes = [(300, 200)] * 4 if one_size else list(SIZES.values())
    assets = [
        asset(name, [one for one in related if one[0] != name], size)
        for name, related, size in zip(SIZES, relations, sizes, strict=True)
    ]
    found = fold_variants(assets, usages)
    assert not {variant.upload for variant in found.values()} & found.keys()
    assert found.keys() <= {one.sha256 for one in assets}
    assert {one: two.upload for one, two in fold_variants(assets[::-1], usages[::-1]).items()} == {
        one: two.upload for one, two in found.items()
    }


def test_a_copy_at_an_upload_and_at_a_size_is_an_upload_whichever_use_came_first() -> None:
    assets = [asset("full"), asset("scaled")]
    usages = [
        use("scaled", "https://news.example/up/a.jpg"),
        use("full", "https://news.example/up/a-300x180.jpg"),
        use("scaled", "https://news.example/up/a-1600x960.jpg"),
    ]
    assert fold_variants(assets, usages) == fold_variants(assets, usages[::-1]) == {}


def test_what_has_no_size_is_a_size_of_nothing() -> None:
    drawing = AssetRecord(sha256="drawing", format="SVG", reason="unsupported picture")
    uses = [use("drawing", f"{HOME}k-300x200.svg"), use("full", f"{HOME}k.svg")]
    assert fold_variants([FULL, drawing], uses) == {}
