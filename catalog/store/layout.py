"""The files of a catalog's folder, by name.

    catalog.jsonl                  the records, in a journal
    decisions.jsonl                what people decided, in a journal of its own
    originals/5f/5f0c….jpg         original files by their SHA-256
    originals/incoming/            those that are still coming
    derived/                       what can be made again from both

A derived file whose number grows is made in a new way: one with an older number is no longer read.
"""

from __future__ import annotations

JOURNAL = "catalog.jsonl"

# What a finding about a record names as its place.
RECORDS = JOURNAL

# What people decided: each writes it for a moment, also while a harvest writes the other.
DECISIONS = "decisions.jsonl"

ORIGINALS = "originals"

# A folder that holds all of these is a catalog.
CATALOG_MARKS = frozenset({ORIGINALS, JOURNAL})

# An original's place among them. By their digests they are told from pictures that somebody else put in such a folder.
ANY_ORIGINAL = f"??/{'[0-9a-f]' * 64}.*"

INCOMING = "incoming"

DERIVED = "derived"

# Where every record lies in the journal.
JOURNAL_INDEX = "places-1.bin"

# What is known of each picture, and its local features, preview and chroma.
ROWS = "rows-3.bin"
STUDIES = "studies-3.bin"

# What features are searched in, by the number of their row: it is made anew with the rows.
INDEX = "features-3.faiss"

# Every verified pair of pictures.
PAIRS = "pairs-3.jsonl"
PAIRS_LOCK = f"{PAIRS}.lock"

# What is said of pictures, and SQLite's own file of a transaction under way, which it needs again after a crash.
WORDS = "words-1.sqlite"
WORDS_JOURNAL = f"{WORDS}-journal"

THUMBNAILS = "thumbnails-1"

# The derived files of this version; another version's are stale.
DERIVED_FILES = frozenset(
    {JOURNAL_INDEX, ROWS, STUDIES, INDEX, PAIRS, PAIRS_LOCK, THUMBNAILS, WORDS, WORDS_JOURNAL}
)
