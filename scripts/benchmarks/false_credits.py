"""How many credits are read where there is none: every paragraph of stories, read as if it were a caption.

What is found is printed with its paragraph's end: some are real credits that stand in the text.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from assets.articles.main_content import find_story
from assets.articles.text_density import measure_text_density
from assets.credits import split_credit
from assets.parsing import text
from assets.parsing.encodings import decode_page
from assets.parsing.htmltree import parse_html

# Shorter paragraphs are captions, labels and bylines that stand among a story's text.
MIN_PARAGRAPH_BYTES = 60


def list_paragraphs(path: Path) -> Iterator[str]:
    """The paragraphs of a page's story that are no captions."""
    density = measure_text_density(parse_html(decode_page(path.read_bytes(), "text/html")))
    story = find_story(density, ())
    for element in density.list_descendants(story.body):
        is_prose = element.tag == "p" and not element.is_aside and not element.is_caption
        if is_prose and element.own_prose >= MIN_PARAGRAPH_BYTES:
            yield text.from_markup(element.node.html)


def main(arguments: list[str]) -> int:
    """Print each paragraph in which a credit is read, and how many there are."""
    parser = argparse.ArgumentParser(prog="scripts/bench false-credits", description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="of saved pages (.html)")
    folders = parser.parse_args(arguments).folders
    paths = [path for folder in folders for path in sorted(Path(folder).rglob("*.html"))]
    told = [paragraph for path in paths for paragraph in list_paragraphs(path)]
    found = [(credit, paragraph) for paragraph in told if (credit := split_credit(paragraph)[1])]
    for credit, paragraph in found:
        print(f"{credit!r} in {paragraph[-100:]!r}")
    print(f"{len(paths)} pages, {len(told)} paragraphs, {len(found)} credits")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
