"""A cluster's plain values, and the little they work out themselves."""

from __future__ import annotations

import pytest

from assets import PageKind
from catalog.clusters.cluster import Cluster, Conflicts, Copy, Extent, Statement, Use, Wording
from catalog.model import AssetRecord, PageRecord, UsageRecord

PAGE = "https://a.example/story"


def use(page: str = PAGE, site: str = "", kind: PageKind | None = None, time: str = "") -> Use:
    record = PageRecord(key=page, kind=kind.value) if kind is not None else None
    return Use(UsageRecord(key="u", page=page, site=site), record, time)


def wording(text: str) -> Wording:
    return Wording(text, (Statement(text, "caption", "aa"),))


def cluster(*uses: Use) -> Cluster:
    copies = (Copy(AssetRecord(sha256="aa"), "the best"), Copy(AssetRecord(sha256="bb"), "a copy"))
    return Cluster("aa", "the largest", copies, uses, (), Conflicts())


# Sites


def test_a_use_on_a_site_is_on_that_site() -> None:
    assert use(site="a.example", kind=PageKind.POST).site == "a.example"


def test_a_use_on_a_page_without_a_site_counts_by_its_page() -> None:
    assert use(kind=PageKind.POST).site == PAGE


def test_a_use_on_a_page_without_a_record_counts_by_its_page() -> None:
    assert use(page="/desk/kim.jpg").site == "/desk/kim.jpg"


def test_a_picture_file_counts_by_its_folder() -> None:
    assert use(page="/desk/photos/kim.jpg", kind=PageKind.FILE).site == "/desk/photos"


def test_a_picture_file_without_a_folder_counts_by_itself() -> None:
    assert use(page="kim.jpg", kind=PageKind.FILE).site == "kim.jpg"


def test_a_picture_file_of_a_site_counts_by_its_site() -> None:
    assert use(page="/desk/kim.jpg", site="a.example", kind=PageKind.FILE).site == "a.example"


# How far it has spread


def test_a_cluster_sums_up_its_uses_and_copies() -> None:
    one = cluster(use(site="a.example", time="2025"), use(site="b.example", time="2026"))
    assert one.extent == Extent(uses=2, sites=0, copies=2, earliest="2025", earliest_site="a.example")


def test_a_cluster_that_nobody_uses_has_no_earliest_use() -> None:
    assert cluster().extent == Extent(uses=0, sites=0, copies=2)


# Conflicts


def test_nothing_said_is_no_conflict() -> None:
    assert Conflicts().kinds == ()


def test_one_wording_of_each_is_no_conflict() -> None:
    assert Conflicts(captions=(wording("Kim"),), credits=(wording("AP"),)).kinds == ()


def test_two_captions_are_a_conflict() -> None:
    assert Conflicts(captions=(wording("Kim"), wording("Lee"))).kinds == ("caption",)


def test_two_credits_are_a_conflict() -> None:
    assert Conflicts(credits=(wording("AP"), wording("NASA"))).kinds == ("credit",)


def test_one_credit_that_is_missing_is_a_conflict() -> None:
    assert Conflicts(credit_missing=("u",)).kinds == ("credit missing",)


def test_all_kinds_of_conflict_are_told_in_one_order() -> None:
    both = (wording("one"), wording("two"))
    assert Conflicts(both, both, ("u",)).kinds == ("caption", "credit", "credit missing")


# Clusters


def test_the_best_copy_is_the_first() -> None:
    assert cluster().best == AssetRecord(sha256="aa")


def test_the_earliest_use_is_the_first() -> None:
    first, second = use(time="2025-08-01"), use(time="2025-09-01")
    assert cluster(first, second).earliest is first


def test_a_photograph_that_nobody_uses_has_no_earliest_use() -> None:
    assert cluster().earliest is None


@pytest.mark.parametrize(
    ("field", "value"), [("match", None), ("decision", ""), ("upload", ""), ("variant_evidence", "")]
)
def test_a_copy_is_no_more_than_it_is_said_to_be(field: str, value: object) -> None:
    assert getattr(Copy(AssetRecord(sha256="aa"), "the same file"), field) == value


def test_a_use_is_a_reuse_unless_it_is_said_to_be_none() -> None:
    assert use().is_reuse
