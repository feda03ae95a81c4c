"""What a page is given is what it shows, and its addresses are made in one place."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest
from jinja2 import meta, nodes

from backfile.web import pages
from backfile.web.rendering import environment

_MACROS = "macros.html"
_AROUND = frozenset({"frame", "m", "t"})  # what stands around every page, and macros


def used(template: str, *, imported: bool = False) -> set[str]:
    """The names that a template and what it is made of take from their context."""
    env = environment()
    assert env.loader
    tree = env.parse(env.loader.get_source(env, template)[0])
    own = {one.name for one in tree.find_all(nodes.Macro)}
    if imported:  # what a macro sets is seen in those that it calls
        own |= {one.name for one in tree.find_all(nodes.Name) if one.ctx == "store"}
    found = meta.find_undeclared_variables(tree) - env.globals.keys() - own
    parts = [(one.template, False) for one in tree.find_all(nodes.Extends)]
    parts += [(one.template, False) for one in tree.find_all(nodes.Include)]
    parts += [(one.template, True) for one in tree.find_all(nodes.Import) if one.with_context]
    for part, is_imported in parts:
        assert isinstance(part, nodes.Const)
        if part.value != _MACROS:  # these are given what they show
            found |= used(part.value, imported=is_imported)
    return found - _AROUND


def rendered() -> Iterator[tuple[str, Any]]:
    """Each template, and the class of the context that it is rendered with somewhere."""
    for info in pkgutil.iter_modules(pages.__path__):
        module = importlib.import_module(f"{pages.__name__}.{info.name}")
        tree = ast.parse(Path(inspect.getfile(module)).read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id == "render":
                    assert isinstance(call.args[0], ast.Constant)
                    yield str(call.args[0].value), context_of(call.args[2], function, module)


def context_of(value: ast.expr, function: ast.FunctionDef, module: ModuleType) -> Any:
    """A call of the class itself, or of a function that gives one; or a variable that was given such a call."""
    if isinstance(value, ast.Name):
        given = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            and any(isinstance(to, ast.Name) and to.id == value.id for to in node.targets)
        ]
        return context_of(given[0], function, module)
    assert isinstance(value, ast.Call), ast.unparse(value)
    made = getattr(module, ast.unparse(value.func))
    return made if inspect.isclass(made) else get_type_hints(made)["return"]


RENDERED = sorted({(template, context) for template, context in rendered()}, key=str)


def test_every_page_is_there() -> None:
    assert len({template for template, _ in RENDERED}) > 25


@pytest.mark.parametrize(("template", "context"), RENDERED, ids=[template for template, _ in RENDERED])
def test_a_page_shows_what_it_is_given(template: str, context: Any) -> None:
    assert {field.name for field in dataclasses.fields(context)} == used(template)


def test_no_template_writes_an_address_out() -> None:
    """Each comes from `urls`, or from the context."""
    env = environment()
    assert env.loader
    for template in env.list_templates():
        text = env.loader.get_source(env, template)[0]
        assert re.findall(r"(?:href|action|src|formaction)=[\"']?/[^\"'>]*", text) == [], template
