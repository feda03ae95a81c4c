"""The API is what its description says, and the examples of docs/api.md run."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from newsroom import Newsroom
from website import Answer, Website, serving

from backfile.web.openapi import description
from backfile.web.problems import KINDS
from backfile.web.routes import ROUTES, THE_API

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
TEXT = (
    "The harbour board of Whitby voted on Tuesday to spend twelve million pounds on the pier, said Alice Marlow. " * 3
)


@pytest.fixture(scope="module")
def site(newsroom_server: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Website, str]]:
    newsroom_server.reset()
    command = Command(tmp_path_factory.mktemp("api") / "archive", newsroom_server)
    for name in ("pier", "ferry", "minutes"):
        url = f"https://paper.example/{name}"
        newsroom_server.add(url, f"<html lang=en><title>A {name}</title><article><p>{name} {TEXT}</p></article></html>")
        assert command("add", url, "--depth", "0").code == 0
    with serving(command.folder) as served:
        yield served, served.get("/api/v1/articles?url=https://paper.example/pier").json["id"]


def examples() -> list[list[str]]:
    """The words of every call of curl in the documentation."""
    return [shlex.split(line) for line in re.findall(r"^curl .*$", DOCS, re.MULTILINE)]


def call(site: Website, words: list[str], id_: str) -> Answer:
    """What curl would do."""
    headers, body, url = {}, b"", ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name.lower().replace("-", "_")] = value
        elif word == "-d":
            body = next(rest).encode()
        else:
            url = word
    path = url.removeprefix("http://127.0.0.1:8437").replace("{id}", id_)
    assert path.startswith("/"), url
    return site.ask("POST" if body else "GET", path, body, at="", host=None, **headers)


def test_the_examples_of_the_documentation_run(site: tuple[Website, str]) -> None:
    served, id_ = site
    assert len(examples()) > 12
    for words in examples():
        answer = call(served, words, id_)
        if "persn:" in words[-1]:
            shown = json.loads(re.search(r"```json\n(.*?)\n```", DOCS, re.DOTALL)[1])  # type: ignore[index]
            assert {key: answer.json[key] for key in shown} == shown
        else:
            assert answer.status in (200, 201, 202), (words, answer.body)


def test_the_documentation_names_what_there_is() -> None:
    named = set(re.findall(r"/api/v1(/[a-z]+)", DOCS)) | {f"/{one}" for one in re.findall(r"`([a-z]+)`", DOCS)}
    top = {
        route.path.removeprefix("/api/v1").split("/")[1].split(".")[0] for route in THE_API if "/api/v1/" in route.path
    }
    assert {one for one in top if f"/{one}" not in named} <= {
        "openapi",
        "names",
        "tags",
        "watches",
        "status",
        "captures",
    }


def test_every_operation_is_described() -> None:
    found = description()
    assert found["openapi"] == "3.1.0"
    routes = {(route.method.lower(), route.path) for route in THE_API if route.path.startswith("/api/v1/")}
    assert {(method, path) for path, item in found["paths"].items() for method in item} == routes
    names = [operation["operationId"] for item in found["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))
    text = json.dumps(found)
    known = found["components"]["schemas"]
    assert {name for name in re.findall(r"#/components/schemas/(\w+)", text) if name not in known} == set()
    assert {kind for route in ROUTES for kind in route.raises} <= KINDS.keys()


def test_what_was_promised_is_still_there() -> None:
    """Version 1 only grows: every path, parameter and key of the description that is kept here is in today's."""
    kept = ROOT / "tests" / "resources" / "openapi.json"
    now = description()
    if not kept.exists():
        pytest.fail("tests/resources/openapi.json is missing: scripts/write_openapi.py writes it")
    missing = list(_missing(json.loads(kept.read_text(encoding="utf-8")), json.loads(json.dumps(now)), ""))
    assert missing == []


def _missing(then: Any, now: Any, where: str) -> Iterator[str]:
    if isinstance(then, dict):
        for key, value in then.items():
            if key in ("description", "summary", "version"):
                continue
            if not isinstance(now, dict) or key not in now:
                yield f"{where}/{key}"
            else:
                yield from _missing(value, now[key], f"{where}/{key}")
    elif isinstance(then, list) and where.endswith("/parameters"):
        names = {one["name"] for one in now} if isinstance(now, list) else set()
        yield from (f"{where}/{one['name']}" for one in then if one["name"] not in names)


def test_who_opens_the_facet_of_persons(site: tuple[Website, str]) -> None:
    found = site[0].get("/api/v1/search?q=who+voted+to+spend+pounds+on+the+pier").json
    assert found["asks"] == "person"
    assert {"field": "person", "value": "Alice Marlow", "count": 3} in found["facets"]
    page = site[0].get("/search?q=where+is+the+pier+of+the+board").text
    assert page.index(">Places<") < page.index(">People<")
    page = site[0].get("/search?q=pier+of+the+board").text
    assert page.index(">People<") < page.index(">Places<")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    query=st.text(max_size=40),
    path=st.sampled_from(["/search", "/api/v1/search", "/facets/person", "/search.atom", "/api/v1/suggest"]),
)
def test_no_query_is_a_fault(site: tuple[Website, str], query: str, path: str) -> None:
    """Whatever is typed: an answer, or a problem that is ours to tell."""
    from urllib.parse import quote

    answer = site[0].get(f"{path}?q={quote(query.encode('utf-8', 'surrogatepass'))}")
    assert answer.status in (200, 308, 400, 422), (query, answer.status)


@pytest.mark.parametrize(
    "examples", [pytest.param(15, marks=pytest.mark.browser), pytest.param(200, marks=pytest.mark.kills)]
)
def test_the_api_is_what_it_says_it_is(site: tuple[Website, str], examples: int) -> None:
    """schemathesis asks every operation in every way that the description allows, and in some that it does not."""
    if importlib.util.find_spec("schemathesis") is None:
        pytest.skip("schemathesis is not installed (it is in the extra dev)")
    served, id_ = site
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import schemathesis
        from schemathesis.checks import not_a_server_error
        from schemathesis.specs.openapi.checks import (
            content_type_conformance,
            response_schema_conformance,
            status_code_conformance,
        )

        schema = schemathesis.openapi.from_dict(description())
        checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
        failures: list[str] = []
        for result in schema.get_all_operations():
            operation: Any = result.ok()  # type: ignore[union-attr]

            @settings(
                max_examples=examples,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
                phases=[Phase.generate],
            )
            @given(case=operation.as_strategy(), known=st.booleans())
            def ask(case: Any, known: bool) -> None:
                if known and "id" in (case.path_parameters or {}):
                    case.path_parameters["id"] = id_
                case.call_and_validate(base_url=served.origin, checks=checks)

            try:
                ask()
            except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - each operation is told
                failures.append(f"{operation.label}: {str(error)[:600]}")
    assert failures == []
