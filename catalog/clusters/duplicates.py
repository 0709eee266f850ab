"""Clusters put together from the catalog: copies, uses in order of time, size variants folded, conflicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assets import moment_of
from catalog.clusters.cluster import Cluster, Conflicts, Copy, SiteSpread, Use
from catalog.clusters.compared_pictures import ComparedPictures
from catalog.clusters.grouping import Group, Member, groups, make_single_group, verifier
from catalog.clusters.size_variants import Variant, fold_variants
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.decisions import Decisions
from catalog.errors import UnknownPicture
from catalog.harvest import (
    LEAST_ADDRESSES_BELIED,
    Substitute,
    explain_substitutes,
    find_substitutes,
    substitute_of,
)
from catalog.index import CandidateIndex, FeatureStore
from catalog.matching import Matcher, Relation, explain_match, percent
from catalog.model import AssetRecord, UsageRecord, in_time, use_time_of
from catalog.store import Catalog, Store, asset_beginning

ID_DIGITS = 12

# One use is no duplicate.
LEAST_USES = 2

# By host, what stands in for others; of each asset.
_Substitutes = Mapping[str, Mapping[str, Substitute]]


@dataclass(frozen=True, slots=True)
class ClusterFilter:
    """Which clusters are asked for: used on two sites at least, used since a time, on a site, with a relation."""

    across_sites: bool = False
    since: str = ""
    site: str = ""
    relation: str = ""

    def has(self, cluster: Cluster) -> bool:
        """Whether a cluster is asked for."""
        if self.across_sites and len(cluster.sites) < LEAST_USES:
            return False
        if self.since and not _is_used_since(cluster, self.since):
            return False
        if self.site and self.site not in {use.site for use in cluster.uses}:
            return False
        return not self.relation or self.relation in relations_of(cluster)


def _is_used_since(cluster: Cluster, since: str) -> bool:
    """Whether a use came at a time or later, whatever zone that is told in."""
    wanted = moment_of(since)
    times = ((use.time, moment_of(use.time)) for use in cluster.uses)
    return any(moment >= wanted if moment and wanted else time >= since for time, moment in times)


def relations_of(cluster: Cluster) -> set[str]:
    """How copies are related to the best copy; "identical" where the same bytes are used more than once."""
    found = {copy.match.relation.value for copy in cluster.copies if copy.match is not None}
    used = [use.usage.asset for use in cluster.uses if use.is_reuse]
    return found | ({Relation.IDENTICAL.value} if len(set(used)) < len(used) else set())


class ClusterBuilder:
    """The clusters of a catalog, which it only reads; the derived files must be there."""

    def __init__(self, catalog: Catalog) -> None:
        self._store = catalog.records
        self._derived = catalog.derived

    def groups(self) -> list[Group]:
        """Who belongs together, in order of the best copy's digest; a picture that is used twice is a group too."""
        with FeatureStore(self._derived) as feature_store:
            matcher = Matcher(feature_store, CandidateIndex(self._derived, feature_store))
            found = groups(
                self._store.assets(),
                VerifiedPairs(self._derived),
                Decisions(self._store),
                verifier(feature_store, matcher),
            )
        is_final = self.is_final()
        grouped = {member.sha256 for group in found for member in group.members}
        for sha256 in self._store.list_used_assets(LEAST_USES):
            asset = self._store.asset(sha256) if sha256 not in grouped else None
            if asset is not None:
                found.append(make_single_group(asset, is_final=is_final))
        return sorted(found, key=lambda group: group.members[0].sha256)

    def is_final(self) -> bool:
        """Whether every picture that can be compared has been, so that no copy is missing for that."""
        compared = ComparedPictures(self._derived)
        return all(asset.reason or asset.sha256 in compared for asset in self._store.assets())

    def clusters(self, found: Iterable[Group], wanted: ClusterFilter | None = None) -> Iterator[Cluster]:
        """Each group with all that is known of it, one at a time."""
        for group in found:
            cluster = self.cluster(group)
            if sum(use.is_reuse for use in cluster.uses) >= LEAST_USES and (wanted or ClusterFilter()).has(
                cluster
            ):
                yield cluster

    def cluster(self, group: Group) -> Cluster:
        """One group with all that is known of it."""
        # A lookup asks for no conflicts: it need not load what tells them.
        from catalog.clusters.conflicts import conflicts_of

        cluster, shown = self._put_together(group)
        # What is said of the pictures that it stands in for disagrees, and is no conflict.
        return replace(cluster, conflicts=conflicts_of(cluster.copies, shown))

    def cluster_without_conflicts(self, group: Group) -> Cluster:
        """One group with its copies and uses alone."""
        return self._put_together(group)[0]

    def _put_together(self, group: Group) -> tuple[Cluster, tuple[Use, ...]]:
        """A cluster whose conflicts were not looked for, and its uses but for those of substitutes."""
        members = [member for member in group.members if self._store.asset(member.sha256) is not None]
        usages = self._store.usages_of_assets(member.sha256 for member in members)
        assets = [asset for member in members if (asset := self._store.asset(member.sha256)) is not None]
        variants = fold_variants(assets, usages)
        substitutes = _find_substitutes(assets, usages)
        copies = tuple(
            _copy(member, asset, variants.get(member.sha256), explain_substitutes(substitutes[asset.sha256]))
            for member, asset in zip(members, assets, strict=True)
        )
        uses = self._uses(usages, variants, substitutes)
        shown = tuple(use for use in uses if not use.substitute)
        cluster = Cluster(
            id=group.members[0].sha256[:ID_DIGITS],
            why_best=group.why_best,
            copies=copies,
            uses=uses,
            sites=_sites(shown),
            conflicts=Conflicts(),
        )
        return cluster, shown

    def substitutes(self) -> list[tuple[str, str]]:
        """The digests of what probably stands in for other pictures, and what is told of each."""
        found = []
        for sha256 in self._store.list_used_assets(LEAST_ADDRESSES_BELIED):
            asset = self._store.asset(sha256)
            if asset is not None:
                told = explain_substitutes(find_substitutes(asset, self._store.usages_of_asset(sha256)))
                found.extend([(sha256, told)] if told else [])
        return found

    def _uses(
        self, usages: Iterable[UsageRecord], variants: dict[str, Variant], substitutes: _Substitutes
    ) -> tuple[Use, ...]:
        ordered = [(one, substitute_of(one, substitutes[one.asset])) for one in sorted(usages, key=in_time)]
        dated = (moment_of(one.published) for one, substitute in ordered if substitute is None)
        earliest = next(filter(None, dated), None)
        seen: set[tuple[str, str]] = set()
        uses = []
        for usage, substitute in ordered:
            variant = variants.get(usage.asset)
            upload = variant.upload if variant is not None else usage.asset
            published = moment_of(usage.published)
            hours = None
            if earliest is not None and published is not None and substitute is None:
                hours = round((published - earliest).total_seconds() / 3600, 2)
            uses.append(
                Use(
                    usage=usage,
                    page=self._store.page(usage.page),
                    time=use_time_of(usage),
                    hours_after=hours,
                    is_reuse=(usage.page, upload) not in seen and substitute is None,
                    substitute=str(substitute or ""),
                )
            )
            seen.add((usage.page, upload))
        return tuple(uses)


def find_group(found: Sequence[Group], text: str) -> Group:
    """The group that a text names: by its id, or by how the SHA-256 of one of its copies begins.

    Raises UnknownPicture where it names none, or several.
    """
    begin = text.lower()
    by_best = [group for group in found if group.members[0].sha256.startswith(begin)]
    named_so = by_best or [group for group in found if any(_list_members_beginning(group, begin))]
    if len(named_so) == 1:
        return named_so[0]
    if not named_so:
        raise UnknownPicture(f"{text}: no cluster and no picture in the catalog begins so")
    if len({sha256 for group in named_so for sha256 in _list_members_beginning(group, begin)}) == 1:
        ids = ", ".join(group.members[0].sha256[:ID_DIGITS] for group in named_so)
        raise UnknownPicture(f"{text}: a copy of {len(named_so)} photographs; name one of {ids}")
    raise UnknownPicture(f"{text}: {len(named_so)} clusters begin so; give more digits")


def photograph(store: Store, found: Sequence[Group], text: str, *, is_final: bool) -> Group:
    """The group that a text names, else the picture in none whose SHA-256 begins so, as a group of its own.

    `is_final` says that all pictures have been compared. Raises UnknownPicture where it names none, or several.
    """
    begin = text.lower()
    try:
        return find_group(found, text)
    except UnknownPicture:
        if any(any(_list_members_beginning(group, begin)) for group in found):
            raise
        asset = asset_beginning(store, text)
        if asset is None:
            raise
        return make_single_group(asset, is_final=is_final)


def _list_members_beginning(group: Group, begin: str) -> Iterator[str]:
    return (one.sha256 for one in group.members if one.sha256.startswith(begin))


def _find_substitutes(assets: Iterable[AssetRecord], usages: Iterable[UsageRecord]) -> _Substitutes:
    by_asset: dict[str, list[UsageRecord]] = defaultdict(list)
    for usage in usages:
        by_asset[usage.asset].append(usage)
    return {asset.sha256: find_substitutes(asset, by_asset[asset.sha256]) for asset in assets}


def _copy(member: Member, asset: AssetRecord, variant: Variant | None, substitute: str) -> Copy:
    return Copy(
        asset=asset,
        explanation="; ".join(part for part in (_explanation(member), substitute) if part),
        match=member.match if not member.beside else None,
        decision=member.decision,
        upload=variant.upload if variant is not None else "",
        variant_evidence=variant.evidence if variant is not None else "",
        substitute=substitute,
    )


def _explanation(member: Member) -> str:
    match = member.match
    if match is None:
        return "decided to be the same photo" if member.decision else "the best copy"
    if member.beside:
        return f"shows the same as copy {member.beside[:ID_DIGITS]}, {explain_match(match)}"
    told = explain_match(match)
    if match.larger == "query" and match.relation is Relation.CROP:
        told = f"shows more than the best copy, which is {percent(match.kept)} of it"
    return told + (" (decided to be the same photo)" if member.decision else "")


def _sites(uses: Iterable[Use]) -> tuple[SiteSpread, ...]:
    """When each site was first observed to use the photograph, in that order."""
    first: dict[str, Use] = {}
    count: dict[str, int] = {}
    for use in uses:
        first.setdefault(use.site, use)
        count[use.site] = count.get(use.site, 0) + use.is_reuse
    return tuple(SiteSpread(site, use.time, use.hours_after, count[site]) for site, use in first.items())
