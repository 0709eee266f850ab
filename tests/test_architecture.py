"""The floors of the house: a module imports only from lines below its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOORS = {
    "assets": """
        pipeline querying
        live inspector keeping
        inspection
        collection sources references download originals decode fingerprint features workers
        feeds detection asking
        article wordpress wxr jsonfeed metadata unpacking trails
        markup mediaitem feedmedia lead bodies answers permissions turns
        merging offers mediaids pairing microdata
        furniture variants captions linked_data head teasers nearby
        sizing credits story charset restitems contentcoding attempts
        urls robots text guard names limits dates jsontext phpserial signatures xmltext workerprocess
        creditwords htmltree outline shortcodes sightings srcset
        model
        errors
    """,
    "catalog/desk": """
        application
        api openapi
        thumbnails harvests clustering
        comparing
        lookups searching asking safety bundling
        writing view chores failing
        settings problems
    """,
    "catalog": """
        cli
        reporting serving upkeep
        desk arguments mending
        evidence listing
        report
        report_pages
        report_cluster report_sites schema_org
        report_rows report_timeline report_boxes report_folder
        report_thumbnails
        report_text
        answers accepting changes duplicates
        lines lookup studying checking
        clusters conflicts
        harvest export matchgraph
        pairing
        collecting explanation decisions uploads agencies indexing swaps
        saying cluster
        matching wordindex
        ledger index relation nearpairs
        store strips
        tables covering studies bars folding
        journal packing contract
        snapshot compacting
        linecoding locking durable readahead damage moments states
        model regions geometry
        errors pixels spreadsheet terminal
    """,
}

# A library that only these modules may know, so that it can be replaced there.
OWNERS = {
    "tinydb": {"catalog.tables"},
    "imagehash": {"assets.fingerprint"},
    "aiohttp": {
        "assets.download",
        "catalog/desk.api",
        "catalog/desk.application",
        "catalog/desk.asking",
        "catalog/desk.safety",
    },
    "csv": {"catalog.spreadsheet"},
    "faiss": {"catalog.index"},
    "cv2": {
        "assets.decode",
        "assets.features",
        "catalog.pixels",
        "catalog.covering",
        "catalog.strips",
        "catalog.relation",
    },
}


def floors(package: str) -> dict[str, int]:
    lines = [line.split() for line in FLOORS[package].strip().splitlines()]
    return {module: number for number, line in enumerate(lines) for module in line}


def modules() -> list[tuple[str, str]]:
    return [(package, path.stem) for package in FLOORS for path in sorted((ROOT / package).glob("*.py"))]


def imported(package: str, module: str) -> list[str]:
    """Dotted names a module imports, at any depth of it."""
    tree = ast.parse((ROOT / package / f"{module}.py").read_text(encoding="utf-8"))
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{package}.{module}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize(("package", "module"), modules())
def test_a_module_imports_only_from_floors_below(package: str, module: str) -> None:
    if module == "__init__":
        return
    floor = floors(package)
    for name in imported(package, module):
        parts, house = name.split("."), package.split("/")
        if parts[: len(house)] == house:
            assert len(parts) > len(house), f"{package}.{module} imports the package itself"
            assert floor[parts[len(house)]] > floor[module], f"{package}.{module} imports {name}"
        elif parts[0] == house[0]:
            # A room within a package stands on one of its floors.
            around = floors(house[0])
            assert around[parts[1]] > around[house[1]], f"{package}.{module} imports {name}"


@pytest.mark.parametrize(("package", "module"), modules())
def test_assets_never_imports_catalog(package: str, module: str) -> None:
    if package == "assets":
        assert not [name for name in imported(package, module) if name.split(".")[0] == "catalog"]


@pytest.mark.parametrize(("package", "module"), modules())
def test_catalog_takes_from_assets_only_what_it_exports(package: str, module: str) -> None:
    if package != "assets":
        import assets

        taken = [name for name in imported(package, module) if name.split(".")[0] == "assets"]
        assert [name for name in taken if name.removeprefix("assets.") not in assets.__all__] == []


@pytest.mark.parametrize(("package", "module"), modules())
def test_a_library_is_known_only_to_its_owner(package: str, module: str) -> None:
    for name in imported(package, module):
        owners = OWNERS.get(name.split(".")[0])
        assert owners is None or f"{package}.{module}" in owners, f"{package}.{module} imports {name}"


@pytest.mark.parametrize(("package", "module"), modules())
def test_a_module_stays_short(package: str, module: str) -> None:
    lines = (ROOT / package / f"{module}.py").read_text(encoding="utf-8").count("\n")
    assert lines <= 400, f"{package}/{module}.py has {lines} lines"


def test_every_name_that_assets_exports_is_there() -> None:
    import assets

    assert [name for name in assets.__all__ if not hasattr(assets, name)] == []


def test_the_map_for_newcomers_names_every_module() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [f"{package}.{module}" for package, module in modules() if f"`{module}`" not in told] == [
        "assets.__init__",
        "catalog/desk.__init__",
        "catalog.__init__",
    ]
