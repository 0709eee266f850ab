#!/usr/bin/env python3
"""Write the README's command reference from the parser's own help; `--check` only compares.

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

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN = "<!-- command reference: begin -->"
END = "<!-- command reference: end -->"


def reference() -> str:
    """The help of every command as Markdown."""
    from catalog.cli.main import build_parser

    parser = build_parser()
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))  # noqa: SLF001
    parts = [
        f"### photodesk {name}\n\n```text\n{sub.format_help()}```" for name, sub in commands.choices.items()
    ]
    return "\n\n".join(parts)


def main() -> int:
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    wanted = f"{before}{BEGIN}\n\n{reference()}\n\n{END}{after}"
    if "--check" in sys.argv[1:]:
        if wanted != text:
            print(
                "README.md: the command reference is out of date; run scripts/cli_reference.py",
                file=sys.stderr,
            )
            return 1
        return 0
    README.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
