"""The house rule of docstrings, as far as it can be checked mechanically (docs/glossary.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("shared", "functions", "ops", "infra", "local")
MODULES = sorted(
    path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py") if "versions" not in path.parts
)  # a migration is history: its text stays as it was released
# They begin a clause without a subject: "What a reply is told from others by".
CLAUSE_OPENERS = frozenset({"What", "Whether", "How", "That", "Where", "When", "Who", "Whose", "Why"})
ARTICLES = frozenset({"The", "A", "An"})
NAMED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

type Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def documented(tree: ast.Module) -> Iterator[tuple[str, Documented]]:
    """Yields the module, its public classes and functions, and the classes' public methods, each with its name."""

    def inside(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, Documented]]:
        for node in parent.body:
            if isinstance(node, NAMED) and not node.name.startswith("_"):
                yield f"{prefix}{node.name}", node
                if isinstance(node, ast.ClassDef):
                    yield from inside(node, f"{node.name}.")

    yield "the module", tree
    yield from inside(tree, "")


def is_property(node: Documented) -> bool:
    """True for a property, which is read like a value and so described by a noun."""
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(each, ast.Name) and each.id in ("property", "cached_property") for each in decorators)


def violations(source: str) -> list[str]:
    """Returns the docstrings of one module that break the rule, a line each."""
    found = []
    for name, node in documented(ast.parse(source)):
        text = ast.get_docstring(node)
        if not text:
            continue
        first = text.split()[0].rstrip(",.:;")
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_property(node)
        if first in CLAUSE_OPENERS or (is_function and first in ARTICLES):
            found.append(f"{name} begins with {first!r}: {text.splitlines()[0]}")
        if "e-mail" in text.lower():
            found.append(f"{name} says e-mail: email")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_docstrings_begin_with_a_verb_or_a_noun(path: Path) -> None:
    assert violations(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "broken"),
    [
        ('"""What a module is."""', ["the module begins with 'What': What a module is."]),
        ('"""A module."""\ndef f():\n    """Whether it holds."""', ["f begins with 'Whether': Whether it holds."]),
        ('def f():\n    """The value."""', ["f begins with 'The': The value."]),
        ('def f():\n    """Returns the text of an e-mail."""', ["f says e-mail: email"]),
        ('class C:\n    """A thing."""\n    def m(self):\n        """How."""', ["C.m begins with 'How': How."]),
        ('class C:\n    @property\n    def p(self):\n        """The value."""', []),
        ('class _C:\n    def m(self):\n        """How it goes."""', []),
        ('def _f():\n    """When it holds."""', []),
        ('def f():\n    """Returns the value. What else?"""', []),
    ],
)
def test_the_rule_itself(source: str, broken: list[str]) -> None:
    assert violations(source) == broken
