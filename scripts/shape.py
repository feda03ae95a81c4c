"""Prints the shape of a checkout: how many files, how long, how entangled. For comparing before and after.

    scripts/shape.py                        this checkout
    scripts/shape.py ../before . --json     others too; `git worktree add ../before COMMIT` makes one

Code lines are those with a token that is no comment, docstring or blank. Arrows are imports from one room into another
(a room is a package such as archive.storage.warc; the modules on a half's own landing are one room, named after it).
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import statistics
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

HALVES = ("archive", "index", "backfile")
COMPLEXITY = 7
_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def modules(root: Path, *folders: str) -> list[Path]:
    """The Python files in these folders of a checkout."""
    found = [path for folder in folders for path in (root / folder).rglob("*.py")]
    return sorted(path for path in found if "__pycache__" not in path.parts)


def docstrings(tree: ast.AST) -> set[int]:
    """The lines that docstrings stand on."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.end_lineno:
                lines |= set(range(first.lineno, first.end_lineno + 1)) if isinstance(first.value.value, str) else set()
    return lines


def counted(source: str) -> tuple[int, int]:
    """How many lines of code a module has, and how many of comments and docstrings."""
    said = docstrings(ast.parse(source))
    code, comments = set[int](), set(said)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            comments.add(token.start[0])
        elif token.type not in _NO_CODE:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - said), len(comments)


def functions(source: str) -> Iterator[int]:
    """The length of every function in lines, with its head."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.end_lineno - node.lineno + 1


def room_of(module: str, packages: set[str]) -> str:
    """The package that a module or package lies in."""
    while module not in packages:
        module = module.rpartition(".")[0]
    return module


def arrows(root: Path) -> set[tuple[str, str]]:
    """(from, to) for every room that imports another one, imports inside functions included."""
    files = modules(root, *HALVES)
    packages = {".".join(path.parent.relative_to(root).parts) for path in files}
    found = set()
    for path in files:
        here = ".".join(path.parent.relative_to(root).parts)
        for target in _imported(path, here, files, root):
            there = room_of(target, packages)
            if there != here:
                found.add((here, there))
    return found


def _imported(path: Path, here: str, files: list[Path], root: Path) -> Iterator[str]:
    """The modules of ours that a file imports: `from archive import model` is archive.model."""
    known = {".".join(file.relative_to(root).with_suffix("").parts) for file in files}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in HALVES)
        elif isinstance(node, ast.ImportFrom):
            parts = here.split(".")
            base = parts[: len(parts) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            if module.split(".")[0] in HALVES:
                for alias in node.names:
                    inner = f"{module}.{alias.name}"
                    yield inner if inner in known or f"{inner}.__init__" in known else module


def complex_functions(root: Path) -> int:
    """How many functions ruff finds more complex than COMPLEXITY."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "C901", "--output-format", "json"]
    limit = f"lint.mccabe.max-complexity={COMPLEXITY}"
    done = subprocess.run([*command, "--config", limit, *HALVES], cwd=root, capture_output=True, text=True, check=False)
    return len(json.loads(done.stdout))


def shape(root: Path) -> dict[str, object]:
    """The measures of a checkout by name."""
    sources = {path: path.read_text(encoding="utf-8") for path in modules(root, *HALVES)}
    lines = {path: len(source.splitlines()) for path, source in sources.items()}
    largest = max(lines, key=lambda path: lines[path])
    lengths = [length for source in sources.values() for length in functions(source)]
    code, said = (sum(part) for part in zip(*map(counted, sources.values()), strict=True))
    tests = sum(counted(path.read_text(encoding="utf-8"))[0] for path in modules(root, "tests"))
    between = arrows(root)
    landing = [path for path in (root / "archive").glob("*.py") if path.name != "__init__.py"]
    return {
        "files on archive's landing": len(landing),
        "modules": len(sources),
        "largest module, lines": f"{lines[largest]} ({largest.relative_to(root)})",
        "modules of 378 lines and more": sum(count >= 378 for count in lines.values()),
        "functions": len(lengths),
        "median function, lines": round(statistics.median(lengths)),
        "functions over 25 lines, %": round(100 * sum(length > 25 for length in lengths) / len(lengths), 1),
        "longest function, lines": max(lengths),
        f"more complex than {COMPLEXITY} (C901)": complex_functions(root),
        "lines of code": code,
        "lines of comments and docstrings per line of code": round(said / code, 3),
        "lines of tests per line of code": round(tests / code, 2),
        "rooms": len({".".join(path.parent.relative_to(root).parts) for path in sources}),
        "arrows between rooms": len(between),
        "pairs of rooms that import each other": sum((to, here) in between for here, to in between) // 2,
    }


def main() -> None:
    """Measures the checkouts named on the command line, one column each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path, nargs="*", default=[Path(__file__).parents[1]])
    parser.add_argument("--json", action="store_true", help="one object a checkout")
    parser.add_argument("--arrows", action="store_true", help="list the arrows instead")
    given = parser.parse_args()
    roots = [path.resolve() for path in given.checkout]
    if given.arrows:
        for root in roots:
            print(*(f"{here} → {there}" for here, there in sorted(arrows(root))), sep="\n")
        return
    shapes = [shape(root) for root in roots]
    if given.json:
        for root, one in zip(roots, shapes, strict=True):
            print(json.dumps({"checkout": root.name, **one}, ensure_ascii=False))
        return
    for name in shapes[0]:
        print(f"{name:<52}", *(f"{one[name]!s:<44}" for one in shapes))


if __name__ == "__main__":
    main()
