"""The arrows between the packages: backfile → index → archive, and nothing past a package's public names.

Reads the source of every module, imports inside functions and by `import_module("…")` included.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = frozenset({"archive", "index", "backfile"})
MAY_IMPORT = {
    "archive": frozenset[str](),
    "index": frozenset({"archive"}),
    "backfile": frozenset({"archive", "index"}),
    "scripts": frozenset({"archive", "index", "backfile"}),
}
# Files that need more than the public names, and why.
DEEPER: dict[str, str] = {}


def modules(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def imports(source: str, package: str) -> Iterator[tuple[int, str, str | None]]:
    """(line, module, name) of each import in `source`, a module of `package`; name is None for `import module`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, module, alias.name
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if function in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.lineno, node.args[0].value, None


def public(package: str) -> frozenset[str]:
    return frozenset(importlib.import_module(package).__all__)


def wrong_arrows(source: str, package: str) -> list[str]:
    """What `source`, a module of `package` (dotted), imports of ours that it may not, one line each."""
    top = package.split(".")[0]
    found = []
    for line, module, name in imports(source, package):
        target = module.split(".")[0]
        if target not in OURS or target == top:
            continue
        if target not in MAY_IMPORT[top]:
            found.append(f"{line}: {top} may not import {target}")
        elif "." in module:
            found.append(f"{line}: {module} reaches past the public names of {target}")
        elif name is not None and name not in public(target):
            found.append(f"{line}: {name} is no public name of {target}")
    return found


def package_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parent.parts)


@pytest.mark.parametrize("folder", sorted(MAY_IMPORT))
def test_every_import_follows_the_arrows(folder: str) -> None:
    """No module of ours imports against the arrows or past another package's `__all__`."""
    wrong = [
        f"{path.relative_to(ROOT)}:{finding}"
        for path in modules(folder)
        if str(path.relative_to(ROOT)) not in DEEPER
        for finding in wrong_arrows(path.read_text(encoding="utf-8"), package_of(path))
    ]
    assert wrong == []


def test_the_exceptions_exist() -> None:
    assert [name for name in DEEPER if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    ("source", "package", "findings"),
    [
        pytest.param("import index", "archive", 1, id="archive imports index"),
        pytest.param("def f():\n    from backfile import x", "archive.storage", 1, id="inside a function"),
        pytest.param("from importlib import import_module\nimport_module('index.core')", "archive", 1, id="by string"),
        pytest.param("import backfile.cli", "index", 1, id="index imports backfile"),
        pytest.param("from archive.storage import x", "index", 1, id="reaches past"),
        pytest.param("import archive.core", "backfile.cli", 1, id="reaches past by import"),
        pytest.param("from archive import _secret", "backfile.cli", 1, id="a name that is not public"),
        pytest.param("from .. import model", "archive.storage", 0, id="relative, inside"),
        pytest.param("from archive import core\nimport index.core", "scripts", 2, id="scripts use public names"),
        pytest.param("import archive\nimport json\nimport index", "backfile", 0, id="plain import"),
    ],
)
def test_the_reader_sees(source: str, package: str, findings: int) -> None:
    """The check itself catches each way of importing."""
    assert len(wrong_arrows(source, package)) == findings
