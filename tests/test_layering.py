"""The arrows between the packages: backfile → index → archive, and nothing past a package's public names.

Reads the source of every module, imports inside functions and by `import_module("…")` included.
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
OURS = frozenset({"archive", "index", "backfile"})
MAY_IMPORT = {
    "archive": frozenset[str](),
    "index": frozenset({"archive"}),
    "backfile": frozenset({"archive", "index"}),
    "scripts": frozenset({"archive", "index", "backfile"}),
}
# Scripts that make the data of a room do so with the very code that reads it there.
WORKSHOP = {r"scripts/(?:train|build)_\w+\.py": "archive.entities"}


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
        elif target == "backfile":
            continue  # the doors have no public names: what makes their documentation reads the commands themselves
        elif "." in module:
            found.append(f"{line}: {module} reaches past the public names of {target}")
        elif name is not None and name not in public(target):
            found.append(f"{line}: {name} is no public name of {target}")
    return found


# The rooms of the doors, from the hall inwards: what each may see of the others. Not listed: sees all of them.
ROOMS = {
    "backfile.desk": frozenset({"backfile.desk"}),
    "backfile.views": frozenset({"backfile.desk", "backfile.views"}),
    "backfile.cli": frozenset({"backfile.desk", "backfile.views", "backfile.cli", "backfile.doors"}),
    "backfile.doors": frozenset({"backfile.doors", "backfile.web"}),  # how one door opens the other, by its name
    "backfile.web": frozenset({"backfile.desk", "backfile.views", "backfile.web"}),
}
DOORS = frozenset({"backfile.cli", "backfile.web"})
SCREENS = frozenset({"click", "starlette", "jinja2", "uvicorn"})  # what draws is the doors' own


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def is_data(value: object) -> bool:
    """What a door may take from a half: dataclasses, enums, errors and constants. Nothing that works."""
    if isinstance(value, type):
        return is_dataclass(value) or issubclass(value, Enum | Exception)
    return not callable(value) and not isinstance(value, ModuleType)


def wrong_rooms(source: str, module: str) -> list[str]:
    """What `source`, the module of that name in backfile, does that its room may not, one line each.

    A door takes data from the halves and work from the desk: no function, no facade, no half as a whole, and it never
    reaches through the desk (`desk.archive`). The desk and the views know no screen.
    """
    room = room_of(module)
    found = []
    for line, target, name in imports(source, module.rpartition(".")[0]):
        top = target.split(".")[0]
        inner = room_of(f"{target}.{name}" if target == "backfile" and name else target)
        if top == "backfile" and inner not in ROOMS.get(room, {inner}):
            found.append(f"{line}: {room} may not see {inner}")
        if top in SCREENS and room not in DOORS:
            found.append(f"{line}: {room} may not draw with {top}")
        is_half = top in ("archive", "index") and room != "backfile.desk"
        if is_half and (name is None or not is_data(getattr(importlib.import_module(target), name))):
            found.append(f"{line}: {room} takes {name or 'all'} from {target}, which is no data: ask the desk")
    if room in DOORS:
        found += [
            f"{node.lineno}: {room} reaches through the desk for its {node.attr}"
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Attribute) and node.attr in ("archive", "index") and _is_desk(node.value)
        ]
    return found


def _is_desk(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "desk") or (
        isinstance(node, ast.Attribute) and node.attr == "desk"
    )


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_only_the_desk_joins_the_halves() -> None:
    """The doors never see each other, take work from the desk alone, and the desk knows no screen."""
    wrong = [
        f"{path.relative_to(ROOT)}:{finding}"
        for path in modules("backfile")
        for finding in wrong_rooms(path.read_text(encoding="utf-8"), module_of(path))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "module", "findings"),
    [
        pytest.param("from backfile.web import pages", "backfile.cli.ask", 1, id="a door sees the other"),
        pytest.param("from backfile import cli", "backfile.web.pages", 1, id="the other way, by name"),
        pytest.param("from backfile import doors", "backfile.web.pages", 1, id="a door opens itself"),
        pytest.param("from backfile import doors", "backfile.cli.serve", 0, id="one door has the other opened"),
        pytest.param("def f():\n    import backfile.cli.ask", "backfile.desk.core", 1, id="the desk sees a door"),
        pytest.param("from backfile.views import HitRow", "backfile.desk.core", 1, id="the desk sees rows"),
        pytest.param("from archive import open_archive", "backfile.cli.ask", 1, id="a function of a half"),
        pytest.param("from index import Index", "backfile.web.pages", 1, id="a facade"),
        pytest.param("import archive", "backfile.cli.ask", 1, id="a half as a whole"),
        pytest.param("from archive import url_key", "backfile.views", 1, id="a view works"),
        pytest.param("terminal.desk.archive.find(x)", "backfile.cli.ask", 1, id="through the desk"),
        pytest.param("def f(desk):\n    desk.index.search('x')", "backfile.web.pages", 1, id="through a local one"),
        pytest.param("import click", "backfile.desk.core", 1, id="the desk draws"),
        pytest.param("from archive import Entry, Kind, ArchiveError, FORMATS", "backfile.cli.ask", 0, id="data"),
        pytest.param("from archive import open_archive\nimport index", "backfile.desk.core", 0, id="the desk works"),
        pytest.param("from backfile.desk import Desk\nimport click", "backfile.cli.ask", 0, id="a door asks the desk"),
        pytest.param("from ..desk import Desk", "backfile.cli.ask", 0, id="relative"),
    ],
)
def test_the_rooms_are_told_apart(source: str, module: str, findings: int) -> None:
    """The check itself catches each way of going round the desk."""
    assert len(wrong_rooms(source, module)) == findings


def test_no_module_of_the_doors_leads_back_to_itself() -> None:
    """No circle of imports, those inside functions included, but for types alone."""
    known = {module_of(path): path for path in modules("backfile")}
    arrows = {name: set(_leads_to(path, name, known)) for name, path in known.items()}
    reached: dict[str, set[str]] = {}
    for name in arrows:
        waiting, seen = list(arrows[name]), set[str]()
        while waiting:
            if (one := waiting.pop()) not in seen:
                seen.add(one)
                waiting += arrows[one]
        reached[name] = seen
    assert [name for name in reached if name in reached[name]] == []


def _leads_to(path: Path, module: str, known: Mapping[str, Path]) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [
        node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
    ]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for _, target, name in imports(ast.unparse(tree), package):
        for one in (f"{target}.{name}", target):
            if one in known:
                yield one
                break


def package_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parent.parts)


def rooms_of(path: Path) -> list[str]:
    """The rooms that a script may look into."""
    return [room for pattern, room in WORKSHOP.items() if re.fullmatch(pattern, str(path.relative_to(ROOT)))]


@pytest.mark.parametrize("folder", sorted(MAY_IMPORT))
def test_every_import_follows_the_arrows(folder: str) -> None:
    """No module of ours imports against the arrows or past another package's `__all__`."""
    wrong = [
        f"{path.relative_to(ROOT)}:{finding}"
        for path in modules(folder)
        for finding in wrong_arrows(path.read_text(encoding="utf-8"), package_of(path))
        if not any(room in finding for room in rooms_of(path))
    ]
    assert wrong == []


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


PYTHON = [path for folder in (*MAY_IMPORT, "tests", "bench") for path in modules(folder)]


# Longer modules, each with the one reason it has to change. Whoever adds one says which.
ONE_REASON: dict[str, str] = {
    "archive/model.py": "one table: a frozen dataclass for each stage from a URL to an entry",
    "archive/storage/catalog/reading.py": "one class, whose methods are the questions that are asked of the catalog",
}


# Spellings that SQLite alone understands, and a word that other databases keep for themselves.
OF_SQLITE = re.compile(
    r"PRAGMA|json_\w+\(|INSERT OR|\b(?:iif|ifnull|rowid|GLOB|AUTOINCREMENT|IMMEDIATE|TEMP)\b|WITHOUT ROWID"
    r"|ON CONFLICT DO UPDATE|\?\d|[ ,.]offset\b",
    re.IGNORECASE,
)
ITS_MODULES = frozenset({"dialect.py", "database.py", "postgresql.py", "swap.py"})


def statements(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each string in `source` that is no docstring."""
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def test_words_of_sqlite_stand_in_one_place() -> None:
    rooms = [path for path in modules("archive/storage/catalog") if path.name not in ITS_MODULES]
    assert rooms
    assert [
        f"{path.name}:{line}: {found[0]!r}"
        for path in rooms
        for line, text in statements(path.read_text(encoding="utf-8"))
        for found in [OF_SQLITE.search(text)]
        if found
    ] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('db.execute("SELECT json_each(?)")', True),
        ('db.execute("SELECT a, offset FROM b")', True),
        ('db.execute(f"INSERT INTO {t} VALUES (?) ON CONFLICT DO UPDATE SET a = 1")', True),
        ('db.execute("SELECT content_offset FROM captures WHERE id = ?")', False),
        ('"""Words for json_each(?)."""', False),
    ],
)
def test_words_of_sqlite_are_seen(source: str, *, found: bool) -> None:
    assert any(OF_SQLITE.search(text) for _, text in statements(source)) == found


def test_a_module_has_400_lines_or_one_reason_to_change() -> None:
    """Up to 400 lines, or one table, or one class: none is cut in two to please a number. Tests are tables."""
    lines = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for folder in MAY_IMPORT for path in modules(folder)
    }
    long = {str(path.relative_to(ROOT)): count for path, count in lines.items() if count > 400}
    assert {path: count for path, count in long.items() if path not in ONE_REASON} == {}


def test_the_landing_of_the_archive_stays_small() -> None:
    """What is not asked for by many rooms has a room of its own."""
    landing = sorted(path.name for path in (ROOT / "archive").glob("*.py") if path.name != "__init__.py")
    assert len(landing) <= 18, landing


def test_no_function_is_longer_than_60_lines() -> None:
    long = {}
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > 60:
                    long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = length
    assert long == {}


def test_every_module_says_its_duty() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in PYTHON
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """No absolute path of a developer's machine, and none of a home folder, in anything that is kept."""
    here = re.compile(r"(?<![\w.])/(?:work|home|Users|root)/\w")
    done = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in done.stdout.decode().split("\0"):
        path = ROOT / name
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{number}" for number, line in enumerate(text.splitlines(), 1) if here.search(line)]
    assert found == []


def declared() -> set[str]:
    """The distributions that pyproject.toml asks for, those of extras included, those for development not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [names for extra, names in project["optional-dependencies"].items() if extra != "dev"]
    return {canonical(re.split(r"[<>=!~\[ ]", asked)[0]) for asked in sum(extras, project["dependencies"])}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_whatever_is_imported_is_asked_for() -> None:
    """A package that is only there because another one brought it may be gone with that one's next version."""
    given = packages_distributions()
    asked = declared()
    missing = set()
    for folder in ("archive", "index", "backfile"):
        for path in modules(folder):
            for _, module, _ in imports(path.read_text(encoding="utf-8"), package_of(path)):
                top = module.partition(".")[0]
                if top and top not in OURS and top not in sys.stdlib_module_names:
                    names = {canonical(name) for name in given.get(top, [top])}
                    if not names & asked:
                        missing.add(f"{path.relative_to(ROOT)}: {top}")
    assert missing == set()
