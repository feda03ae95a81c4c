"""Writes docs/cli.md and docs/settings.md from the commands, errors and settings themselves.

python scripts/write_cli_docs.py            writes both
python scripts/write_cli_docs.py --check    changes nothing; ends with 1 if either is out of date
"""

from __future__ import annotations

import dataclasses
import inspect
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from archive import ArchiveError, ArchiveSettings
from backfile.cli.capture import NOTHING
from backfile.cli.importing import LOST
from backfile.cli.keep import FOUND_PROBLEMS
from backfile.cli.main import INTERRUPTED, cli
from backfile.cli.watch import NEWS
from backfile.desk.settings import WebSettings
from backfile.views.printed import PRINTED
from backfile.views.row import meanings
from index import FIELDS, FLAGS, SearchError, SearchSettings

STAR = " \\*"
DOCS = Path(__file__).resolve().parents[1] / "docs"
SETTINGS = """`backfile.toml` in the archive's folder. Everything has a default; an unknown key or a wrong value is an
error that names file and key. Times are seconds, sizes bytes.
"""
JSON_LINES = """## What --json prints

One object a line, in UTF-8; `show` and `status` print a single one. Times are ISO 8601, what is not known is `null`.
Keys may be added, none will be renamed. What each key means stands with its command.
"""
MADE = "<!-- Made by scripts/write_cli_docs.py: do not edit. -->\n"


def cli_page() -> str:
    """docs/cli.md: every command with its arguments and options, and what each exit code means."""
    root = click.Context(cli, info_name="backfile", max_content_width=100)
    parts = [
        f"# The commands\n\n{MADE}",
        f"{cli.help}\n\nSettings are in [settings.md](settings.md), the query language in [query.md](query.md).\n",
        "Options of `backfile` itself stand before the command: `backfile --dir FOLDER search …`.\n",
        _options(cli, root),
    ]
    parts += [_command(name, command, root) for name, command in commands()]
    parts += [JSON_LINES, _exit_codes()]
    return "\n".join(parts)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that `backfile` has and does not hide, by name; a subcommand with the names above it."""
    yield from _below(cli)


def _below(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        assert command is not None
        if not command.hidden:
            yield f"{path}{name}", command
        if isinstance(command, click.Group):
            yield from _below(command, f"{path}{name} ")


def _command(name: str, command: click.Command, root: click.Context) -> str:
    context = click.Context(command, info_name=name, parent=root)
    usage = command.get_usage(context).removeprefix("Usage: ")
    help_text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    return f"## {name}\n\n```\n{usage}\n```\n\n{help_text}\n\n{_options(command, context)}{_rows(name)}"


def _options(command: click.Command, context: click.Context) -> str:
    records = [record for param in command.get_params(context) if (record := param.get_help_record(context))]
    records = [(names, text) for names, text in records if text and "--help" not in names]
    if not records:
        return ""
    rows = "\n".join(f"| `{names.replace('|', chr(92) + '|')}` | {_cell(text)} |" for names, text in records)
    return f"| option | |\n|---|---|\n{rows}\n"


def _rows(command: str) -> str:
    """What a command prints with --json, a table for each kind of row."""
    return "".join(f"\n{_row(row)}" for row in PRINTED.get(command, ()))


def _row(row: type) -> str:
    keys = "\n".join(f"| `{key}` | {_cell(meaning)} |" for key, meaning in meanings(row).items())
    return f"| `--json`: {_cell(_first_sentence(row).rstrip('.'))} | |\n|---|---|\n{keys}\n"


def _exit_codes() -> str:
    rows = [(0, "", "Done. A search without hits is done, too.")]
    for root, half in ((ArchiveError, "archive"), (SearchError, "search")):
        rows.append((root.exit_code, root.__name__, f"Any other error of the {half}."))
        rows += [(kind.exit_code, kind.__name__, _first_sentence(kind)) for kind in family(root) if kind is not root]
    rows.append(
        (FOUND_PROBLEMS, "", "`verify` found something that is not as it was written, or `export` could not read it.")
    )
    rows.append((NEWS, "", "`watch run --exit-code` noticed something new, `check --exit-code` found it."))
    lost = "`import` could not take over captures or pages that its files hold; rejects-JOB.jsonl says which."
    rows.append((LOST, "", lost))
    rows.append((NOTHING, "", "`add` could archive nothing of what was asked for by name."))
    rows.append(
        (
            INTERRUPTED,
            "",
            "Stopped by Ctrl-C, SIGTERM or SIGHUP. What was reported is safe; the same command goes on from there.",
        )
    )
    table = "\n".join(
        f"| {code} | {f'`{name}`' if name else ''} | {_cell(text)} |" for code, name, text in sorted(rows)
    )
    return (
        "## Exit codes\n\nThe names are those of the exceptions that the Python API raises. Wrong options end with 2, "
        f"as `UsageError` does.\n\n| code | error | meaning |\n|---:|---|---|\n{table}\n"
    )


def _first_sentence(kind: type) -> str:
    return re.split(r"(?<=\.)\s|; ", inspect.cleandoc(kind.__doc__ or ""), maxsplit=1)[0].rstrip(".") + "."


def family(root: type[ArchiveError | SearchError]) -> Iterator[type[ArchiveError | SearchError]]:
    """`root` and every error of its package below it."""
    yield root
    for sub in root.__subclasses__():
        if sub.__module__.partition(".")[0] == root.__module__.partition(".")[0] and not sub.__name__.startswith("_"):
            yield from family(sub)


def settings_page() -> str:
    """docs/settings.md: every section and key with its default."""
    parts = [
        f"# Settings\n\n{MADE}",
        SETTINGS,
    ]
    for name, section in [*sections(ArchiveSettings()), ("search", SearchSettings()), ("web", WebSettings())]:
        rows = "\n".join(f"| `{key}` | `{default}` | {meaning} |" for key, default, meaning in settings(section))
        parts.append(f"## [{name}]\n\n| key | default | meaning |\n|---|---|---|\n{rows}\n")
    parts.append(
        "`connect_to` is a table of its own, as in curl's `--connect-to`:\n\n"
        '```toml\n[fetch.connect_to]\n"www.example.org:443" = "127.0.0.1:8443"\n"*:80" = "127.0.0.1:8080"\n```\n'
    )
    return "\n".join(parts)


def sections(section: object, above: str = "") -> Iterator[tuple[str, object]]:
    """Every section in `section` by its name, each with those inside of it."""
    for field in dataclasses.fields(section):  # type: ignore[arg-type]
        value = getattr(section, field.name)
        if dataclasses.is_dataclass(value):
            yield f"{above}{field.name}", value
            yield from sections(value, f"{above}{field.name}.")


def settings(section: object) -> Iterator[tuple[str, str, str]]:
    """(key, default as TOML, the comment that stands beside it in the source)."""
    comments = _comments(inspect.getsource(type(section)))
    for field in dataclasses.fields(section):  # type: ignore[arg-type]
        yield field.name, _toml(getattr(section, field.name)), _cell(comments.get(field.name, ""))


def query_page(page: str) -> str:
    """docs/query.md, which is `page` by now, with its tables of fields and flags made anew."""
    fields = [
        f"| `{field.name}`{STAR if field.facet else ''} | {_cell(field.help.partition(': ')[0])} | `{field.example}` "
        f"| {', '.join(f'`{alias}`' for alias in field.aliases)} |"
        for field in FIELDS
    ]
    table = "\n".join(["| field | finds | example | also called |", "|---|---|---|---|", *fields])
    flags = "\n".join(["| | |", "|---|---|", *(f"| `is:{name}` | {_cell(says)} |" for name, says in FLAGS.items())])
    page = _between(page, "fields", f"{table}\n\nThose with a{STAR} can be counted as facets.")
    return _between(page, "flags", flags)


def _between(page: str, name: str, content: str) -> str:
    """`page` with `content` between the comments that mark the part `name`."""
    begin, end = f"<!-- {name}: made by scripts/write_cli_docs.py -->\n", f"<!-- /{name} -->"
    head, _, rest = page.partition(begin)
    return f"{head}{begin}\n{content}\n\n{end}{rest.partition(end)[2]}"


def _comments(source: str) -> dict[str, str]:
    """The comment at the end of each line that begins with a name."""
    found, first = {}, ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and not token.line[: token.start[1]].strip():
            first = token.string
        elif token.type == tokenize.COMMENT and token.line.strip() != token.string:
            found[first] = token.string.lstrip("# ")
    return found


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return "" if isinstance(value, Mapping) or dataclasses.is_dataclass(value) else str(value)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Writes the pages, or compares them."""
    query = DOCS / "query.md"
    pages = {
        DOCS / "cli.md": cli_page(),
        DOCS / "settings.md": settings_page(),
        query: query_page(query.read_text(encoding="utf-8")),
    }
    old = [file.name for file, text in pages.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        sys.exit(f"out of date: {', '.join(old)}; run python scripts/write_cli_docs.py" if old else 0)
    for file, text in pages.items():
        file.write_text(text, encoding="utf-8")
    print(f"written: {', '.join(old) or 'nothing new'}")


if __name__ == "__main__":
    main()
