"""What is installed, and from which pins."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)")


def wanted(group: str) -> list[Requirement]:
    build: list[str] = PROJECT["build-system"]["requires"]
    named: list[str] = PROJECT["project"]["dependencies"] + in_group(group) + build
    return [Requirement(text) for text in named]


def in_group(group: str) -> list[str]:
    """What a group names, with that of the groups it includes."""
    found: list[str] = []
    for one in PROJECT["dependency-groups"][group]:
        found += [one] if isinstance(one, str) else in_group(one["include-group"])
    return found


def pins(lock: str) -> dict[str, list[str]]:
    """The versions pinned for each package; several where they differ by Python."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines():
        if pin := PIN.match(line):
            found.setdefault(pin[1].lower(), []).append(pin[2])
    return found


@pytest.mark.parametrize(
    ("lock", "group"),
    [("test.txt", "dev"), ("demo.txt", "demo"), ("bench.txt", "bench"), ("trials.txt", "trials")],
)
def test_the_lock_pins_what_the_project_needs(lock: str, group: str) -> None:
    pinned = pins(lock)
    for requirement in wanted(group):
        versions = pinned.get(requirement.name.lower(), [])
        assert versions, f"{requirement.name} is not in {lock}: run scripts/lock"
        assert all(requirement.specifier.contains(v) for v in versions), f"{requirement}: run scripts/lock"


@pytest.mark.parametrize("lock", ["test.txt", "demo.txt", "bench.txt", "trials.txt"])
def test_a_lock_names_no_package_source(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host", text) == []


def test_a_wheel_holds_both_packages_whole_and_nothing_else(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", minversion="77")
    source = tmp_path / "source"
    for package in ("assets", "catalog"):
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, tmp_path], cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("photodesk-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    files = (path for package in ("assets", "catalog") for path in (source / package).rglob("*"))
    assert names == {path.relative_to(source).as_posix() for path in files if path.is_file()}
