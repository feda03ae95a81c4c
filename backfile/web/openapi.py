"""The description of the API, OpenAPI 3.1, made from the table of routes and the dataclasses that are sent."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from typing import Any, get_type_hints

import msgspec

from backfile.views.row import meanings
from backfile.web import problems
from backfile.web.api import BYTES, export
from backfile.web.exporting import TYPES
from backfile.web.params import is_many
from backfile.web.problems import Problem
from backfile.web.route import Route
from backfile.web.routes import THE_API
from backfile.web.urls import API

_PART = re.compile(r"\{(\w+)\}")
_REF = "#/components/schemas/{name}"
_NUMBERS = frozenset({"number", "old", "new"})
_TOKEN = {"type": "http", "scheme": "bearer", "description": "`backfile token add` makes one."}
_ALWAYS = ("host", "unknown-token", "scope", "busy", "fault")


@cache
def description() -> dict[str, Any]:
    """It as plain values, made once."""
    routes = [route for route in THE_API if route.path.startswith(API)]
    types = [route.gives for route in routes if route.gives not in (None, dict)]
    types += [route.body for route in routes if route.body]
    types += [route.params for route in routes if dataclasses.fields(route.params)]
    _, components = msgspec.json.schema_components([*types, Problem], ref_template=_REF)
    _explain(components, [*types, Problem])
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, components)
    for route in routes:
        components.pop(route.params.__name__, None)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Backfile", "version": f"1 ({version('backfile')})",
            "description": "An archive of web articles, in the words of the command line. Fields are only ever added.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": _TOKEN},
        },
        "security": [{}, {"token": []}],
    }  # fmt: skip


def _operation(route: Route, components: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": route.handler.__name__, "summary": route.says,
        "parameters": list(_parameters(route, components)), "responses": dict(_responses(route)),
        "x-scope": route.scope.value if route.scope else None,
    }  # fmt: skip
    if route.uploads:
        found["requestBody"] = {"required": True, "content": {BYTES: {"schema": {"type": "string"}}}}
    if route.body:
        schema = {"$ref": _REF.format(name=route.body.__name__)}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def _parameters(route: Route, components: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in _PART.findall(route.path):
        schema: dict[str, Any] = {"type": "string", "minLength": 1}
        if name in _NUMBERS:
            schema = {"type": "integer", "minimum": 1, "maximum": 10**9}
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    yield from _asked(route, components)
    if route.body and "changed" in route.raises:
        yield _header("If-Match", "the ETag that the tags and note must still have")
    if route.handler.__name__ == "begin_job":
        yield _header("Idempotency-Key", "the same key is the same job, however often it is sent")


def _asked(route: Route, components: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What stands behind the question mark."""
    shapes = get_type_hints(route.params)
    properties = components.get(route.params.__name__, {}).get("properties", {})
    for name, schema in properties.items():
        told = {key: value for key, value in schema.items() if key != "description"}
        row: dict[str, Any] = {"name": name, "in": "query", "required": False, "schema": told}
        if "description" in schema:
            row["description"] = schema["description"]
        if is_many(shapes[name]):
            row |= {"style": "form", "explode": True}
        yield row


def _header(name: str, says: str) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 200}
    return {"name": name, "in": "header", "required": False, "description": says, "schema": schema}


def _responses(route: Route) -> Iterator[tuple[str, dict[str, Any]]]:
    types = (route.type,) if route.handler is not export else tuple(type_ for type_, _ in TYPES.values())
    content: dict[str, Any] = {type_.partition(";")[0]: {"schema": _schema(route)} for type_ in types}
    yield str(route.status), {"description": route.says, "content": content}
    if route.kept:
        yield "304", {"description": "It is as If-None-Match has it."}
    by_status: dict[int, list[str]] = {}
    for kind in dict.fromkeys((*_ALWAYS, *route.raises, *(("too-large",) if route.body else ()))):
        status, title, _ = problems.KINDS[kind]
        by_status.setdefault(status, []).append(title)
    for status, titles in sorted(by_status.items()):
        schema = {"$ref": _REF.format(name="Problem")}
        yield str(status), {"description": "; ".join(titles), "content": {problems.TYPE: {"schema": schema}}}


def _schema(route: Route) -> dict[str, Any]:
    if route.gives is dict:
        return {"type": "object"}
    if route.gives is None:
        return {"type": "string"} if route.type.startswith("text/") else {}
    (schema,), _ = msgspec.json.schema_components([route.gives], ref_template=_REF)
    return schema


def _explain(components: dict[str, Any], types: list[Any]) -> None:
    """Puts what each key of a row means, as the views say it, into its schema."""
    for row in _rows(types):
        schema = components.get(row.__name__)
        if schema is None:
            continue
        for name, says in meanings(row).items():
            held = schema["properties"].get(name, {})
            if "$ref" in held:
                schema["properties"][name] = {"allOf": [held], "description": says}
            else:
                held["description"] = says


def _rows(types: list[Any]) -> Iterator[type]:
    """The rows among the types, those within others too."""
    waiting, seen = list(types), set[Any]()
    while waiting:
        one = waiting.pop()
        waiting += [inner for inner in getattr(one, "__args__", ()) if inner is not Ellipsis]
        if not isinstance(one, type) or one in seen or not dataclasses.is_dataclass(one):
            continue
        seen.add(one)
        hints = get_type_hints(one, include_extras=True)
        said = [getattr(hint, "__metadata__", (None,))[0] for hint in hints.values()]
        if said and all(isinstance(says, str) for says in said):
            yield one
        waiting += [getattr(hint, "__origin__", hint) for hint in hints.values()]
        waiting += [hint.__origin__ for hint in hints.values() if hasattr(hint, "__metadata__")]
