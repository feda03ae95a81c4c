"""Lists that people write and programs configure themselves with, in YAML and in TOML: records at any depth."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from archive.formats import nested
from archive.formats.fields import GENERIC, has_url_field, known_by, normal_name
from archive.formats.item import Item, Reject, clipped
from archive.formats.jsons import item_of
from archive.formats.opening import ImportFile
from archive.formats.text import items as addresses_in

_MOST = 2**22  # bytes of a file
_BRACKETS = 20_000  # the reader of YAML looks at all open ones for each word
_FIELD = re.compile(
    r"""^[ \t]*(?:-[ \t]+)?["']?(\w[\w -]{0,40}?)["']?[ \t]*:[ \t]+["']?(?:https?://|www\.)""", re.MULTILINE
)
_YAML = re.compile(
    r"""(?:[ \t]*(?:#[^\n]*|---[^\n]*|-|-[ \t][^\n]*|["']?[\w][\w .-]{0,60}["']?[ \t]*:(?:[ \t][^\n]*)?"""
    r"""|[ \t]+\S[^\n]*)?\n)+\Z"""
)
_BLANK = re.compile(r"\n[ \t]*\n(?=\S)")
_TOML = re.compile(r"""^\[\[?[\w."'-]+\]\]?[ \t]*(?:#[^\n]*)?$""", re.MULTILINE)
_TOML_FIELD = re.compile(r"""^["']?([\w-]{1,40})["']?[ \t]*=[ \t]*["'](?:https?://|www\.)""", re.MULTILINE)


class _TwiceError(ValueError):
    """A name has two values, of which one would be lost."""


def is_yaml(text: str) -> bool:
    """Whether the sample of a file is YAML with named addresses, and no list in a text."""
    return any(map(has_url_field, ([name] for name in _FIELD.findall(text)))) and bool(
        _YAML.match(text[: text.rfind("\n", 0, 8_000) + 1] or f"{text}\n")
    )


def is_toml(text: str) -> bool:
    """Whether the sample of a file is TOML with named addresses."""
    return bool(_TOML.search(text)) and any(map(has_url_field, ([name] for name in _TOML_FIELD.findall(text))))


def read_yaml(source: ImportFile) -> Iterator[Item | Reject]:
    """The records of a YAML file, or of several one behind the other."""
    try:
        text = source.text(_MOST)
        try:
            documents = _loaded(text)
        except _TwiceError:  # records divided by nothing but blank lines
            documents = _loaded(_BLANK.sub("\n---\n", text.replace("\r\n", "\n")))
    except ValueError as error:
        yield from _as_text(source, str(error))
        return
    yield from _records(source, documents if len(documents) > 1 else documents[0] if documents else None)


def _loaded(text: str) -> list[Any]:
    """The documents of a YAML file, all values text, lists or mappings. ValueError where it is none, or a trap."""
    import yaml

    if text.count("[") + text.count("{") > _BRACKETS:
        raise ValueError("it has more brackets than lists need")
    loader = _loader()
    try:
        # An alias repeats a part: a few of them stand for more values than there is memory.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, loader)):
            raise ValueError("it refers to parts of itself")
        return list(yaml.load_all(text, loader))
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"it cannot be read as YAML: {' '.join(str(error).split())[:200]}") from error


def _loader() -> Any:
    """A loader that makes nothing but text, lists and mappings, and none of what has two values of one name."""
    import yaml

    class Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            made = super().construct_mapping(node, deep)
            if len(made) < len(node.value):
                raise _TwiceError("it has two values of one name")
            return made

    return Loader


def read_toml(source: ImportFile) -> Iterator[Item | Reject]:
    """The records of a TOML file."""
    try:
        document = tomllib.loads(source.text(_MOST))
    except (ValueError, RecursionError) as error:
        yield from _as_text(source, f"it cannot be read as TOML: {' '.join(str(error).split())[:200]}")
        return
    yield from _records(source, document)


def _records(source: ImportFile, document: object) -> Iterator[Item | Reject]:
    for number, record in enumerate(nested.records(document), 1):
        names = {normal_name(str(name)) for name in record}
        plain = {
            name: value if isinstance(value, str | list | dict | int | float) else str(value)
            for name, value in record.items()
        }
        yield item_of(source, known_by(names) or GENERIC, number, plain)


def _as_text(source: ImportFile, problem: str) -> Iterator[Item | Reject]:
    """The addresses in a file that is not what it looks like, and the reason why there is nothing else."""
    yield Reject(
        source.origin(), f"{problem}; its addresses were read as those of a text", clipped(source.sample[:1000])
    )
    yield from (replace(found, origin=source.origin(found.origin.line)) for found in addresses_in(source))
