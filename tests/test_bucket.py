"""An archive whose captures lie in a bucket: the same verbs and promises, and the bucket alone is enough."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from buckets import LocalBucket, serving
from captures import START
from commands import run
from newsroom import Newsroom
from test_forget import OTHER, PAGE, PLAIN, WORDS, serve, story, traces

from archive import Archive, StorageError, create_archive, entry_id, open_archive
from archive.exporting import ExportFormat, Stamp, export
from archive.storage.bucket import shelf
from archive.storage.places import FORGETTING
from archive.storage.verify import verify
from archive.urls import key


@dataclass(frozen=True)
class Kept:
    """An archive in a folder, and what is below its address in the bucket."""

    folder: Path
    objects: Path
    address: str
    bucket: LocalBucket

    def opened(self) -> Archive:
        return open_archive(self.folder)

    def problems(self, **some: float) -> list[str]:
        with self.opened() as archive:
            return [f"{one.where}: {one.what}" for one in archive.verify(share=some.get("share"))]

    def warcs(self) -> list[str]:
        return sorted(path.relative_to(self.objects / "warc").as_posix() for path in self.objects.rglob("*.warc.gz"))


def settings(newsroom: Newsroom, address: str) -> str:
    return f'{newsroom.toml()}\n[entities]\nrecogniser = "none"\n\n[store]\ncaptures = "{address}"\n'


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBucket]:
    with serving(tmp_path_factory.mktemp("buckets")) as bucket, pytest.MonkeyPatch.context() as patch:
        for name, value in bucket.env.items():
            patch.setenv(name, value)
        yield bucket


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, bucket: LocalBucket, newsroom_server: Newsroom) -> Path:
    """A page of two versions, with a short link, a tag, a note, an edit; another that cites it."""
    newsroom_server.reset()
    folder = tmp_path_factory.mktemp("bucket") / "archive"
    create_archive(folder, {"store": {"captures": bucket.address("made")}}).close()
    (folder / "backfile.toml").write_text(settings(newsroom_server, bucket.address("made")))
    (folder / "rules.toml").write_text('hide = ["Nobody Knows"]\n')
    with open_archive(folder) as archive:
        serve(newsroom_server, "Tuesday")
        assert len(list(archive.add([OTHER]))) == 2
        serve(newsroom_server, "Wednesday")
        list(archive.add([PAGE], again=True))
        archive.set_note(entry_id(key(PAGE)), "ask Xylander")
        archive.add_tags(entry_id(key(OTHER)), ["ferries"])
        archive.edit(entry_id(key(OTHER)), title="The ferry stays on")
    return folder


@pytest.fixture
def kept(tmp_path: Path, made: Path, bucket: LocalBucket, newsroom: Newsroom) -> Kept:
    """A copy of that archive, in the bucket too."""
    serve(newsroom, "Wednesday")
    folder, address = tmp_path / "archive", bucket.address(tmp_path.name)
    shutil.copytree(made, folder)
    shutil.copytree(bucket.folder / "made", bucket.folder / tmp_path.name)
    (folder / "backfile.toml").write_text(settings(newsroom, address))
    return Kept(folder, bucket.folder / tmp_path.name, address, bucket)


def seen(archive: Archive) -> dict[str, object]:
    """All that is known of every entry but how often its names were met."""
    return {
        entry.id: (entry, archive.versions(entry.id), archive.captures(entry.id), archive.tag_forms(entry.tags))
        for entry in archive.entries()
    }


def test_everything_lies_in_the_bucket_and_nothing_in_the_folder(kept: Kept) -> None:
    assert not list((kept.folder / "warc").glob("**/*.gz"))
    assert not (kept.folder / "manifest").exists()
    assert all(name.startswith("2") and name.endswith(".warc.gz") for name in kept.warcs())
    assert kept.problems() == kept.problems(share=0.5) == []
    with kept.opened() as archive:
        assert archive.counts().warc_files == len(kept.warcs())
        entry = archive.find(OTHER)
        assert b"ferry" in archive.payload(entry.capture_id or "")
        assert b"ferry" in archive.self_contained(entry.capture_id or "")


def test_nothing_is_reported_before_the_bucket_has_it(kept: Kept, newsroom: Newsroom) -> None:
    """A store that does not take it is told, and the page can be asked for again."""
    newsroom.add("https://paper.example/new", "<h1>New</h1><p>Some words that nobody has read before today.</p>")
    before = kept.warcs()
    with kept.opened() as archive:
        kept.bucket.refuse("PUT", *[403] * 2)
        archive.vault.reader  # noqa: B018 -- made before the probe is refused
        with pytest.raises(StorageError, match="403"):
            list(archive.add(["https://paper.example/new"]))
        kept.bucket.refusals.clear()
        assert kept.warcs() == before
        assert list(archive.add(["https://paper.example/new"]))
    assert len(kept.warcs()) == len(before) + 1
    assert kept.problems() == []


def test_a_new_folder_has_all_of_it_by_the_bucket_alone(kept: Kept, tmp_path: Path) -> None:
    """Pages, versions, tags, notes, edits and rules; what the catalog was is not asked."""
    folder = tmp_path / "other"
    shutil.copy(kept.folder / "backfile.toml", tmp_path / "backfile.toml")
    with create_archive(folder, {"store": {"captures": kept.address}}) as empty:
        assert not empty.has_catalog
    shutil.copy(tmp_path / "backfile.toml", folder / "backfile.toml")
    with kept.opened() as first, open_archive(folder) as second:
        assert second.rebuild() == 6
        assert seen(first) == seen(second)
        assert list(second.verify()) == []
    assert (folder / "rules.toml").read_text() == (kept.folder / "rules.toml").read_text()


def test_what_is_missing_or_another_is_noticed_without_a_catalog(kept: Kept) -> None:
    """Each file, each step of the manifest."""
    (kept.folder / "catalog.sqlite").unlink()
    for path in [sorted(kept.objects.rglob("*.warc.gz"))[1], kept.objects / "manifest/00000002.json"]:
        content = path.read_bytes()
        path.unlink()
        assert any(path.name in problem for problem in share_problems(kept)), path
        path.write_bytes(content[:-1] + bytes((content[-1] ^ 1,)))
        assert any("manifest" in problem or path.name in problem for problem in share_problems(kept)), path
        path.write_bytes(content)
    assert share_problems(kept) == []


def share_problems(kept: Kept) -> list[str]:
    with kept.opened() as archive:
        return [f"{one.layer} {one.where}: {one.what}" for one in archive.verify(share=1.0)]


def test_what_is_forgotten_is_gone_from_the_bucket(kept: Kept) -> None:
    """The object is replaced by one beside it, the manifest names both, and the old one is deleted."""
    before = kept.warcs()
    assert {word.partition(": ")[2] for word in traces(kept.objects)} == set(WORDS)
    with kept.opened() as archive:
        archive.forget([entry_id(key(PAGE))], "asked to")
    # The page's address stands in the one that cites it.
    assert [one for one in traces(kept.objects) if not one.endswith(("Xylander", "marzipan"))] == []
    assert traces(kept.objects, ("Xylander", "zweihander")) == []
    after = kept.warcs()
    assert len(after) == len(before) + 1  # the act itself
    assert [name for name in after if name.endswith(".1.warc.gz")]
    assert kept.problems() == []
    with kept.opened() as archive:
        steps = [archive.vault.manifest.step(number) for number in archive.vault.manifest.numbers()]
        assert steps[-1].forgotten
        held = {one.name: one.sha256 for step in steps[:-1] for one in step.files}
        assert dict(zip(steps[-1].forgotten, steps[-1].before, strict=True)).items() <= held.items()
        assert b"ferry" in archive.payload(archive.find(OTHER).capture_id or "")
        archive.rebuild()
        assert [entry.url for entry in archive.entries()] == [OTHER]
    assert kept.problems() == []


def test_a_replaced_object_that_comes_back_is_noticed(kept: Kept) -> None:
    old = {path: path.read_bytes() for path in kept.objects.rglob("*.warc.gz")}
    with kept.opened() as archive:
        archive.forget([entry_id(key(PAGE))], "asked to")
    gone = [path for path in old if not path.exists()]
    assert gone
    gone[0].write_bytes(old[gone[0]])
    (problem,) = kept.problems()
    assert problem.endswith("it was written anew without what was forgotten, and is still there")
    gone[0].unlink()
    newer = gone[0].with_name(gone[0].name.replace(".warc.gz", ".1.warc.gz"))
    newer.write_bytes(old[gone[0]])
    assert any("not those that the manifest has" in problem for problem in kept.problems())


@pytest.mark.parametrize("refused", [{"PUT": 2}, {"PUT": 4}, {"PUT": 5}, {"PUT": 6}, {"DELETE": 0}], ids=str)
def test_forgetting_that_was_stopped_is_done_by_the_next_writer(kept: Kept, refused: dict[str, int]) -> None:
    """Whichever request the bucket does not take."""
    ((method, after),) = refused.items()
    with kept.opened() as archive, Refusing(kept.bucket, method, after), pytest.raises(StorageError):
        archive.forget([entry_id(key(PAGE))], "asked to")
    assert (kept.folder / FORGETTING).exists()
    with kept.opened() as archive:
        archive.add_tags(entry_id(key(OTHER)), ["again"])
        assert [entry.url for entry in archive.entries()] == [OTHER]
    assert traces(kept.objects, ("Xylander", "zweihander")) == []
    assert kept.problems() == []


class Refusing:
    """From the request of that number on, the bucket refuses."""

    def __init__(self, bucket: LocalBucket, method: str, after: int) -> None:
        self._bucket, self._method, self._after = bucket, method, after

    def __enter__(self) -> None:
        self._bucket.allowed[self._method] = self._after

    def __exit__(self, *_: object) -> None:
        self._bucket.allowed.clear()


def test_exports_and_proofs_read_the_bucket(kept: Kept, tmp_path: Path) -> None:
    from archive.proving.facts import Prover

    with kept.opened() as archive:
        ids = [entry.id for entry in archive.entries()]
        for kind in (ExportFormat.WARC, ExportFormat.WACZ):
            done = export(archive, ids, kind, Stamp("", START, "log-1"), tmp_path / f"out.{kind}")
            assert (done.count, done.problems) == (2, ())
        entry = archive.find(PAGE)
        proof = Prover(archive).proof(entry, archive.version(PAGE))
        assert proof.problems == ()
        assert proof.manifest_steps


@pytest.mark.slow
def test_a_copy_is_a_folder_and_goes_on_as_one(kept: Kept, tmp_path: Path, newsroom: Newsroom) -> None:
    target = tmp_path / "copy"
    with kept.opened() as archive:
        assert archive.copy(target).files == len(kept.warcs())
        assert archive.copy(target).copied == 0
        first = seen(archive)
    assert "captures" not in (target / "backfile.toml").read_text()
    with open_archive(target) as archive:
        assert list(archive.verify()) == []
        assert seen(archive) == first
        archive.add_tags(entry_id(key(OTHER)), ["home"])
        archive.rebuild()
        assert archive.find(OTHER).tags == ("ferries", "home")
        assert list(archive.verify()) == []


@pytest.mark.slow
def test_each_object_is_asked_for_once_to_read_all_of_it(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its bytes are compared by the way. Where memory holds but a part of all, some are asked for again."""
    sizes = [path.stat().st_size for path in (kept.objects / "warc").rglob("*.warc.gz")]
    steps = len(list((kept.objects / "manifest").iterdir()))
    with kept.opened() as archive:
        apart = partial(verify, archive.folder, vault=archive.vault, processes=2)
        for room, most in ((shelf._WHOLE, len(sizes)), (sum(sizes) // 2, 2 * len(sizes))):
            monkeypatch.setattr(shelf, "_WHOLE", room)
            for what in (archive.rebuild, lambda: list(archive.verify()), lambda: list(apart())):
                kept.bucket.asked.clear()
                what()
                assert sum("/warc/" in path for _, path in kept.bucket.asked) <= most
                assert len(kept.bucket.asked) <= most + steps + 20


def test_pages_that_come_one_after_the_other_are_one_object(kept: Kept, newsroom: Newsroom) -> None:
    """As long as more is under way, and it is not too much; in a folder each has its commit soon."""
    urls = [f"https://h{n % 4}.example/{n}" for n in range(24)]
    for url in urls:
        newsroom.add(url, f"<h1>{url}</h1><p>Some words on {url} that nobody has read before.</p>")
    before = kept.warcs()
    with kept.opened() as archive:
        assert len(list(archive.add(urls, depth=0))) == 24
        assert len(kept.warcs()) - len(before) <= 3


@pytest.mark.slow
def test_the_commands_say_where_captures_lie(bucket: LocalBucket, tmp_path: Path) -> None:
    """Made in a bucket, and once more in another folder, where a rebuild is what comes next."""
    address = bucket.address(tmp_path.name)
    first = run("init", "one", "--captures", address, cwd=tmp_path)
    assert (first.code, "Next: cd one && backfile add URL" in first.out + first.err) == (0, True)
    folder = tmp_path / "one"
    (tmp_path / "page.html").write_text(story("The ferry stays", PLAIN))
    with (folder / "backfile.toml").open("a") as file:
        file.write('\n[entities]\nrecogniser = "none"\n')
    page = ("add", "--html", str(tmp_path / "page.html"), "--url", "https://paper.example/ferry")
    assert run(*page, cwd=folder).code == 0
    (status,) = run("status", "--json", cwd=folder).rows
    assert status["captures_at"] == address
    assert f"at {address}" in run("status", cwd=folder).out
    second = run("init", "two", "--captures", f"{address}/", cwd=tmp_path)
    assert second.code == 0
    assert "holds an archive already. Next: cd two && backfile rebuild" in second.out + second.err
    missing = run("search", "ferry", cwd=tmp_path / "two")
    assert (missing.code, "`backfile rebuild` makes it anew" in missing.err) == (6, True)
    assert run("rebuild", cwd=tmp_path / "two").code == 0
    assert len(run("search", "ferry", "--json", cwd=tmp_path / "two").rows) == 1


@pytest.mark.parametrize("without", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_without_keys_a_command_says_so(kept: Kept, monkeypatch: pytest.MonkeyPatch, without: str) -> None:
    """What the catalog knows can be read all the same."""
    monkeypatch.delenv(without)
    told = run("verify", cwd=kept.folder)
    assert (told.code, f"{without} is not set" in told.err) == (2, True)
    assert run("show", OTHER, cwd=kept.folder).code == 0
    assert run("status", cwd=kept.folder).code == 0
