"""What commands print with --json is what backfile/views/ says: key by key, with values of the types it names."""

from __future__ import annotations

import io
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import click
import msgspec
import pytest
import write_cli_docs
from commands import EXECUTABLE, Command
from newsroom import Newsroom
from tsa import authority, make_authority

from backfile.cli.main import COMMANDS, GROUPS
from backfile.cli.render import emit
from backfile.views import (
    asking,
    auditing,
    bringing,
    checking,
    copying,
    counting,
    files,
    keeping,
    names,
    proving,
    reading,
    tokens,
)
from backfile.views.printed import PRINTED
from backfile.views.row import key_of, meanings

TEXT = (
    "Mayor Ada Brandt said on Tuesday that the bridge to Lindholm will be rebuilt within twelve months. "
    "Engineers of the Harbour Authority (HA) have warned since 2019 that its piers were giving way. "
) * 2
RULES = '[[same]]\nkind = "person"\nnames = ["Bela Nobody", "Cosima Nobody"]\n'
URL = "https://paper.example/bridge"
OTHER = "https://paper.example/ferry"
HIDDEN = "https://trial.example/story"


def story(title: str, text: str = TEXT) -> str:
    link = '<p>The <a href="https://council.example/minutes">minutes</a> say no more than that.</p>'
    dated = '<meta property="article:published_time" content="2025-03-14T09:00:00Z">'
    body = f"<article><p>{text}</p><img src=/bridge.png>{link}</article>"
    return f"<html><head><title>{title}</title>{dated}</head><body>{body}</body></html>"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Iterator[Command]:
    """An archive with two stories, one of them changed, an import, a saved search and a watched query."""
    newsroom_server.reset()
    folder = tmp_path_factory.mktemp("views")
    backfile = Command(folder / "archive", newsroom_server)
    newsroom_server.add(URL, story("A bridge for Lindholm"))
    newsroom_server.add(OTHER, story("The ferry stops", TEXT.replace("bridge", "ferry")))
    newsroom_server.add(HIDDEN, story("Nobody may know"))
    assert backfile("add", URL).code == 0
    newsroom_server.add(URL, story("A bridge for Lindholm", TEXT.replace("twelve", "fifteen")))
    assert backfile("add", URL, "--again", "--resources", "page").code == 0
    (folder / "links.csv").write_text(f"url,tags\n{OTHER},harbour\nno address,\n")
    (folder / "page.html").write_text(story("A page"))
    (folder / "text.txt").write_text(TEXT)
    (folder / "names.txt").write_text("Ada Brandt\n")
    (backfile.folder / "rules.toml").write_text(RULES)
    # The import brings what the watched query then matches, for `watch run` to tell.
    for arguments in (
        ["saved", "add", "bridges", "bridge"],
        ["watch", "add", "ferry"],
        ["watch", "add", "harbour"],
        ["saved", "add", "piers", "pier"],
        ["token", "add", "reader", "--scope", "read"],
        ["token", "add", "visitor", "--scope", "read"],
        ["import", "../links.csv"],
        ["export", "-o", "../signed.wacz", "--sign"],
        ["add", HIDDEN],
        ["forget", HIDDEN, "--until", "2999-01-01", "--reason", "a trial"],
    ):
        assert backfile(*arguments).code == 0
    settings = backfile.folder / "backfile.toml"
    with authority(make_authority(folder / "tsa")) as url:
        settings.write_text(f'{settings.read_text()}\n[proof]\ntimestamps = ["{url}"]\n')
        yield backfile


JOB = "JOB"  # stands for the number of the import: whatever brings pages in has one
CALLS = [
    ("add", [URL], bringing.AddedRow),
    ("import", ["../links.csv", "--again"], bringing.ImportedRow),
    ("import", ["../links.csv", "--dry-run"], (bringing.FoundRow, bringing.RejectRow)),
    ("import", ["--list-formats"], bringing.FormatRow),
    ("watch run", [], keeping.NoticeRow),
    ("watch query", ["bridge", "--new-since", "2020-01-01"], keeping.NoticeRow),
    ("watch list", [], keeping.WatchRow),
    ("jobs", [], bringing.JobRow),
    ("jobs", [JOB], bringing.ImportedRow),
    ("status", [], keeping.StatusRow),
    ("status", ["--job", JOB], bringing.JobRow),
    ("search", ["bridge"], asking.HitRow),
    ("search", ["bridge", "--facet", "person", "--meta"], (asking.MetaRow, asking.HitRow)),
    ("tag", [URL, "harbour"], keeping.TagsRow),
    ("note", [URL, "ask again"], keeping.NoteRow),
    ("edit", [URL, "--site", "The Paper"], reading.EditRow),
    ("init", ["../another"], keeping.FolderRow),
    ("saved add", ["quays", "quay"], keeping.SavedRow),
    ("saved remove", ["piers"], keeping.SearchRow),
    ("token add", ["editor", "--scope", "edit"], tokens.MadeTokenRow),
    ("token list", [], tokens.TokenRow),
    ("token remove", ["visitor"], tokens.TokenRow),
    ("watch add", ["quay"], keeping.TargetRow),
    ("watch remove", ["harbour"], keeping.TargetRow),
    ("entities rules", [], names.RemarkRow),
    ("facets", ["--facet", "person"], asking.FacetRow),
    ("facets", ["bridge", "--facet", "person", "--significant"], asking.SignificantRow),
    ("facets", ["--facet", "person", "--by", "site"], counting.CrossRow),
    ("coverage", ["person:Brandt"], counting.CoverageRow),
    ("coverage", ["person:Brandt", "--site"], counting.SiteCoverageRow),
    ("pairs", ["--by", "place"], counting.PairRow),
    ("search", ["bridge", "--group"], asking.RunRow),
    ("copies", [URL], copying.CopyRow),
    ("check", ["../names.txt"], checking.CheckRow),
    ("suggest", ["person", "bra"], asking.FacetRow),
    ("similar", [URL], asking.SimilarRow),
    ("show", [URL], reading.EntryRow),
    ("links", [URL], reading.LinkRow),
    ("links", [URL, "--resources"], reading.ResourceRow),
    ("versions", [URL], reading.VersionRow),
    ("versions", [URL, "--captures"], reading.CaptureRow),
    ("diff", [URL], reading.PieceRow),
    ("diff", [URL, "--links"], reading.LinkPieceRow),
    ("diff", [URL, "--raw"], reading.PieceRow),
    ("saved list", [], keeping.SearchRow),
    ("entities names", [], names.NameRow),
    ("entities suggest", [], names.SuggestionRow),
    ("entities read", ["../text.txt", "--date", "2025-03-14"], files.MentionRow),
    ("extract", ["../page.html"], files.PageRow),
    ("export", ["-o", "../out.jsonl"], keeping.ExportedRow),
    ("network", ["-o", "../names.graphml"], keeping.NetworkRow),
    ("prove", [URL, "-o", "../proof.html"], proving.ProvedRow),
    ("prove", ["--query", "bridge", "-o", "../case"], proving.ProvedRow),
    ("verify-wacz", ["../signed.wacz"], proving.PackageRow),
    ("audit", [], auditing.FindingRow),
    ("stamp", [], proving.StepStampRow),
    ("copy", ["../the-copy"], proving.CopiedRow),
    ("forget", [URL, "--reason", "asked to", "--dry-run"], proving.GoingRow),
    ("forget", ["--list"], proving.HiddenRow),
    ("rebuild", [], keeping.StatusRow),
    ("reindex", [], keeping.StatusRow),
]
MAY_BE_SILENT = {"entities suggest", "facets"}  # in so small an archive nothing is alike, and little stands out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "arguments", "rows"), [pytest.param(*call, id=" ".join([call[0], *call[1]])) for call in CALLS]
)
def test_a_command_prints_its_rows(
    filled: Command, command: str, arguments: list[str], rows: type | tuple[type, ...]
) -> None:
    if JOB in arguments:
        number = str(filled("jobs", "--json").rows[-1]["number"])
        arguments = [number if argument == JOB else argument for argument in arguments]
    ran = filled(*command.split(), *arguments, "--json")
    assert ran.code in (0, 17), ran.err
    kinds = rows if isinstance(rows, tuple) else (rows,)
    known = {tuple(meanings(kind)): kind for kind in kinds}
    assert ran.rows or command in MAY_BE_SILENT
    met = set()
    for row in ran.rows:
        assert tuple(row) in known, "its keys, in their order"
        kind = known[tuple(row)]
        met.add(kind)
        for field, type_ in get_type_hints(kind).items():
            msgspec.convert(row[key_of(field)], type_)  # raises for a value of another type
    assert met == set(kinds) or command in MAY_BE_SILENT


@pytest.mark.slow
def test_what_verify_prints_when_something_is_wrong(tmp_path: Path, newsroom: Newsroom) -> None:
    backfile = Command(tmp_path / "archive", newsroom)
    backfile("add", newsroom.add(URL, story("A bridge")))
    for file in (backfile.folder / "warc").iterdir():
        file.write_bytes(file.read_bytes()[:-30])
    ran = backfile("verify", "--json")
    assert ran.code == 9
    assert {tuple(row) for row in ran.rows} == {tuple(meanings(keeping.ProblemRow))}


def with_json() -> Iterator[str]:
    for name, command in write_cli_docs.commands():
        if any("--json" in param.opts for param in command.params if isinstance(param, click.Option)):
            yield name


def test_every_command_with_json_says_what_it_prints() -> None:
    """In the table of printed.py; and what stands there is run here, each kind of row of each command."""
    assert sorted(with_json()) == sorted(PRINTED)
    run = {(name, kind) for name, _, rows in CALLS for kind in (rows if isinstance(rows, tuple) else (rows,))}
    run.add(("verify", keeping.ProblemRow))
    run.add(("move", proving.MovedRow))  # in test_move.py: it needs a bucket
    # … and in test_team.py: they need PostgreSQL
    run |= {("work", bringing.WorkedRow), ("catalogue", bringing.AddedRow), ("catalogue", bringing.ImportedRow)}
    assert run == {(name, kind) for name, kinds in PRINTED.items() for kind in kinds}


def test_every_key_has_its_meaning_in_the_docs() -> None:
    page = (Path(__file__).parents[1] / "docs/cli.md").read_text(encoding="utf-8")
    missing = []
    for name, kinds in PRINTED.items():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        for kind in kinds:
            assert kind.__doc__
            for key, meaning in meanings(kind).items():
                missing += [f"{name}: {key}"] * (not meaning or f"| `{key}` | {meaning} |" not in section)
    assert missing == []


def test_the_help_of_the_whole_says_what_each_command_says() -> None:
    """Though it loads none of them."""
    room = 10_000
    short = {name: click.Command(name, help=says).get_short_help_str(room) for name, (_, says) in COMMANDS.items()}
    own = {name: one.get_short_help_str(room) for name, one in write_cli_docs.commands() if " " not in name}
    assert short == own


@pytest.mark.parametrize("width", [80, 120])
def test_the_help_of_the_whole_has_headings_and_the_width_of_the_terminal(width: int) -> None:
    told = {**os.environ, "COLUMNS": str(width)}
    shown = subprocess.run([EXECUTABLE, "--help"], env=told, capture_output=True, text=True, check=True).stdout
    assert width - 15 < max(map(len, shown.splitlines())) <= width
    assert re.findall(r"^(\w[\w ]+):$", shown, re.MULTILINE) == ["Options", *GROUPS]
    assert sorted(re.findall(r"^  (\w[\w-]*)  ", shown, re.MULTILINE)) == sorted(COMMANDS)


def test_rows_can_be_written_whatever_is_in_them(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Half characters of a hostile page are escaped, not lost."""
    emit(asking.FacetRow("person", "half \ud800", 1))
    out = io.BytesIO(capsysbinary.readouterr().out).read()
    assert msgspec.json.decode(out.replace(b"\\ud800", b"?"))["value"] == "half ?"
