"""What a catalog covers, as every report says it."""

from __future__ import annotations

from catalog.clusters import ComparedPictures
from catalog.index import FeatureStore
from catalog.lookup import Coverage, coverage_of
from catalog.store import Catalog


def read_coverage(catalog: Catalog) -> Coverage:
    """What a catalog covers now, by its records and its derived files."""
    with FeatureStore(catalog.derived) as feature_store:
        return coverage_of(catalog.records, feature_store, ComparedPictures(catalog.derived))
