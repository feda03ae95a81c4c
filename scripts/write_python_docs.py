"""Writes the reference in docs/python.md from the docstrings of the public names: archive, index, backfile.desk.

python scripts/write_python_docs.py            writes it
python scripts/write_python_docs.py --check    changes nothing; ends with 1 if it is out of date
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from itertools import chain
from pathlib import Path
from types import ModuleType

PAGE = Path(__file__).resolve().parents[1] / "docs/python.md"
MODULES = ("backfile.desk", "archive", "index")
BEGIN, END = "<!-- reference: made by scripts/write_python_docs.py -->\n", "<!-- /reference -->"
KINDS = ("Functions", "Classes", "Data", "Words", "Errors", "Others")
Public = tuple[str, object]


def page(text: str) -> str:
    """docs/python.md, which is `text` by now, with its reference made anew."""
    head, _, rest = text.partition(BEGIN)
    reference = "\n".join(part for name in MODULES for part in _module(importlib.import_module(name)))
    return f"{head}{BEGIN}\n{reference}\n{END}{rest.partition(END)[2]}"


def _module(module: ModuleType) -> Iterator[str]:
    yield f"## {module.__name__}\n\n{_first_paragraph(module)}\n"
    by_kind: dict[str, list[Public]] = {kind: [] for kind in KINDS}
    for name in module.__all__:
        value = inspect.unwrap(getattr(module, name))  # what keeps its answers is a function all the same
        by_kind[kind_of(value)].append((name, value))
    writers: dict[str, Callable[[list[Public]], str]] = {
        "Functions": _functions, "Classes": _classes, "Data": _data, "Words": _words, "Errors": _errors,
        "Others": _others,
    }  # fmt: skip
    for kind, found in by_kind.items():
        if found:
            yield f"### {kind} of {module.__name__}\n\n{writers[kind](found)}"


def kind_of(value: object) -> str:
    """Under which heading a public name stands."""
    if inspect.isfunction(inspect.unwrap(value) if callable(value) else value):
        return "Functions"
    if not inspect.isclass(value):
        return "Others"
    if issubclass(value, Exception):
        return "Errors"
    if issubclass(value, Enum):
        return "Words"
    return "Data" if dataclasses.is_dataclass(value) else "Classes"


def _functions(found: list[Public]) -> str:
    return "".join(f"#### `{signature(name, value)}`\n\n{_doc(value)}\n\n" for name, value in found)


def _classes(found: list[Public]) -> str:
    return "".join(f"#### {name}\n\n{_doc(value)}\n\n{_members(value)}\n" for name, value in found)


def _members(kind: object) -> str:
    """The public methods and properties of a class in the order of the source, also of parts that it is made of."""
    rows = []
    assert isinstance(kind, type)
    room = f"{kind.__module__.rpartition('.')[0]}."
    parts = [vars(part).items() for part in kind.__mro__ if part is kind or part.__module__.startswith(room)]
    for name, member in chain.from_iterable(parts):
        if name.startswith("_") or not (inspect.isfunction(member) or hasattr(member, "__get__")):
            continue
        if inspect.isfunction(member):
            rows.append(f"- `{signature(name, member)}`: {_line(_doc(member))}")
        elif doc := inspect.getdoc(member):
            rows.append(f"- `{name}`: {_line(doc)}")
    return "\n".join(rows) + "\n" if rows else ""


def _data(found: list[Public]) -> str:
    return "".join(f"#### {name}\n\n{_doc(value)}\n\n{_fields(value)}\n" for name, value in found)


def _fields(kind: object) -> str:
    fields = [f"`{field.name}: {field.type}`" for field in dataclasses.fields(kind)]  # type: ignore[arg-type]
    members = _members(kind)
    return f"Fields: {', '.join(fields)}\n" + (f"\n{members}" if members else "")


def _words(found: list[Public]) -> str:
    rows = []
    for name, value in found:
        assert inspect.isclass(value)
        assert issubclass(value, Enum)
        values = ", ".join(f"`{one.name}`" for one in value)
        rows.append(f"| `{name}` | {_cell(_doc(value))} | {values} |")
    return "| | | |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _errors(found: list[Public]) -> str:
    rows = []
    for name, value in found:
        assert inspect.isclass(value)
        code = getattr(value, "exit_code", "")
        rows.append(f"| `{name}` | `{value.__mro__[1].__name__}` | {code} | {_cell(_doc(value))} |")
    return "| error | is a | exit code | |\n|---|---|---:|---|\n" + "\n".join(rows) + "\n"


def _others(found: list[Public]) -> str:
    return "".join(f"- `{name}`: {_kind_in_words(value)}\n" for name, value in found)


def _kind_in_words(value: object) -> str:
    if isinstance(value, tuple):
        return f"a tuple of {type(value[0]).__name__}"
    if isinstance(value, dict | str):
        return f"a {type(value).__name__}"
    return f"`{str(value).replace('collections.abc.', '').replace('typing.', '')}`"


def signature(name: str, function: object) -> str:
    """How it is called: without `self`, and without module names in its types."""
    found = inspect.signature(function)  # type: ignore[arg-type]
    shown = found.replace(parameters=[one for key, one in found.parameters.items() if key not in ("self", "cls")])
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(shown))  # types that are evaluated later stand in quotes
    text = re.sub(r"<(\w+\.\w+): [^>]*>", r"\1", text)  # <Sort.ID: 'id'> is Sort.ID
    return f"{name}{text}"


def _doc(value: object) -> str:
    doc = inspect.getdoc(value) or ""
    return "" if doc.startswith(f"{getattr(value, '__name__', '')}(") else doc.replace("<", "&lt;")


def _first_paragraph(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n\n")[0]


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def main() -> None:
    """Writes the page, or compares it."""
    before = PAGE.read_text(encoding="utf-8")
    after = page(before)
    if "--check" in sys.argv[1:]:
        sys.exit("docs/python.md is out of date; run python scripts/write_python_docs.py" if before != after else 0)
    PAGE.write_text(after, encoding="utf-8")
    print("written" if before != after else "nothing new")


if __name__ == "__main__":
    main()
