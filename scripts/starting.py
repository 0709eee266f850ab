"""Start a benchmark or a trial by its name: what `scripts/bench` and `scripts/trial` have in common.

Only the standard library is used until the project's own interpreter has taken over.
"""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent


def start(package: str, environment: str) -> int:
    """Run the module that the command line names; without a name, print which there are."""
    program = Path(sys.argv[0]).name
    known = modules_with_main(package)
    if len(sys.argv) < 2 or sys.argv[1] in {"-h", "--help"}:
        print(listing(program, known))
        return 0
    name = sys.argv[1].replace("-", "_")
    if name not in known:
        print(f"scripts/{program}: there is no {sys.argv[1]}\n\n{listing(program, known)}", file=sys.stderr)
        return 2
    use_environment(environment)
    sys.path[:0] = [str(SCRIPTS), str(SCRIPTS.parent), str(SCRIPTS.parent / "tests" / "support")]
    code: int = importlib.import_module(f"{package}.{name}").main(sys.argv[2:])
    return code


def modules_with_main(package: str) -> dict[str, str]:
    """The modules of the package that have a function `main`, each with its docstring's first line."""
    found = {}
    for path in sorted((SCRIPTS / package).glob("*.py")):
        # Read, not imported: what they import may not be installed yet.
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def listing(program: str, known: Mapping[str, str]) -> str:
    """How the program is used, and one line for each thing that it can start."""
    names = {name: name.replace("_", "-") for name in known}
    width = max(map(len, names.values()))
    lines = (f"  {names[name]:{width}}  {line}" for name, line in known.items())
    return "\n".join([f"usage: scripts/{program} NAME [ARG ...]", "", *lines])


def use_environment(kind: str) -> None:
    """Go on with the project's own interpreter and what `scripts/environment` installs for this kind."""
    python = SCRIPTS.parent / ".venv" / "bin" / "python"
    if Path(sys.prefix) == python.parent.parent or os.environ.get("PHOTODESK_BENCH_PYTHON") == "this":
        return
    if subprocess.run([SCRIPTS / "environment", kind]).returncode:
        sys.exit(3)
    os.execv(python, [python, *sys.argv])  # noqa: S606
