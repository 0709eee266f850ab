"""Harvests of a played WordPress, many a second, and whether the ledger is equal to the site."""
