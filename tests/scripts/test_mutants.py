"""Mutants are made of what is run, and noticed by the tests of their room; a toy tree has one module."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from trials.noticing import Copy, Mutant, limit_of

MODULE = '''"""Toy."""
from __future__ import annotations

__all__ = ["is_wide"]


def is_wide(width: int | None, least: int = 3) -> bool | None:
    """Whether something is wide.

    >>> is_wide(8)
    True
    """
    return width is not None and width >= least
'''
TEST = """
from toys.toy import is_wide

def test_the_least_is_wide() -> None:
    assert is_wide(3)
"""
OTHER_TEST = """
from toys.toy import is_wide

def test_nothing_is_not_wide() -> None:
    assert not is_wide(None)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--doctest-modules --import-mode importlib'\n",
        "toys/__init__.py": "",
        "toys/toy.py": MODULE,
        "tests/toys/test_toy.py": TEST,
        "tests/toys/test_wide_ones.py": OTHER_TEST,
    }
    for name, text in files.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "tree"


@pytest.fixture
def copy(tree: Path, tmp_path: Path) -> Copy:
    return Copy(tree, tmp_path / "copy")


def mutant(before: str, after: str) -> Mutant:
    source = MODULE.replace(before, after)
    assert source != MODULE
    return Mutant("toys/toy.py", 13, before, after, source)


def noticed(copy: Copy, before: str, after: str) -> bool:
    return copy.notices(mutant(before, after), cpu_seconds=60)


def test_the_tests_of_a_room_pass_without_a_mutant(copy: Copy) -> None:
    assert copy.run_room("toys").passed


def test_a_mutant_is_noticed_by_the_tests_of_its_module(copy: Copy) -> None:
    assert noticed(copy, ">= least", "> least")


def test_a_mutant_is_noticed_by_other_tests_of_its_room(copy: Copy) -> None:
    assert noticed(copy, "width is not None and width >= least", "width is None or width >= least")


def test_a_mutant_is_noticed_by_an_example(copy: Copy) -> None:
    assert noticed(copy, "width >= least", "width == least")


def test_a_mutant_that_does_the_same_is_not_noticed(copy: Copy) -> None:
    assert not noticed(copy, ">= least", "> least - 1")


def test_a_module_without_tests_of_its_own_has_those_of_its_room(tree: Path, tmp_path: Path) -> None:
    (tree / "toys/plain.py").write_text("LEAST = 3\n")
    plain = Mutant("toys/plain.py", 1, "3", "4", "LEAST = 4\n")
    assert not Copy(tree, tmp_path / "copy").notices(plain, cpu_seconds=60)


def test_a_mutant_that_goes_on_for_ever_is_noticed(copy: Copy) -> None:
    assert copy.notices(mutant("    return", "    while True: pass\n    return"), cpu_seconds=1)


def test_a_module_is_as_before_once_its_mutant_was_tried(copy: Copy, tmp_path: Path) -> None:
    noticed(copy, ">= least", "> least")
    assert (tmp_path / "copy/toys/toy.py").read_text(encoding="utf-8") == MODULE


def test_the_tree_itself_is_left_alone(copy: Copy, tree: Path) -> None:
    noticed(copy, ">= least", "> least")
    assert (tree / "toys/toy.py").read_text(encoding="utf-8") == MODULE


def test_mutants_after_one_another_do_not_meet(copy: Copy) -> None:
    told = [noticed(copy, ">= least", change) for change in ("> least", ">=least", "!= least", ">= 0+least")]
    assert told == [True, False, True, False]


def test_a_slower_machine_has_the_time_it_needs(copy: Copy) -> None:
    ended = copy.run_room("toys")
    assert limit_of(ended) >= 3 * ended.cpu_seconds


def changes(source: str, count: int = 100, seed: int = 1) -> list[tuple[str, str]]:
    pytest.importorskip("cosmic_ray", reason="scripts/environment trials installs it")
    from trials.mutations import sample

    return [(one.before, one.after) for one in sample({"toy.py": source}, count, seed)]


def test_a_sample_is_the_same_for_a_seed() -> None:
    assert changes(MODULE, 2, seed=3) == changes(MODULE, 2, seed=3)


def test_a_sample_is_another_for_another_seed() -> None:
    assert len({str(changes(MODULE, 2, seed=seed)) for seed in range(8)}) > 1


def test_a_sample_has_no_more_mutants_than_asked_for() -> None:
    assert len(changes(MODULE, 2)) == 2


def test_a_place_is_changed_once() -> None:
    # The default, `is`, `and`, `>=`.
    assert len(changes(MODULE)) == 4


@pytest.mark.parametrize(
    "line",
    [
        "many: int | None = None",
        "def wide(one: int | None, *others: int | str) -> bool | None: ...",
        "async def wide(one: int | None) -> bool | None: ...",
        "def wide(one, *, other): ...",
        "if TYPE_CHECKING: pass",
        "__all__ = ['wide']",
        "'''Two * three.'''",
    ],
)
def test_what_is_there_for_readers_and_types_alone_has_no_mutants(line: str) -> None:
    assert changes(line) == []


def test_that_a_value_is_frozen_has_no_mutant() -> None:
    # Only the whole decorator is dropped.
    made = changes("@dataclass(frozen=True, slots=True)\nclass One: pass")
    assert [before for before, _ in made] == ["@dataclass(frozen=True, slots=True)"]


def test_equality_does_not_become_identity() -> None:
    made = {changes("wide = one == other", seed=seed)[0][1] for seed in range(40)}
    assert made == {f"wide = one {sign} other" for sign in ("!=", "<", "<=", ">", ">=")}


def test_tests_that_cannot_be_run_notice_nothing(copy: Copy, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "copy")
    with pytest.raises(RuntimeError, match="no tests were run"):
        copy.run_room("toys")
