"""What changed since a time, as the ledger knows it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

import pytest
from ledgers import ROOT, feed, html, rest, wxr

from assets import Failure, ImageReference, Page, PageKind, PostGone, Reading, Reason, Role, Stage
from catalog.cli.changes import change_line, change_record
from catalog.harvest.ledger import Ledger
from catalog.model import RunRecord, UsageRecord
from catalog.reports.changes import Change, ChangeKind, find_last_harvest, list_changes
from catalog.store.embedded import EmbeddedStore

PAGE = "https://news.example/7/"
OTHER = "https://other.example/9/"
HOME = "https://news.example/up/"
RECORD = "https://news.example/wp-json/wp/v2/media/8"


def story(address: str, published: str = "") -> Page:
    site = address.split("/")[2]
    return Page(address, url=address, site=site, kind=PageKind.POST, published=published)


class Newsroom:
    """A ledger whose harvests happen on days that a test names."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store = store
        self._harvests = 0

    def harvest(
        self,
        day: int,
        *pages: tuple[str | Page, Sequence[tuple[ImageReference, str]]],
        published: str = "",
        ends: bool = True,
        gone: Sequence[PostGone] = (),
        failures: tuple[Failure, ...] = (),
    ) -> None:
        """Harvest pages with their pictures, each with its asset, one second for each thing that is written."""
        seconds = iter(range(60))
        self._harvests += 1
        ledger = Ledger(
            self.store, str(self._harvests), ["x"], lambda: f"2025-08-{day:02}T06:00:{next(seconds):02}Z"
        )
        for address, pictures in pages:
            page = address if isinstance(address, Page) else story(address, published)
            ledger.note_page(Reading(page, tuple(reference for reference, _ in pictures), failures))
            for reference, asset in pictures:
                ledger.note_usage(page, reference, asset)
        for one in gone:
            ledger.note_gone(one)
        if ends:
            ledger.note_end({}, finished=True)

    def told(self, since: str = "", same: Collection[str] = ()) -> list[Change]:
        """The changes, where the assets in `same` show one photograph."""
        return list(list_changes(self.store, since, lambda sha256: same if sha256 in same else ()))


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with EmbeddedStore() as store:
        yield Newsroom(store)


def picture(name: str = "k.jpg", **fields: object) -> ImageReference:
    return ImageReference(url=name if "://" in name else HOME + name, **fields)  # type: ignore[arg-type]


def date(time: str) -> str:
    return time[:10]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("caption", ChangeKind.CAPTION),
        ("alt", ChangeKind.ALT),
        ("credit", ChangeKind.CREDIT),
    ],
)
@pytest.mark.parametrize(("before", "after"), [("Kim", "Kim Jong Un"), ("Kim", ""), ("", "Kim")])
def test_an_edited_text_is_told(
    room: Newsroom, field: str, kind: ChangeKind, before: str, after: str
) -> None:
    room.harvest(1, (PAGE, [(picture(**{field: before}), "aa")]))
    room.harvest(2, (PAGE, [(picture(**{field: after}), "aa")]))
    (change,) = room.told()
    assert (change.kind, change.before, change.after) == (kind, before, after)
    assert (change.page, change.site, change.asset) == (PAGE, "news.example", "aa")
    assert [date(time) for time in change.between] == ["2025-08-01", "2025-08-02"]
    assert change.at == change.between[1]
    assert room.store.usage(change.usage) is not None


@pytest.mark.parametrize("after", ["Kim  waves", " Kim waves ", "Kim\nwaves", "Kim\N{NO-BREAK SPACE}waves"])
def test_other_white_space_is_no_edit(room: Newsroom, after: str) -> None:
    room.harvest(1, (PAGE, [(picture(caption="Kim waves"), "aa")]))
    room.harvest(2, (PAGE, [(picture(caption=after), "aa")]))
    assert room.told() == []


@pytest.mark.parametrize(
    "then",
    [
        (picture("k-300x200.jpg"), "aa"),
        (picture(role=Role.FEATURED), "aa"),
        # A picture that could not be fetched this time is not a changed one, nor one that could not be before.
        (picture(), ""),
    ],
)
def test_another_size_or_place_of_the_same_picture_is_no_change(
    room: Newsroom, then: tuple[ImageReference, str]
) -> None:
    room.harvest(1, (PAGE, [(picture(), "aa")]))
    room.harvest(2, (PAGE, [then]))
    room.harvest(3, (PAGE, [(picture(), "aa")]))
    assert room.told() == []


def test_every_edit_of_a_text_is_told_with_what_it_said_in_between(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(picture(caption="one", alt="A"), "aa")]))
    room.harvest(2, (PAGE, [(picture(caption="one", alt="B"), "aa")]))
    room.harvest(3, (PAGE, [(picture(caption="two", alt="B"), "aa")]))
    room.harvest(4, (PAGE, [(picture(caption="two", alt="C"), "bb")]))
    assert [(one.kind, one.before, one.after, *map(date, one.between)) for one in room.told()] == [
        ("alt text edited", "A", "B", "2025-08-01", "2025-08-02"),
        ("caption edited", "one", "two", "2025-08-02", "2025-08-03"),
        ("alt text edited", "B", "C", "2025-08-03", "2025-08-04"),
        ("picture swapped", "aa", "bb", "2025-08-03", "2025-08-04"),
    ]


def test_both_ends_are_told_when_the_page_was_read_again_since() -> None:
    history = [{"until": "2025-08-01", "caption": "old"}]
    with EmbeddedStore() as store:
        store.put_usage(
            UsageRecord(key="u", page="p", caption="new", last_seen="2025-08-09", history=history)
        )
        (change,) = list_changes(store, "2025-08-09")
        assert change.between == ("2025-08-01", "2025-08-09")
        assert list(list_changes(store, "2025-08-10")) == []


def test_what_the_ledger_knows_to_be_older_is_left_out(room: Newsroom) -> None:
    for number, caption in enumerate(["one", "two", "three"], 1):
        room.harvest(number, (PAGE, [(picture(caption=caption), "aa")]))
    assert [change.after for change in room.told(since="2025-08-03")] == ["three"]


def test_where_the_history_says_when_a_change_was_seen_that_counts() -> None:
    history = [{"until": "2025-08-01", "seen": "2025-08-02", "caption": "old"}]
    with EmbeddedStore() as store:
        store.put_usage(
            UsageRecord(key="u", page="p", caption="new", last_seen="2025-08-09", history=history)
        )
        (change,) = list_changes(store, "2025-08-02")
        assert change.between == ("2025-08-01", "2025-08-02")
        assert list(list_changes(store, "2025-08-03")) == []


def test_a_credit_read_from_another_field_says_so(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(picture(credit="KCNA", credit_field="caption"), "aa")]))
    room.harvest(2, (PAGE, [(picture(credit="Reuters", credit_field="image_meta.credit"), "aa")]))
    assert [one.detail for one in room.told()] == ["read from image_meta.credit, before from caption"]


@pytest.mark.parametrize(
    ("address", "same", "kind", "detail"),
    [
        ("k.jpg", "", ChangeKind.SWAPPED, "at the same address"),
        ("k-300x200.jpg", "", ChangeKind.SWAPPED, f"its address was {HOME}k.jpg"),
        ("k.jpg", ("aa", "bb"), ChangeKind.REPLACED, "at the same address"),
    ],
)
def test_other_bytes_are_another_picture_unless_they_show_the_same_photo(
    room: Newsroom, address: str, same: Collection[str], kind: ChangeKind, detail: str
) -> None:
    room.harvest(1, (PAGE, [(picture(), "aa")]))
    room.harvest(2, (PAGE, [(picture(address), "bb")]))
    (change,) = room.told(same=same)
    assert (change.kind, change.before, change.after, change.detail) == (kind, "aa", "bb", detail)
    assert change.asset == "bb"


# Featured media that cannot always be looked up

READ = picture(role=Role.FEATURED, media_id=8, alt="Kim waves", caption="Kim. (KCNA)", credit="KCNA")
UNRESOLVED = picture(RECORD, role=Role.FEATURED, media_id=8, resolved=False)
FROM_PAGE = picture(
    "k-1200x630.jpg",
    role=Role.FEATURED,
    media_id=8,
    diagnosis=Failure(Stage.DISCOVER, Reason.UNAUTHORIZED, RECORD),
)


@pytest.mark.parametrize(
    "seen",
    [
        [(UNRESOLVED, ""), (READ, "aa")],
        [(READ, "aa"), (UNRESOLVED, "")],
        [(READ, "aa"), (UNRESOLVED, ""), (READ, "aa")],
        [(READ, "aa"), (FROM_PAGE, "bb")],
        [(FROM_PAGE, "bb"), (READ, "aa")],
        [(READ, "aa"), (FROM_PAGE, "bb"), (UNRESOLVED, ""), (READ, "aa")],
    ],
)
def test_media_that_could_not_be_looked_up_was_not_edited(
    room: Newsroom, seen: list[tuple[ImageReference, str]]
) -> None:
    for number, (reference, asset) in enumerate(seen, 1):
        room.harvest(number, (PAGE, [(reference, asset)]))
    assert room.told() == []


def test_an_edit_made_while_media_could_not_be_looked_up_is_told(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(READ, "aa")]))
    room.harvest(2, (PAGE, [(FROM_PAGE, "bb")]))
    room.harvest(
        3,
        (
            PAGE,
            [
                (
                    picture(role=Role.FEATURED, media_id=8, alt="Kim", caption="Kim. (KCNA)", credit="KCNA"),
                    "aa",
                )
            ],
        ),
    )
    assert [(one.kind, one.before, one.after, *map(date, one.between)) for one in room.told()] == [
        ("alt text edited", "Kim waves", "Kim", "2025-08-01", "2025-08-03")
    ]


def test_a_picture_that_always_comes_from_the_page_is_compared(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(FROM_PAGE, "bb")]))
    room.harvest(2, (PAGE, [(FROM_PAGE, "cc")]))
    assert [one.kind for one in room.told()] == ["picture swapped"]


# Withdrawn


def test_a_withdrawn_usage_is_told(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(picture("a.jpg"), "aa"), (picture("b.jpg"), "bb")]))
    room.harvest(2, (PAGE, [(picture("a.jpg"), "aa")]))
    room.harvest(3, (PAGE, [(picture("a.jpg"), "aa")]))
    (change,) = room.told()
    assert (change.kind, change.asset, change.before, change.after) == ("usage withdrawn", "bb", "", "")
    assert [date(time) for time in change.between] == ["2025-08-01", "2025-08-02"]
    assert room.told(since="2025-08-03") == []


def test_a_usage_that_is_back_was_withdrawn_meanwhile(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(picture(), "aa")]))
    room.harvest(2, (PAGE, []))
    room.harvest(3, (PAGE, [(picture(), "aa")]))
    assert [(one.kind, date(one.at)) for one in room.told()] == [
        ("usage withdrawn", "2025-08-02"),
        ("usage back", "2025-08-03"),
    ]


@pytest.mark.parametrize("role", [Role.CONTENT, Role.FEATURED])
def test_a_page_that_keeps_the_same_file_at_another_address_is_told_of(room: Newsroom, role: Role) -> None:
    room.harvest(1, (PAGE, [(picture("a.jpg", role=role), "aa")]))
    room.harvest(2, (PAGE, [(picture("b.jpg", role=role), "aa")]))
    assert [(one.kind, one.detail) for one in room.told()] == [
        ("usage withdrawn", "the page still uses the photo elsewhere")
    ]


def featured(name: str, media_id: int) -> ImageReference:
    return picture(name, role=Role.FEATURED, media_id=media_id)


@pytest.mark.parametrize(("same", "kind"), [("", "picture swapped"), (("aa", "bb"), "file replaced")])
def test_another_featured_picture_in_the_same_reading_is_a_swap(
    room: Newsroom, same: Collection[str], kind: str
) -> None:
    room.harvest(1, (PAGE, [(featured("a.jpg", 1), "aa")]))
    room.harvest(2, (PAGE, [(featured("b.jpg", 2), "bb")]))
    (change,) = room.told(same=same)
    assert (change.kind, change.before, change.after, change.asset) == (kind, "aa", "bb", "bb")
    assert change.detail == f"featured picture, its address was {HOME}a.jpg"
    assert [date(time) for time in change.between] == ["2025-08-01", "2025-08-02"]


def test_a_featured_picture_set_in_a_later_reading_is_no_swap(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(featured("a.jpg", 1), "aa")]))
    room.harvest(2, (PAGE, []))
    room.harvest(3, (PAGE, [(featured("b.jpg", 2), "bb")]))
    assert [one.kind for one in room.told()] == ["usage withdrawn"]


# Swapped at another address

Seen = list[tuple[ImageReference, str]]


def test_a_picture_of_the_story_that_is_exchanged_for_another_is_a_swap(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(picture("a.jpg"), "aa"), (picture("b.jpg", alt="Kim"), "bb")]))
    room.harvest(2, (PAGE, [(picture("a.jpg"), "aa"), (picture("d.jpg", alt="Kim"), "dd")]))
    (change,) = room.told()
    assert (change.kind, change.before, change.after, change.asset) == ("picture swapped", "bb", "dd", "dd")
    assert change.addresses == (f"{HOME}b.jpg", f"{HOME}d.jpg")
    assert change.detail == f"its address was {HOME}b.jpg"
    assert change.between == ("2025-08-01T06:00:03Z", "2025-08-02T06:00:03Z")
    assert room.store.usage(change.usage) is not None


def test_of_a_known_photo_that_was_swapped_in_one_change_tells_all(room: Newsroom) -> None:
    room.harvest(1, (OTHER, [(picture("x.jpg"), "dd")]), (PAGE, [(picture("b.jpg"), "bb")]))
    room.harvest(2, (PAGE, [(picture("d.jpg"), "dd")]))
    (change,) = room.told()
    assert change.kind == "picture swapped"
    assert change.detail == (
        f"its address was {HOME}b.jpg, earliest observed on {OTHER} at 2025-08-01T06:00:02Z"
    )


def told_pairs(
    room: Newsroom, before: Seen, after: Seen, same: Collection[str] = ()
) -> list[tuple[str, ...]]:
    """What is told of a page that was read twice, with the pictures before and after."""
    room.harvest(1, (PAGE, before))
    room.harvest(2, (PAGE, after))
    return sorted((one.kind.value, one.before or one.asset, one.after) for one in room.told(same=same))


@pytest.mark.parametrize(
    ("before", "after", "is_swap"),
    [
        # Caption and alt text tell which took whose place, as far as both say something.
        ([("", "one"), ("", "two")], [("", "two"), ("", "three")], True),
        ([("K", "one"), ("K", "two")], [("K", "two"), ("K", "three")], True),
        ([("", "one"), ("two", "")], [("two", " "), ("", "three")], True),
        ([("", "one"), ("", "two  times")], [("", "two\ntimes"), ("", "three")], True),
        # Alt texts that many pictures have tell nothing, nor do captions that say different things.
        ([("K", ""), ("K", "")], [("K", ""), ("K", "")], False),
        ([("", "one"), ("", "two")], [("", "three"), ("", "four")], False),
        ([("K", "one"), ("L", "two")], [("L", "three"), ("M", "four")], False),
        ([("", ""), ("", "")], [("", ""), ("", "")], False),
    ],
)
def test_where_several_went_and_came_their_texts_tell(
    room: Newsroom, before: list[tuple[str, str]], after: list[tuple[str, str]], is_swap: bool
) -> None:
    def seen(names: str, texts: list[tuple[str, str]]) -> Seen:
        return [
            (picture(f"{name}.jpg", alt=alt, caption=caption), name * 2)
            for name, (alt, caption) in zip(names, texts, strict=True)
        ]

    swaps = [one for one in told_pairs(room, seen("ab", before), seen("cd", after)) if "swap" in one[0]]
    assert swaps == ([("picture swapped", "bb", "cc")] if is_swap else [])


@pytest.mark.parametrize("texts", [("", ""), ("Kim", ""), ("Kim", "Kim waves")])
def test_where_one_went_and_one_came_it_is_a_swap_whatever_they_say(
    room: Newsroom, texts: tuple[str, str]
) -> None:
    before, after = (
        [(picture(f"{name}.jpg", caption=text), name * 2)] for name, text in zip("bd", texts, strict=True)
    )
    assert told_pairs(room, before, after) == [("picture swapped", "bb", "dd")]


@pytest.mark.parametrize(
    "after",
    [
        # More came than went, of another role, or what could not be fetched.
        [(picture("d.jpg"), "dd"), (picture("e.jpg"), "ee")],
        [(picture("d.jpg", role=Role.FEATURED), "dd")],
        [(picture("d.jpg"), "")],
        [],
    ],
)
def test_what_is_not_clear_is_told_as_withdrawn(room: Newsroom, after: Seen) -> None:
    assert told_pairs(room, [(picture("b.jpg"), "bb")], after) == [("usage withdrawn", "bb", "")]


def test_what_came_in_a_later_harvest_took_no_place(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(picture("b.jpg"), "bb")]))
    room.harvest(2, (PAGE, []))
    room.harvest(3, (PAGE, [(picture("d.jpg"), "dd")]))
    assert [one.kind for one in room.told()] == ["usage withdrawn"]


def test_another_size_or_crop_of_the_photo_is_another_file_and_no_swap(room: Newsroom) -> None:
    """And it is told first, so that what came beside it is not taken for it."""
    before = [(picture("b.jpg"), "bb"), (picture("c.jpg"), "cc")]
    after = [(picture("d.jpg"), "dd"), (picture("b-cut.jpg"), "b2")]
    assert told_pairs(room, before, after, same=("bb", "b2")) == [
        ("file replaced", "bb", "b2"),
        ("picture swapped", "cc", "dd"),
    ]
    assert [one.detail for one in room.told(same=("bb", "b2"))] == [
        f"its address was {HOME}c.jpg",
        f"its address was {HOME}b.jpg",
    ]


def test_the_same_file_at_another_address_is_never_a_swap(room: Newsroom) -> None:
    before = [(picture("b.jpg", alt="Kim"), "bb"), (picture("c.jpg"), "cc")]
    after = [(picture("e.jpg"), "bb"), (picture("d.jpg", alt="Kim"), "dd")]
    assert told_pairs(room, before, after) == [
        ("picture swapped", "cc", "dd"),
        ("usage withdrawn", "bb", ""),
    ]


def test_a_swapped_photo_that_the_page_keeps_elsewhere_says_so(room: Newsroom) -> None:
    lead = (picture("b.jpg", role=Role.FEATURED), "bb")
    room.harvest(1, (PAGE, [lead, (picture("b2.jpg"), "bb")]))
    room.harvest(2, (PAGE, [lead, (picture("d.jpg"), "dd")]))
    assert [(one.kind, one.detail) for one in room.told()] == [
        ("picture swapped", f"its address was {HOME}b2.jpg, the page still uses the former elsewhere")
    ]


def test_a_picture_that_is_swapped_again_is_told_with_what_came_in_between(room: Newsroom) -> None:
    for number, name in enumerate("bdef", 1):
        room.harvest(number, (PAGE, [(picture(f"{name}.jpg"), name * 2)]))
    assert [(one.before, one.after) for one in room.told()] == [("bb", "dd"), ("dd", "ee"), ("ee", "ff")]
    assert [(one.before, one.after) for one in room.told(since="2025-08-03")] == [("dd", "ee"), ("ee", "ff")]


def test_a_swap_counts_from_when_the_other_picture_was_seen(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(picture("b.jpg"), "bb")]), (OTHER, [(picture("x.jpg"), "dd")]))
    room.harvest(2, (PAGE, [(picture("d.jpg"), "dd")]))
    assert [one.kind for one in room.told(since="2025-08-02T06:00:02Z")] == ["picture swapped"]
    assert room.told(since="2025-08-02T06:00:03Z") == []


# New uses


def test_a_photo_that_another_page_used_before_is_told(room: Newsroom) -> None:
    room.harvest(
        1, (OTHER, [(picture("a.jpg"), "aa")]), ("https://third.example/", [(picture("a.jpg"), "aa")])
    )
    room.harvest(2, (PAGE, [(picture("b.jpg"), "aa")]))
    (change,) = room.told(since="2025-08-02")
    assert (change.kind, change.page, change.asset) == ("new use of a known photo", PAGE, "aa")
    assert change.between == ("", "2025-08-02T06:00:02Z")
    assert change.detail == f"earliest observed on {OTHER} at 2025-08-01T06:00:02Z, known from 2 pages"
    assert room.told(since="2025-08-03") == []


def test_earliest_observed_is_what_was_published_first_and_not_what_was_harvested_first(
    room: Newsroom,
) -> None:
    """As in `duplicates`."""
    third = "https://third.example/"
    room.harvest(1, (OTHER, [(picture("a.jpg"), "aa")]), published="2025-07-20T08:00:00Z")
    room.harvest(2, (PAGE, [(picture("b.jpg"), "aa")]), published="2025-07-31T08:00:00Z")
    room.harvest(3, (third, [(picture("a.jpg"), "aa")]), published="2025-07-20T07:00:00+00:00")
    assert [(one.page, one.at, one.detail) for one in room.told()] == [
        (
            PAGE,
            "2025-08-02T06:00:02Z",
            f"earliest observed on {third} at 2025-07-20T07:00:00+00:00, known from {OTHER}",
        ),
        (
            third,
            "2025-08-03T06:00:02Z",
            "earliest observed on this page at 2025-07-20T07:00:00+00:00, known from 2 pages",
        ),
    ]


def test_a_copy_of_a_known_photo_counts_where_copies_are_known(room: Newsroom) -> None:
    room.harvest(1, (OTHER, [(picture("a.jpg"), "aa")]))
    room.harvest(2, (PAGE, [(picture("b.jpg"), "bb")]))
    assert list(list_changes(room.store, "")) == room.told() == []
    assert [(one.kind, one.asset) for one in room.told(same=("aa", "bb"))] == [(ChangeKind.NEW_USE, "bb")]


@pytest.mark.parametrize(
    "harvests",
    [
        # Which of two pages came first within a harvest says nothing.
        [[(OTHER, "aa"), (PAGE, "aa")]],
        [[(PAGE, "aa")], [(PAGE, "aa")]],
        [[(OTHER, "aa")], [(PAGE, "bb")]],
        [[(OTHER, "")], [(PAGE, "")]],
    ],
)
def test_what_is_not_known_from_elsewhere_is_no_new_use(
    room: Newsroom, harvests: list[list[tuple[str, str]]]
) -> None:
    for number, pages in enumerate(harvests, 1):
        room.harvest(number, *((page, [(picture(), asset)]) for page, asset in pages))
    assert room.told() == []


def test_a_second_picture_on_a_page_that_has_the_photo_is_no_new_use_of_it(room: Newsroom) -> None:
    both = [(picture("a.jpg"), "aa"), (picture("b.jpg"), "aa")]
    room.harvest(1, (OTHER, [(picture(), "aa")]), (PAGE, both[:1]))
    room.harvest(2, (PAGE, both))
    assert room.told() == []


@pytest.mark.parametrize(("order", "kinds"), [((1, 2, 3), ["new use of a known photo"]), ((3, 1, 2), [])])
def test_a_photo_is_known_from_when_a_page_had_it_until_it_was_swapped(
    room: Newsroom, order: tuple[int, ...], kinds: list[str]
) -> None:
    """The page's own first use of anything is not the photo's."""
    written = {
        1: (OTHER, [(picture("a.jpg"), "aa")]),
        2: (OTHER, [(picture("a.jpg"), "bb")]),
        3: (PAGE, [(picture("b.jpg"), "aa" if kinds else "bb")]),
    }
    for number, what in enumerate(order, 1):
        room.harvest(number, written[what])
    assert [one.kind for one in room.told() if one.kind is not ChangeKind.SWAPPED] == kinds


def test_a_harvest_that_was_interrupted_is_told_from_those_in_between() -> None:
    with EmbeddedStore() as store:
        store.put_run(RunRecord(key="1", inputs_key="a", started="2025-08-01", finished="2025-08-09"))
        store.put_run(RunRecord(key="2", inputs_key="b", started="2025-08-03", finished="2025-08-04"))
        for key, seen in (("u", "2025-08-03"), ("v", "2025-08-08")):
            store.put_usage(UsageRecord(key=key, page=key, asset="aa", first_seen=seen, last_seen=seen))
        assert [one.page for one in list_changes(store, "")] == ["v"]


class CountingStore(EmbeddedStore):
    """Counts how often all usages of an asset are asked for."""

    asked = 0

    def usages_of_asset(self, sha256: str) -> list[UsageRecord]:
        self.asked += 1
        return super().usages_of_asset(sha256)


def test_the_uses_of_a_photo_are_gathered_once_however_many_are_new() -> None:
    with CountingStore() as store:
        store.put_run(RunRecord(key="1", inputs_key="a", started="2025-08-02"))
        for number, day in enumerate(["2025-08-01", *["2025-08-03"] * 20]):
            page = f"https://a.example/{number}"
            store.put_usage(UsageRecord(key=page, page=page, asset="aa", first_seen=day, last_seen=day))
        told = list(list_changes(store, ""))
        assert {one.detail for one in told} == {"earliest observed on https://a.example/0 at 2025-08-01"}
        assert (len(told), store.asked) == (20, 1)


def test_a_new_use_that_another_kind_of_source_shows_is_none(room: Newsroom) -> None:
    """A feed shows no featured picture: that the site has one was so before."""
    room.harvest(1, (OTHER, [(picture("a.jpg"), "aa")]), (feed(), []))
    room.harvest(2, (rest(), [(picture("b.jpg"), "aa")]))
    assert room.told() == []


def test_a_new_use_that_a_kind_of_source_shows_which_was_read_before_is_told(room: Newsroom) -> None:
    room.harvest(1, (OTHER, [(picture("a.jpg"), "aa")]), (feed(), []), (rest(), []))
    room.harvest(2, (rest(), [(picture("b.jpg"), "aa")]))
    assert [one.kind for one in room.told()] == ["new use of a known photo"]


def test_a_page_that_is_new_and_read_by_two_kinds_of_sources_is_told_once(room: Newsroom) -> None:
    room.harvest(1, (OTHER, [(picture("a.jpg"), "aa")]))
    room.harvest(2, (feed(), []), (rest(), [(picture("b.jpg"), "aa")]))
    assert [one.kind for one in room.told()] == ["new use of a known photo"]


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"status": "publish"}, ["new use of a known photo"]),
        ({"status": ""}, ["new use of a known photo"]),
        ({"status": "private"}, []),
        ({"status": "draft"}, []),
        ({"kind": PageKind.ATTACHMENT}, []),
    ],
)
def test_a_new_use_counts_on_a_public_page_of_a_story(
    room: Newsroom, fields: dict[str, object], kinds: list[str]
) -> None:
    room.harvest(1, (OTHER, [(picture("a.jpg"), "aa")]))
    room.harvest(2, (rest(**fields), [(picture("b.jpg"), "aa")]))
    assert [one.kind for one in room.told()] == kinds


# Pages that moved, ask for a password, are gone or back

NEW = "https://news.example/new/"
LOCKED = Failure(Stage.DISCOVER, Reason.PROTECTED, PAGE)


def test_a_page_that_moved_is_told_with_both_addresses(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(), "aa")]))
    room.harvest(2, (rest(url=NEW), [(picture(), "aa")]))
    (change,) = room.told()
    assert (change.kind, change.before, change.after, change.page) == ("page moved", PAGE, NEW, NEW)
    assert (date(change.at), change.between[0]) == ("2025-08-02", "")


def test_a_page_that_moved_twice_is_told_twice(room: Newsroom) -> None:
    for number, url in enumerate((PAGE, NEW, OTHER), 1):
        room.harvest(number, (rest(url=url), []))
    assert [(one.before, one.after) for one in room.told()] == [(PAGE, NEW), (NEW, OTHER)]


def test_a_page_that_moved_before_the_time_asked_about_is_left_out(room: Newsroom) -> None:
    for number, url in enumerate((PAGE, NEW, OTHER), 1):
        room.harvest(number, (rest(url=url), []))
    assert [one.after for one in room.told(since="2025-08-03")] == [OTHER]


def test_a_known_photo_on_a_page_that_moved_is_no_new_use(room: Newsroom) -> None:
    room.harvest(1, (OTHER, [(picture("a.jpg"), "aa")]), (rest(), [(picture(), "aa")]))
    room.harvest(2, (rest(url=NEW), [(picture(), "aa")]))
    assert [one.kind for one in room.told()] == ["page moved"]


def test_a_draft_that_is_published_did_not_move(room: Newsroom) -> None:
    room.harvest(1, (rest(url="https://news.example/?p=7", status="draft"), [(picture(), "aa")]))
    room.harvest(2, (rest(status="publish"), [(picture(), "aa")]))
    assert room.told() == []


def test_a_page_that_asks_for_a_password_now_is_told(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(), "aa")]))
    room.harvest(2, (rest(), []), failures=(LOCKED,))
    assert [(one.kind, one.page, date(one.at)) for one in room.told()] == [
        ("page protected", PAGE, "2025-08-02")
    ]


def test_a_page_that_goes_on_asking_for_a_password_is_told_once(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(), "aa")]))
    for number in (2, 3):
        room.harvest(number, (rest(), []), failures=(LOCKED,))
    assert [date(one.at) for one in room.told()] == ["2025-08-02"]
    assert room.told(since="2025-08-03") == []


def test_a_page_that_asked_for_a_password_from_the_first_is_not_told(room: Newsroom) -> None:
    for number in (1, 2):
        room.harvest(number, (rest(), []), failures=(LOCKED,))
    assert room.told() == []


def test_a_page_with_a_password_that_is_gone_is_told_as_gone(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(), "aa")]))
    room.harvest(2, (rest(), []), failures=(LOCKED,))
    room.harvest(3, gone=[PostGone(ROOT, 7, "deleted")])
    assert [(one.kind, one.detail) for one in room.told()] == [
        ("usage withdrawn", "the page is gone: deleted")
    ]


def test_a_page_that_is_gone_and_back_is_told_as_both(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(), "aa")]))
    room.harvest(2, gone=[PostGone(ROOT, 7, "trash")])
    room.harvest(3, (rest(status="publish"), [(picture(), "aa")]))
    assert [(one.kind, *map(date, one.between)) for one in room.told()] == [
        ("usage withdrawn", "2025-08-01", "2025-08-02"),
        ("usage back", "2025-08-02", "2025-08-03"),
    ]


def test_a_use_that_is_back_is_told_alone_where_it_went_before_the_time_asked_about(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(), "aa")]))
    room.harvest(2, gone=[PostGone(ROOT, 7, "trash")])
    room.harvest(3, (rest(status="publish"), [(picture(), "aa")]))
    assert [one.kind for one in room.told(since="2025-08-03")] == ["usage back"]


def test_a_draft_that_a_post_became_is_told_as_gone(room: Newsroom) -> None:
    room.harvest(1, (rest(status="publish"), [(picture(), "aa")]))
    room.harvest(2, (rest(status="draft"), [(picture(), "aa")]))
    assert [(one.kind, one.detail) for one in room.told()] == [("usage withdrawn", "the page is gone: draft")]


# Several kinds of sources


@pytest.mark.parametrize("other", [feed, html, wxr])
def test_what_another_kind_of_source_says_otherwise_is_no_change(
    room: Newsroom, other: Callable[[], Page]
) -> None:
    room.harvest(1, (rest(), [(picture(alt="of the site"), "aa")]))
    room.harvest(2, (other(), [(picture(alt="of another"), "bb")]))
    room.harvest(3, (rest(), [(picture(alt="of the site"), "aa")]))
    assert room.told() == []


def test_what_another_kind_of_source_does_not_show_is_not_withdrawn(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(), "aa"), (picture("b.jpg"), "bb")]))
    room.harvest(2, (feed(), [(picture(), "aa")]))
    assert room.told() == []


def test_an_edit_that_another_kind_of_source_tells_later_is_told_once(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(alt="one"), "aa")]), (feed(), [(picture(alt="one"), "aa")]))
    room.harvest(2, (rest(), [(picture(alt="two"), "aa")]))
    room.harvest(3, (feed(), [(picture(alt="two"), "aa")]))
    assert [(one.before, one.after, date(one.at)) for one in room.told()] == [("one", "two", "2025-08-02")]


def test_an_edit_that_another_kind_of_source_told_first_is_told_once(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(alt="one"), "aa")]), (feed(), [(picture(alt="one"), "aa")]))
    room.harvest(2, (feed(), [(picture(alt="two"), "aa")]))
    room.harvest(3, (rest(), [(picture(alt="two"), "aa")]))
    assert [(one.before, one.after, date(one.at)) for one in room.told()] == [("one", "two", "2025-08-03")]


def test_an_edit_that_only_another_kind_of_source_tells_is_told(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(alt="one"), "aa")]), (feed(), [(picture(alt="one"), "aa")]))
    room.harvest(2, (feed(), [(picture(alt="two"), "aa")]))
    assert [(one.before, one.after, date(one.at)) for one in room.told()] == [("one", "two", "2025-08-02")]


def test_a_swap_that_another_kind_of_source_tells_later_is_told_once(room: Newsroom) -> None:
    room.harvest(1, (rest(), [(picture(), "aa")]), (feed(), [(picture(), "aa")]))
    room.harvest(2, (rest(), [(picture(), "bb")]))
    room.harvest(3, (feed(), [(picture(), "bb")]))
    assert [(one.kind, one.before, one.after) for one in room.told()] == [("picture swapped", "aa", "bb")]


# Another size that answered

SMALL = f"{HOME}k-300x200.jpg"


def answered(room: Newsroom, day: int, asset: str, address: str) -> None:
    """Have a page read, one of whose picture's addresses gave this asset."""
    ledger = Ledger(room.store, f"day {day}", ["x"], lambda: f"2025-08-{day:02}T06:00:00Z")
    ledger.note_page(Reading(rest(), (picture(),)))
    ledger.note_usage(rest(), picture(), asset, address)
    ledger.note_end({}, finished=True)


@pytest.mark.parametrize("same", ["", ("aa", "bb")])
@pytest.mark.parametrize(
    "answers",
    [
        [("aa", f"{HOME}k.jpg"), ("bb", SMALL)],
        [("bb", SMALL), ("aa", f"{HOME}k.jpg")],
        [("aa", f"{HOME}k.jpg"), ("bb", SMALL), ("aa", f"{HOME}k.jpg")],
        [("bb", SMALL), ("cc", f"{HOME}k-100x66.jpg")],
    ],
)
def test_another_size_that_answered_is_no_replaced_file(
    room: Newsroom, answers: list[tuple[str, str]], same: Collection[str]
) -> None:
    for number, (asset, address) in enumerate(answers, 1):
        answered(room, number, asset, address)
    assert room.told(same=same) == []


def test_other_bytes_from_the_same_other_size_are_a_replaced_file(room: Newsroom) -> None:
    answered(room, 1, "aa", SMALL)
    answered(room, 2, "bb", SMALL)
    assert [one.kind for one in room.told(same=("aa", "bb"))] == ["file replaced"]


def test_a_picture_at_another_address_that_came_late_is_a_swap(room: Newsroom) -> None:
    """Meanwhile the use keeps the former one, from the former address."""
    for number, (name, asset) in enumerate([("a.jpg", "aa"), ("b.jpg", ""), ("b.jpg", "bb")], 1):
        room.harvest(number, (rest(), [(featured(name, 8), asset)]))
    (change,) = room.told()
    assert (change.kind, change.before, change.after) == ("picture swapped", "aa", "bb")
    assert (change.detail, date(change.at)) == (f"its address was {HOME}a.jpg", "2025-08-03")


def test_a_picture_at_another_address_that_came_late_and_is_the_same_is_no_change(room: Newsroom) -> None:
    for number, (name, asset) in enumerate([("a.jpg", "aa"), ("b.jpg", ""), ("b.jpg", "aa")], 1):
        room.harvest(number, (rest(), [(featured(name, 8), asset)]))
    assert room.told() == []


def test_other_bytes_are_told_though_another_size_answered_in_between(room: Newsroom) -> None:
    answered(room, 1, "aa", f"{HOME}k.jpg")
    answered(room, 2, "bb", SMALL)
    answered(room, 3, "cc", f"{HOME}k.jpg")
    assert [(one.before, one.after) for one in room.told()] == [("aa", "cc")]


# Since when, and how it is told


def test_the_last_harvest_is_the_last_that_came_to_its_end(room: Newsroom) -> None:
    assert find_last_harvest(room.store) == ""
    room.harvest(1, (PAGE, []))
    room.harvest(2, (PAGE, []))
    room.harvest(3, (PAGE, []), ends=False)
    assert find_last_harvest(room.store) == "2025-08-02T06:00:00Z"


def test_what_the_last_harvest_found_is_told_from_its_beginning(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(picture(caption="old"), "aa")]))
    room.harvest(2, (PAGE, [(picture(caption="new"), "aa")]))
    assert [one.after for one in room.told(find_last_harvest(room.store))] == ["new"]
    room.harvest(3, (OTHER, []))
    assert room.told(find_last_harvest(room.store)) == []


CHANGE = Change(
    kind=ChangeKind.CAPTION,
    between=("2025-08-01T06:00:00Z", "2025-08-02T06:00:00Z"),
    usage="u",
    page=PAGE,
    site="news.example",
    asset="5f0c" * 16,
    before="Kim\nwaves",
    after="Kim \x1b[31mwaves",
)
HEAD = f"news.example {PAGE}"


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, f'caption edited  {HEAD}  "Kim waves" -> "Kim \N{REPLACEMENT CHARACTER}[31mwaves" (unchanged'),
        ({"before": " "}, f"caption edited  {HEAD}  none -> "),
        ({"site": "", "page": "/a\x07"}, "caption edited  /a\N{REPLACEMENT CHARACTER}  "),
        (
            {"kind": ChangeKind.CREDIT, "before": "a", "after": "b", "detail": "read from x"},
            f'credit edited  {HEAD}  "a" -> "b", read from x (unchanged until 2025-08-01T06:00:00Z)',
        ),
        (
            {
                "kind": ChangeKind.SWAPPED,
                "before": "aa" * 32,
                "after": "bb" * 32,
                "detail": "at the same address",
            },
            f"picture swapped  {HEAD}  aaaaaaaaaaaa -> bbbbbbbbbbbb, at the same address (unchanged until ",
        ),
        (
            {
                "kind": ChangeKind.SWAPPED,
                "before": "aa" * 32,
                "after": "bb" * 32,
                "addresses": ("https://a.example/b.jpg", "https://a.example/d\x07.jpg"),
                "detail": "its address was https://a.example/b.jpg",
            },
            f"picture swapped  {HEAD}  aaaaaaaaaaaa -> bbbbbbbbbbbb,"
            " at https://a.example/d\N{REPLACEMENT CHARACTER}.jpg,"
            " its address was https://a.example/b.jpg (unchanged until ",
        ),
        (
            {"kind": ChangeKind.WITHDRAWN, "before": "", "after": ""},
            f"usage withdrawn  {HEAD}  5f0c5f0c5f0c (unchanged until 2025-08-01T06:00:00Z)",
        ),
        (
            {"kind": ChangeKind.WITHDRAWN, "before": "", "after": "", "asset": ""},
            f"usage withdrawn  {HEAD}  (unchanged until 2025-08-01T06:00:00Z)",
        ),
    ],
)
def test_what_a_person_reads(fields: dict[str, str], line: str) -> None:
    told = change_line(replace(CHANGE, **fields))  # type: ignore[arg-type]
    assert told.startswith(f"2025-08-02T06:00:00Z  {line}")
    assert len(told.splitlines()) == 1


def test_a_new_use_has_no_time_before_it() -> None:
    change = replace(
        CHANGE, kind=ChangeKind.NEW_USE, between=("", "2025-08-02"), before="", after="", detail="seen"
    )
    assert change_line(change) == f"2025-08-02  new use of a known photo  {HEAD}  5f0c5f0c5f0c, seen"


def test_a_script_reads_both_pictures_and_both_addresses_of_a_swap(room: Newsroom) -> None:
    room.harvest(1, (PAGE, [(picture("b.jpg"), "bb")]))
    room.harvest(2, (PAGE, [(picture("d.jpg"), "dd")]))
    (record,) = map(change_record, room.told())
    assert (record["before"], record["after"]) == ("bb", "dd")
    assert record["addresses"] == [f"{HOME}b.jpg", f"{HOME}d.jpg"]


def test_what_a_script_reads() -> None:
    record = change_record(CHANGE)
    assert (
        json.loads(json.dumps(record))
        == record
        == {
            "kind": "caption edited",
            "at": "2025-08-02T06:00:00Z",
            "between": ["2025-08-01T06:00:00Z", "2025-08-02T06:00:00Z"],
            "site": "news.example",
            "page": PAGE,
            "usage": "u",
            "asset": "5f0c" * 16,
            "before": "Kim\nwaves",
            "after": "Kim \x1b[31mwaves",
            "addresses": [],
            "detail": "",
        }
    )
