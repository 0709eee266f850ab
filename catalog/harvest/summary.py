"""What a harvest did, counted as it goes."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field

from assets import Failure, Notice, Reason, SiteRead, site_of
from catalog.model import Json

# Failures that a summary tells one by one: more is no longer read, and each is on record.
MOST_FAILURES = 50


@dataclass(slots=True)
class HarvestSummary:
    """What a harvest did; every picture's address is in exactly one of fetched, unchanged and failed.

    `failed` also counts inputs and posts that could not be read, and addresses that failed for good before and are not
    asked yet again; `skipped` counts files of no known kind in a folder. `reasons` tells the failures apart, `failures`
    are the first of them. `bytes` is what was transferred or read anew. `moved` and `gone` count posts that have
    another address or are open to nobody any more, `passed_over` those of types that were not read, by type. `listed`
    says of sites whose list was not gone through whole, by API root, when that was last done. `unreadable`
    counts the files, of those that came, that cannot be compared, by what they are and why. `notices` name what was odd
    about what was read, each kind with the first address that had it. `settled` are the references that are through, in
    whatever way.
    """

    pages: int = 0
    references: int = 0
    fetched: int = 0
    unchanged: int = 0
    failed: int = 0
    skipped: int = 0
    assets_new: int = 0
    bytes: int = 0
    moved: int = 0
    gone: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    reasons: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    listed: dict[str, str] = field(default_factory=dict)
    unreadable: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    settled: int = 0

    def fail(self, failure: Failure) -> None:
        """Count one address or input that did not yield what it should have."""
        if failure.reason is Reason.PASSED_OVER:
            self.skipped += 1
            return
        self.failed += 1
        self.reasons[failure.reason.value] += 1
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(failure)

    def note(self, notice: Notice) -> None:
        """Tell of what was odd about something that was read; what a whole site says is told once."""
        known = {(one.text, site_of(one.address)) for one in self.notices}
        if len(self.notices) < MOST_FAILURES and (notice.text, site_of(notice.address)) not in known:
            self.notices.append(notice)

    def note_site(self, site: SiteRead, listed: str) -> None:
        """Tell how a site was gone through; `listed` is when that was last done whole where it was not now."""
        self.passed_over.update(site.passed_over)
        if listed:
            self.listed[site.api_root] = listed

    def to_json(self) -> Json:
        """The summary as a JSON object, the most frequent reasons first; without what only a running harvest tells."""
        told = asdict(self) | {
            "reasons": dict(self.reasons.most_common()),
            "passed_over": dict(self.passed_over),
            "unreadable": dict(self.unreadable.most_common()),
        }
        del told["failures"], told["settled"]
        return told
