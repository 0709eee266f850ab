"""The house: rooms import downwards only, through each other's faces, and stay small."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PACKAGES = ("assets", "catalog")

# A row of the table of rooms in CONTRIBUTING.md: the floor, and what stands on it.
ROW = re.compile(r"^\| (?P<floor>\d+) \| (?P<names>`[^|]+`) \|", re.MULTILINE)

# Toolboxes: their modules are their face.
TOOLBOXES = {"assets.parsing", "catalog.cli.console"}

# Rooms that decide something: there each module has a test file of its own, elsewhere those of a room may share files.
DECIDING = {
    *("assets.articles", "assets.articles.metadata", "assets.credits", "assets.http"),
    *("assets.markup", "assets.pictures", "assets.posts"),
    *("catalog.clusters", "catalog.index", "catalog.lookup", "catalog.store"),
    *("catalog.store.journals", "catalog.matching", "catalog.matching.pixels"),
}

# Files of Python.
MOST_IN_A_PACKAGE, MOST_IN_A_ROOM, MOST_LINES = 6, 15, 400

# A library that only these modules may know, so that it can be replaced there.
OWNERS = {
    "psycopg": {"catalog.store.postgres.connection"},
    "tinydb": {"catalog.store.tinydb_adapter"},
    "imagehash": {"assets.pictures.perceptual_hash"},
    "obstore": {"assets.originals.objects"},
    "aiohttp": {
        "assets.http.client",
        "catalog.desk.web.api",
        "catalog.desk.web.app",
        "catalog.desk.web.monitoring",
        "catalog.desk.web.request_parsing",
        "catalog.desk.web.security",
    },
    "prometheus_client": {"catalog.desk.web.monitoring"},
    "w3lib": {"assets.parsing.encodings"},
    "csv": {"catalog.reports.safe_csv"},
    "faiss": {"catalog.index.candidates", "catalog.index.nearest_features"},
    "cv2": {
        "assets.pictures.decode",
        "assets.pictures.inspect_task",
        "assets.pictures.lettering",
        "assets.pictures.local_features",
        "assets.pictures.photo_regions",
        "assets.pictures.query_parts",
        "catalog.matching.pixels.added_strips",
        "catalog.matching.pixels.colour",
        "catalog.matching.pixels.common_motion",
        "catalog.matching.pixels.displacement",
        "catalog.matching.pixels.drawings",
        "catalog.matching.pixels.framing",
        "catalog.matching.pixels.outline",
        "catalog.matching.pixels.overlays",
        "catalog.matching.pixels.photographic",
        "catalog.matching.pixels.pixel_comparison",
        "catalog.matching.placement",
        "catalog.matching.plane",
        "catalog.matching.query_view",
        "catalog.matching.relation",
    },
}

# A module named in a text is imported all the same: by a worker, by `python -m`.
NAMED = re.compile(r"(?<![\w./])(?:assets|catalog)(?:\.[a-z_]+)+(?![\w/])")


@cache
def floors(package: str) -> dict[str, int]:
    """By its dotted name the floor of every room, and of the modules that stand in no room; 1 is the lowest."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    part = text.partition(f"## Where things are in `{package}`")[2].partition("\n## ")[0]
    return {
        f"{package}.{name.removesuffix('.py').replace('/', '.')}": int(row["floor"])
        for row in ROW.finditer(part)
        for name in re.findall(r"`([\w./]+)`", row["names"])
    }


def paths() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in paths()}
ROOMS = {name for name, path in MODULES.items() if path.stem == "__init__" and name not in PACKAGES}


def room_of(module: str) -> str:
    """The room a module is in; one that stands in none is a room by itself."""
    if module in ROOMS or module in PACKAGES:
        return module
    parent = module.rpartition(".")[0]
    return parent if parent in ROOMS else module


def resolved(name: str) -> str:
    """The module behind a dotted name that may go on with something in it."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name


def imported(module: str) -> Iterator[str]:
    """Dotted names that a module imports, at any depth of it, or names in texts."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            # A room's own name stands for its folder of data.
            nothing = ("", *PACKAGES, room_of(module))
            yield from (name for name in NAMED.findall(node.value) if resolved(name) not in nothing)


def uses(module: str) -> set[str]:
    """The modules of its own package that a module imports; a room stands for what its face gives."""
    package = module.partition(".")[0]
    return {found for name in imported(module) if (found := resolved(name)).partition(".")[0] == package}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_for_newcomers_names_what_is_there_and_nothing_else(package: str) -> None:
    there = {room_of(module) for module in MODULES if module.startswith(f"{package}.")}
    assert set(floors(package)) == there


@pytest.mark.parametrize("module", sorted(MODULES.keys() - set(PACKAGES)))
def test_a_module_imports_only_from_rooms_below(module: str) -> None:
    package = module.partition(".")[0]
    mine = room_of(module)
    for used in uses(module):
        theirs = room_of(used)
        assert used != package, f"{module} imports the package itself"
        assert used != mine, f"{module} imports the face of its own room"
        assert theirs == mine or floors(package)[theirs] < floors(package)[mine], f"{module} imports {used}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_of_another_room_is_imported_through_its_face(module: str) -> None:
    for name in imported(module):
        used = resolved(name)
        room = room_of(used)
        if room in TOOLBOXES or room == room_of(module) or room.startswith(f"{module}."):
            continue
        if used != room and re.search(rf"\b{re.escape(used)}\b", name) and module != used:
            tree = MODULES[module].read_text(encoding="utf-8")
            assert f"from {used} import" not in tree, f"{module} imports {used} past its face"


def circles(graph: dict[str, set[str]]) -> Iterator[str]:
    """The names that lead back to themselves."""
    for start in graph:
        seen, ahead = set(), list(graph[start])
        while ahead:
            one = ahead.pop()
            if one == start:
                yield start
                break
            if one not in seen:
                seen.add(one)
                ahead += graph.get(one, ())


@pytest.mark.parametrize("room", sorted({room_of(module) for module in MODULES}))
def test_a_room_has_no_circle(room: str) -> None:
    inside = {module for module in MODULES if room_of(module) == room}
    assert list(circles({module: uses(module) & inside - {room} for module in inside})) == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_assets_never_imports_catalog(module: str) -> None:
    if module.startswith("assets"):
        assert [name for name in imported(module) if name.partition(".")[0] == "catalog"] == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_catalog_takes_from_assets_only_what_it_exports(module: str) -> None:
    if module.startswith("catalog"):
        import assets

        taken = [name for name in imported(module) if name.partition(".")[0] == "assets"]
        assert [name for name in taken if name.removeprefix("assets.") not in assets.__all__] == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_library_is_known_only_to_its_owner(module: str) -> None:
    for name in imported(module):
        owners = OWNERS.get(name.partition(".")[0])
        assert owners is None or module in owners, f"{module} imports {name}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_stays_short(module: str) -> None:
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, f"{module} has {lines} lines"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_holds_few_modules_that_stand_in_no_room(package: str) -> None:
    assert len(list((ROOT / package).glob("*.py"))) <= MOST_IN_A_PACKAGE


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_stays_small(room: str) -> None:
    assert len(list(MODULES[room].parent.glob("*.py"))) <= MOST_IN_A_ROOM


@pytest.mark.parametrize("module", sorted(one for one in MODULES.keys() - ROOMS if room_of(one) in DECIDING))
def test_a_module_of_a_room_that_decides_something_has_a_test_file_of_its_own(module: str) -> None:
    *room, name = module.split(".")
    tests = ROOT.joinpath("tests", *room, f"test_{name}.py")
    assert tests.is_file() or name == "__main__", f"{module} has no {tests.relative_to(ROOT)}"


def test_the_rooms_that_decide_something_are_there() -> None:
    assert DECIDING <= ROOMS


@pytest.mark.parametrize("room", sorted(ROOMS | set(PACKAGES)))
def test_every_name_of_a_face_is_there(room: str) -> None:
    face = __import__(room, fromlist=["__all__"])
    assert [name for name in getattr(face, "__all__", ()) if not hasattr(face, name)] == []
