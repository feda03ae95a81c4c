"""rules.toml in the folders of one archive: who edits it shares it, who does not follows, and nothing is lost."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from buckets import serving

from archive.entities.rulebook import RULES
from archive.storage.bucket.rules import KeptRules, follow_rules, share_rules
from archive.storage.bucket.s3 import S3Objects
from archive.storage.catalog.database import connect
from archive.storage.catalog.ruling import keep, kept

_A, _B, _C = b'hide = ["A"]\n', b'hide = ["B"]\n', b'hide = ["C"]\n'


@pytest.fixture
def objects(tmp_path: Path) -> Iterator[S3Objects]:
    with serving(tmp_path / "buckets") as bucket:
        yield S3Objects(bucket.address("a"), env=bucket.env)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in ("one", "two")]
    for folder in made:
        folder.mkdir()
    return made


def test_who_edits_shares_and_who_does_not_follows(objects: S3Objects, folders: list[Path]) -> None:
    one, two = folders
    assert share_rules(one, objects) == KeptRules()
    assert not (one / RULES).exists()
    (one / RULES).write_bytes(_A)
    assert share_rules(one, objects) == share_rules(one, objects) == KeptRules(1, _A)
    assert share_rules(two, objects) == KeptRules(1, _A)
    (two / RULES).write_bytes(_B)
    newest = share_rules(two, objects)
    assert newest == KeptRules(2, _B)
    follow_rules(one, newest)
    assert (one / RULES).read_bytes() == _B
    assert share_rules(one, objects) == newest
    (one / RULES).unlink()
    assert share_rules(one, objects) == KeptRules(3, b"")


def test_what_was_edited_here_is_not_overwritten_by_a_look(objects: S3Objects, folders: list[Path]) -> None:
    one, two = folders
    (one / RULES).write_bytes(_A)
    share_rules(one, objects)
    (two / RULES).write_bytes(_B)  # never shared: it is this folder's own
    follow_rules(two, KeptRules(1, _A))
    assert (two / RULES).read_bytes() == _B
    share_rules(two, objects)
    (two / RULES).write_bytes(_C)
    follow_rules(two, KeptRules(3, _A))
    assert (two / RULES).read_bytes() == _C


def test_what_two_have_edited_is_told_and_stays_in_the_bucket(
    objects: S3Objects, folders: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    one, two = folders
    (one / RULES).write_bytes(_A)
    (two / RULES).write_bytes(_B)
    share_rules(one, objects)
    with caplog.at_level(logging.WARNING, logger="archive"):
        assert share_rules(two, objects) == KeptRules(2, _B)
    assert "takes the place of what another folder made of the rules: rules/00000001.toml" in caplog.text
    assert objects.read("rules/00000001.toml") == _A


def test_a_folder_that_an_older_version_left_follows(objects: S3Objects, folders: list[Path]) -> None:
    """Its note has a number alone; nothing says whether the file was edited, so that the bucket has to."""
    one, two = folders
    (one / RULES).write_bytes(_A)
    share_rules(one, objects)
    (one / "rules.version").write_text("1")
    (two / RULES).write_bytes(_B)
    newest = share_rules(two, objects)
    follow_rules(one, newest)
    assert (one / RULES).read_bytes() == _A
    assert share_rules(one, objects) == newest
    assert (one / RULES).read_bytes() == _B


def test_a_catalog_keeps_whatever_bytes_there_are(tmp_path: Path) -> None:
    db = connect(tmp_path / "catalog.sqlite", write=True)
    assert kept(db) == KeptRules()
    for rules in (KeptRules(1, _A), KeptRules(2, b"\0\xff"), KeptRules(3, b"")):
        keep(db, rules)
        assert kept(db) == rules
    db.close()
