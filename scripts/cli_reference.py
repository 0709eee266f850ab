#!/usr/bin/env python3
"""Write docs/commands.md from the parser's own help; `--check` only compares.

python scripts/cli_reference.py [--check]
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

# argparse wraps at the terminal's width: the reference must not depend on who writes it.
os.environ["COLUMNS"] = "100"
os.environ.pop("PHOTODESK_CATALOG", None)

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"

HEAD = """\
# Commands

Every command with its options and examples, as its own `--help` tells it; `scripts/cli_reference.py` writes this page.

Exit codes: 0 done, 1 some items failed, 2 usage, 3 outside fault (disk, catalog in use), 130 interrupted.
"""


def page() -> str:
    """The help of every command as Markdown."""
    from catalog.cli.main import build_parser

    parser = build_parser()
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))  # noqa: SLF001
    parts = [
        f"## photodesk {name}\n\n```text\n{sub.format_help()}```\n" for name, sub in commands.choices.items()
    ]
    return "\n".join([HEAD, *parts])


def main() -> int:
    wanted = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != wanted:
            print("docs/commands.md is out of date; run scripts/cli_reference.py", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
