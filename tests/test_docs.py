"""The documentation says what the program does: every command, option, setting, field and exit code stands in it."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import write_cli_docs

import archive
import index
from backfile.desk.settings import WebSettings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_made_pages_are_up_to_date() -> None:
    """docs/cli.md and docs/settings.md are what scripts/write_cli_docs.py makes of the program as it is."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/write_cli_docs.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_command_and_option_is_explained() -> None:
    page = text("docs/cli.md")
    missing = []
    for name, command in write_cli_docs.commands():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        options = [option for param in command.params for option in param.opts if isinstance(param, click.Option)]
        missing += [f"{name}: help"] * (not command.help)
        missing += [f"{name}: {option}" for option in options if option not in section]
        missing += [
            f"{name}: help of {param.name}"
            for param in command.params
            if isinstance(param, click.Option) and not param.help
        ]
    assert missing == []


def test_the_readme_names_every_command() -> None:
    readme = text("README.md")
    names = {name.split()[0] for name, _ in write_cli_docs.commands()}
    assert {name for name in names if not re.search(rf"backfile {name}\b", readme)} == set()


def test_every_error_and_exit_code_is_explained() -> None:
    page = text("docs/cli.md").partition("## Exit codes")[2]
    errors = [*write_cli_docs.family(archive.ArchiveError), *write_cli_docs.family(index.SearchError)]
    assert [e.__name__ for e in errors if f"| {e.exit_code} | `{e.__name__}` |" not in page] == []
    codes = re.findall(r"^\| (\d+) \|", page, re.MULTILINE)
    assert len(codes) == len(set(codes))


def sections() -> Iterator[tuple[str, object]]:
    yield from write_cli_docs.sections(archive.ArchiveSettings())
    yield "search", index.SearchSettings()
    yield "web", WebSettings()


@pytest.mark.parametrize(("name", "section"), [pytest.param(name, section, id=name) for name, section in sections()])
def test_every_setting_is_explained(name: str, section: object) -> None:
    part = text("docs/settings.md").partition(f"## [{name}]")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", part, re.MULTILINE))
    assert rows.keys() == set(section.__dataclass_fields__)  # type: ignore[attr-defined]
    assert [key for key, meaning in rows.items() if not meaning.strip()] == []


def test_every_query_field_is_explained() -> None:
    page = text("docs/query.md")
    assert [
        field.name for field in index.FIELDS if f"`{field.name}`" not in page and f"`{field.name}:" not in page
    ] == []


def test_every_import_format_is_explained() -> None:
    page = text("docs/importing.md").partition("## Formats\n")[2].partition("\n## ")[0]
    explained = {
        name for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in re.findall(r"`(.+?)`", row)
    }
    assert explained == {known.name for known in archive.FORMATS}


def test_every_export_format_is_explained() -> None:
    page = text("docs/exporting.md").partition("| `--format` |")[2].partition("\n\n")[0]
    explained = re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", page, re.MULTILINE)
    assert sorted(explained) == sorted(archive.ExportFormat)


def test_every_outcome_is_explained() -> None:
    page = text("docs/fetching.md").partition("## Outcomes\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(.+?)` \| (.+) \|$", page, re.MULTILINE))
    assert list(rows) == [outcome.value for outcome in archive.Outcome]
    assert [value for value, meaning in rows.items() if not meaning.strip()] == []


def queries() -> Iterator[str]:
    """Every query that the docs' tables and the README's paragraph on queries give as an example."""
    for page in ("docs/quickstart.md", "docs/query.md"):
        for row in re.findall(r"^\| .*$", text(page), re.MULTILINE):
            yield from re.findall(r"`([^`]+)`", row)
    paragraph = text("README.md").partition("A query is words")[2].partition("\n\n")[0]
    yield from re.findall(r"`([^`]+)`", paragraph)


@pytest.mark.parametrize("query", sorted(set(queries())))
def test_every_query_in_the_docs_can_be_read(query: str) -> None:
    index.parse_query(query, {"raids": "raid"})


def test_the_rules_in_the_docs_can_be_read(tmp_path: Path) -> None:
    """The example of docs/names.md is a rules.toml that an archive takes."""
    archive.create_archive(tmp_path / "archive").close()
    (tmp_path / "archive" / "rules.toml").write_text(
        text("docs/names.md").partition("```toml\n")[2].partition("```")[0], encoding="utf-8"
    )
    with archive.open_archive(tmp_path / "archive") as opened:
        remarks = opened.check_rules()  # in an empty archive every rule touches nothing
    assert {remark.partition("[")[0] for remark in remarks} == {"same", "hide", "split", "kind"}


def test_every_dependency_has_its_reason() -> None:
    """Whatever pyproject.toml asks for is argued for in docs/decisions.md."""
    project = tomllib.loads(text("pyproject.toml"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [re.split(r"[<>=!~\[ ]", requirement)[0] for requirement in asked]
    reasons = text("docs/decisions.md")
    assert [name for name in names if f"**{name}**" not in reasons] == []


def test_every_link_between_the_pages_leads_somewhere() -> None:
    link = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
    dead = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in link.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert dead == []


def test_the_readme_opens_with_two_commands() -> None:
    """A newcomer needs only python3 and these."""
    blocks = re.findall(r"```sh\n(.*?)```", text("README.md"), re.DOTALL)
    assert [line.split("#")[0].strip() for line in blocks[0].splitlines()] == ["scripts/try", "scripts/test"]


def test_the_changelog_is_kept() -> None:
    assert "## [Unreleased]" in text("CHANGELOG.md")


def test_the_glossary_speaks_of_what_there_is() -> None:
    """Each word's class can be imported by the name given, and each table stands in the schema."""
    rows = re.findall(
        r"^\| \*\*(.+?)\*\* \| .+? \| `([\w.]+)` \| (?:`(\w+)`)? ?\|$", text("docs/glossary.md"), re.MULTILINE
    )
    assert len(rows) == 28
    schema = text("archive/storage/catalog/schema.sql")
    missing = []
    for word, dotted, table in rows:
        module, _, name = dotted.rpartition(".")
        if not inspect.isclass(getattr(importlib.import_module(module), name, None)):
            missing.append(f"{word}: {dotted}")
        if table and f"CREATE TABLE {table} (" not in schema:
            missing.append(f"{word}: table {table}")
    assert missing == []
    assert len({word for word, _, _ in rows}) == len(rows)


def test_the_architecture_is_that_of_the_code() -> None:
    """Each package stands in the table of rooms, each file named is there, and each walk hands on what exists."""
    page = text("docs/architecture.md")
    rooms = set(
        re.findall(r"^\| `([\w/.]+)` \|", page.partition("## The rooms")[2].partition("\n## ")[0], re.MULTILINE)
    )
    files = [path for half in ("archive", "index", "backfile") for path in (ROOT / half).rglob("*.py")]
    packages = {str(path.parent.relative_to(ROOT)) for path in files}
    insides = {"index/engines/opensearch", "index/engines/whoosh"}
    assert packages - rooms == {"backfile", *insides}  # an empty hall, and the insides of engines
    named = re.findall(r"`((?:archive|index|backfile)/[\w/.]+)`", page)
    assert [path for path in named if not (ROOT / path).exists()] == []
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    known = {path.stem for path in files} | {Path(room).name for room in rooms}
    walks = page.partition("## Three walks")[2].partition("\n## ")[0]
    handed = {name.rpartition(".")[2] for name in re.findall(r"`(\w+(?:\.\w+)?)`", walks)}
    assert len(handed) > 20
    assert {name for name in handed - known if not re.search(rf"(?:class|def) {name}\b", source)} == set()
