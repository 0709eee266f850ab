"""Mutants of modules: which there are, and a sample of them."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Mapping

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

from trials.noticing import Mutant

# Whether two equal values are one object too is a chance of the interpreter's, so `==` does not become `is`.
IDENTITY = ("Is", "IsNot")

# Nodes that no operator changes; half of a tree.
UNCHANGED = frozenset({"name", "string", "newline", "endmarker", "simple_stmt", "trailer", "arglist"})

# An operator's name, and which of the places it changes is meant.
Way = tuple[str, int]


def sample(sources: Mapping[str, str], count: int, seed: int) -> list[Mutant]:
    """So many mutants of modules, each at another place, the same ones for a seed; fewer where there are fewer places.

    A place counts once, however many ways there are to change it.
    """
    places = [(path, ways) for path, source in sorted(sources.items()) for ways in places_of(source)]
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    chance.shuffle(places)
    mutants: list[Mutant] = []
    for path, ways in places:
        if len(mutants) == count:
            break
        chance.shuffle(ways)
        mutants += _first_mutant(path, sources[path], ways)
    return sorted(mutants, key=lambda one: (one.path, one.line, one.before, one.after))


def places_of(source: str) -> list[list[Way]]:
    """Every place of a module that can be changed, with the ways to change it."""
    operators = {name: operator() for name, operator in _operators()}
    nodes = [node for node in ast_nodes(get_ast(source)) if node.type not in UNCHANGED]
    places: dict[tuple[object, object], list[Way]] = {}
    for name, operator in operators.items():
        times = 0
        for node in nodes:
            for place in operator.mutation_positions(node):
                # The star and the slash among parameters are no operators.
                if node.parent is None or node.parent.type != "parameters":
                    places.setdefault(place, []).append((name, times))
                times += 1
    return [places[place] for place in sorted(places)]


def _operators() -> Iterator[tuple[str, type[Operator]]]:
    for name in operator_names():
        operator = get_operator(name)
        if not operator.arguments() and not _makes_identity(name):
            yield name, operator


def _makes_identity(name: str) -> bool:
    kind, _, change = name.rpartition("/")[2].partition("_")
    return kind == "ReplaceComparisonOperator" and sum(one in IDENTITY for one in change.split("_")) == 1


def _first_mutant(path: str, source: str, ways: list[Way]) -> list[Mutant]:
    """The first way that changes what is run, if any does."""
    for name, times in ways:
        mutated = mutate_code(source, get_operator(name)(), times)
        if mutated is not None and _is_other(source, mutated):
            return [_compared(path, source, mutated)]
    return []


def _is_other(source: str, mutated: str) -> bool:
    try:
        return _run_part(mutated) != _run_part(source)
    except SyntaxError:
        return False


def _run_part(source: str) -> str:
    return ast.dump(_WithoutTypes().visit(ast.parse(source)))


class _WithoutTypes(ast.NodeTransformer):
    """A module without what is there for the type checker alone."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return None if "TYPE_CHECKING" in ast.unparse(node.test) else self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        # That a value is frozen and has slots is mypy's to see.
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "dataclass":
                decorator.keywords = [one for one in decorator.keywords if one.arg not in ("frozen", "slots")]
        return self.generic_visit(node)


def _compared(path: str, source: str, mutated: str) -> Mutant:
    old, new = source.splitlines(), mutated.splitlines()
    first = next(
        (row for row, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), len(new)
    )
    while len(old) > first and len(new) > first and old[-1] == new[-1]:
        old.pop()
        new.pop()
    before, after = (" ".join(one.strip() for one in lines[first:]) for lines in (old, new))
    return Mutant(path, first + 1, before, after, mutated)
