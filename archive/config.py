"""Settings of an archive: every default stands here; unknown keys and bad values are errors that name file and key."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field, fields, is_dataclass, replace
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from archive.errors import SettingsError
from archive.frozen import frozen
from archive.model import Resources

SETTINGS_FILE = "backfile.toml"
# Sections that belong to the packages above this one; they read them with `read_section`.
SECTIONS_OF_OTHERS = frozenset({"search", "web"})


@frozen
class Within:
    """Between which numbers a setting has to be, both included: what stands behind its type (`Annotated`)."""

    least: float = 0
    most: float = 2**53


_NAME = r"[^\W_](?:[\w-]{0,61}[^\W_])?"  # of a part of a host's name, in any script
_NAMED = rf"{_NAME}(?:\.{_NAME})*\.?"
_NUMBERED = r"\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?"
_BEHIND = r"(?::\d{1,5})?"


@frozen
class Like:
    """How a text has to be: what stands behind its type (`Annotated`). A list is one of such texts; in a table of texts
    the first is that of its keys, the second that of its values. A default is never asked."""

    expected: str
    fits: Callable[[str], bool]
    secret: bool = False  # what does not fit may be a password: it is not shown


def _pattern(expected: str, pattern: str, *, secret: bool = False) -> Like:
    """A text that is `pattern` from beginning to end."""
    return Like(expected, lambda text: re.fullmatch(pattern, text) is not None, secret)


def _is_network(text: str) -> bool:
    from ipaddress import ip_network

    try:
        ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return True


_LINE = Like("one line, without control characters", str.isprintable)
_ASCII_LINE = Like(
    "a line of printable ASCII", lambda text: text.isascii() and text.isprintable() and bool(text.strip())
)
_HOST = _pattern('the name of a host, without https:// and path: "www.example.org"', _NAMED)
_HOSTS = _pattern('the name of a host, without https:// and path ("www.example.org"), or "*"', rf"{_NAMED}|\*")
_URL = _pattern(
    'an address with its scheme: "https://www.example.org/…"',
    rf"https?://(?:{_NAMED}|{_NUMBERED}){_BEHIND}(?:[/?]\S*)?",
)
_SERVER = _pattern('the name of a host alone: "mail.example.org"', rf"{_NAMED}|{_NUMBERED}")
_BUCKET = _pattern(
    'the address of a bucket: "s3://bucket/prefix"', r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9._/-]*)?"
)
_PLACE = _pattern('a host and a port: "127.0.0.1:8443"', rf"(?:{_NAMED}|{_NUMBERED}):\d{{1,5}}")
_PLACES = _pattern('a host and a port: "www.example.org:443", or "*:443"', rf"(?:{_NAMED}|{_NUMBERED}|\*):\d{{1,5}}")
_MAILBOX = Like('the address of a mailbox: "ann@example.org"', lambda text: "@" in text and text.isprintable())
_VARIABLE = _pattern("the name of an environment variable, not what is in it", r"[A-Za-z_][A-Za-z0-9_]*", secret=True)
_HOOK = Like(_URL.expected, _URL.fits, secret=True)
_NETWORK = Like('a network such as "10.1.0.0/16"', _is_network)
_RECOGNISER = _pattern(
    "default, accurate, none, spacy:MODEL or gliner:MODEL", r"default|accurate|none|(?:spacy|gliner):\S+"
)
_Agent = Annotated[str, _ASCII_LINE]
_Addresses = Annotated[tuple[str, ...], _URL]
_Files = Annotated[Mapping[str, str], _HOST, _LINE]
_Routes = Annotated[Mapping[str, str], _PLACES, _PLACE]

_WHOLE = Within()
_SECONDS = Within(most=10**9)  # what a system can wait
_A_WHILE = Within(0.001, _SECONDS.most)
_ONE_OR_MORE = Within(1)


@frozen
class FetchSettings:
    """[fetch]: how pages are asked for. Times are seconds, sizes bytes."""

    user_agent: _Agent = "backfile/0.1 (news archive; archives pages a person asked for)"  # say who you are here
    timeout: Annotated[float, _A_WHILE] = 30.0  # for one exchange, from connecting to the last byte
    first_byte_timeout: Annotated[float, _A_WHILE] = 15.0  # until the answer begins
    max_body: Annotated[int, _ONE_OR_MORE] = 16 * 2**20  # as received
    max_decoded: Annotated[int, _ONE_OR_MORE] = 32 * 2**20  # after content decoding
    max_headers: Annotated[int, _ONE_OR_MORE] = 64 * 2**10  # of one response
    max_redirects: int = 10  # of any kind, for one page
    per_host: Annotated[int, _ONE_OR_MORE] = 2  # connections at once to one host
    delay: float = 0.5  # between two requests to one host
    concurrency: Annotated[int, _ONE_OR_MORE] = 8  # pages at once over all hosts
    max_retry_after: float = 300.0  # a longer Retry-After is cut to this, and not waited for
    fresh_for: float = 3600.0  # a page captured less than this ago is not asked for again, unless told to
    resources: Resources = Resources.IMAGES  # of each page: "none", the "images" of its article, or all of the "page"
    max_resource: int = 8 * 2**20  # bytes of one resource, as received
    max_resources: int = 32 * 2**20  # bytes of all resources of one page
    resources_per_page: int = 250  # how many are asked for
    resources_timeout: Annotated[float, _A_WHILE] = 60.0  # for all resources of one page
    browser: Annotated[tuple[str, ...], _HOSTS] = ()  # hosts whose pages a browser shows, after their scripts; "*": all
    browser_path: Annotated[str, _LINE] = ""  # the Chromium or Chrome; default: the system's
    browser_timeout: Annotated[float, _A_WHILE] = 30.0  # for one page, from the start of the browser to the picture
    rescue: bool = False  # a page that is gone is looked for in other archives
    archives: _Addresses = ("https://web.archive.org/web/",)  # what their TimeGates (RFC 7089) begin with
    robots: bool = True  # obeyed for everything a person did not name by hand
    verify_tls: bool = True  # false is recorded with every capture
    ca_bundle: Annotated[str, _LINE] = ""  # a PEM file used instead of the system's roots
    allow_addresses: Annotated[tuple[str, ...], _NETWORK] = ()  # networks otherwise refused: "127.0.0.0/8"
    cookies: _Files = field(default_factory=dict)  # "www.example.org" = "cookies.txt" of an account there
    connect_to: _Routes = field(default_factory=dict)  # "www.example.org:443" or "*:443" = "127.0.0.1:8443"


@frozen
class LinkSettings:
    """[links]: how far cited sources are followed."""

    depth: int = 1  # 0: the story alone; 1: and the sources it cites
    per_article: int = 50  # sources of one story that are followed
    per_run: int = 5000  # sources that one command follows
    skip_hosts: Annotated[tuple[str, ...], _HOSTS] = ()  # with all below them; never followed (still kept as links)


@frozen
class EntitySettings:
    """[entities]: who finds the names."""

    recogniser: Annotated[str, _RECOGNISER] = "default"  # or "accurate", "none", "spacy:MODEL", "gliner:MODEL"


@frozen
class StoreSettings:
    """[store]: where things lie, and how warc/ is written."""

    catalog: str = ""  # empty: catalog.sqlite in the folder; else postgresql://USER@HOST/DATABASE (docs/scale.md)
    max_warc: Annotated[int, _ONE_OR_MORE] = 2**30  # bytes after which the next WARC file is begun
    operator: Annotated[str, _LINE] = ""  # goes into each file's warcinfo record
    captures: Annotated[str, _BUCKET] = (
        ""  # "s3://bucket/prefix": WARC files lie in a bucket, not in the folder (docs/scale.md)
    )
    added_by: Annotated[str, _LINE] = (
        ""  # who adds, tags and edits, as the journal has it; empty: your user name on this system
    )


@frozen
class EmailSettings:
    """[watch.email]: who is told by e-mail. Without a host nobody is."""

    host: Annotated[str, _SERVER] = ""  # the server that takes mail from you
    port: Annotated[int, Within(1, 65535)] = 587  # 465 with security "tls", 25 with "none"
    security: Literal["starttls", "tls", "none"] = (
        "starttls"  # or "tls" from the first byte, "none" for a server on this machine
    )
    sender: Annotated[str, _MAILBOX] = ""  # the address that it comes from
    to: Annotated[tuple[str, ...], _MAILBOX] = ()  # the addresses that get it
    user: Annotated[str, _LINE] = ""  # if the server wants to know
    password_env: Annotated[str, _VARIABLE] = ""  # the environment variable that holds the password
    password_file: Annotated[str, _LINE] = ""  # or the file: its first line
    timeout: Annotated[float, _A_WHILE] = 30.0  # for each step of handing a message over


@frozen
class WebhookSettings:
    """[watch.webhook]: where notices are posted as JSON. Without a URL nowhere."""

    url: Annotated[str, _HOOK] = ""  # of a private network only where `fetch.allow_addresses` has it
    token_env: Annotated[str, _VARIABLE] = (
        ""  # the environment variable that holds a token, sent as `Authorization: Bearer …`
    )
    token_file: Annotated[str, _LINE] = ""  # or the file: its first line


@frozen
class WatchSettings:
    """[watch]: what `backfile watch run` does with what it finds."""

    follow: bool = True  # look again at what a feed or sitemap listed, as pages that are watched
    atom: Annotated[str, _LINE] = ""  # a file in the archive's folder that lists what was noticed last, as an Atom feed
    email: EmailSettings = EmailSettings()  # a section of its own, [watch.email]
    webhook: WebhookSettings = WebhookSettings()  # a section of its own, [watch.webhook]


@frozen
class ProofSettings:
    """[proof]: who else vouches for the time."""

    timestamps: _Addresses = ()  # servers that stamp times (RFC 3161), asked in this order until one answers
    timestamp_roots: Annotated[str, _LINE] = ""  # a PEM file of authorities that are trusted beside the usual ones


@frozen
class ArchiveSettings:
    """All settings that the archive itself reads from backfile.toml."""

    fetch: FetchSettings = FetchSettings()
    links: LinkSettings = LinkSettings()
    entities: EntitySettings = EntitySettings()
    store: StoreSettings = StoreSettings()
    watch: WatchSettings = WatchSettings()
    proof: ProofSettings = ProofSettings()


def with_choices(settings: ArchiveSettings, resources: Resources | None, rescue: bool | None) -> ArchiveSettings:
    """The settings with other choices of what is asked for, unless they are None."""
    fetch = settings.fetch
    if resources is not None:
        fetch = replace(fetch, resources=resources)
    if rescue is not None:
        fetch = replace(fetch, rescue=rescue)
    return replace(settings, fetch=fetch)


T = TypeVar("T")


def read_settings(folder: Path) -> ArchiveSettings:
    """The settings in `folder`/backfile.toml; a missing file means defaults. SettingsError names file and key."""
    file = folder / SETTINGS_FILE
    table = _load(file)
    own = typing.get_type_hints(ArchiveSettings)
    for name in table:
        if name not in own and name not in SECTIONS_OF_OTHERS:
            known = ", ".join(f"[{section}]" for section in sorted(own.keys() | SECTIONS_OF_OTHERS))
            raise SettingsError(f"unknown section; there are {known}", file=str(file), key=name)
    settings = ArchiveSettings(**{name: _section(file, table, name, kind) for name, kind in own.items()})
    if settings.watch.atom:
        from archive.folder import check_atom

        check_atom(settings.watch.atom, folder)
    near = {host: str(folder.absolute() / Path(path).expanduser()) for host, path in settings.fetch.cookies.items()}
    roots = settings.proof.timestamp_roots
    proof = replace(settings.proof, timestamp_roots=str(folder.absolute() / Path(roots).expanduser()) if roots else "")
    return replace(settings, fetch=replace(settings.fetch, cookies=near), proof=proof)


def read_section(folder: Path, name: str, kind: type[T]) -> T:
    """One section of `folder`/backfile.toml as the dataclass `kind` (whose fields all have defaults)."""
    file = folder / SETTINGS_FILE
    return _section(file, _load(file), name, kind)


def _load(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text_of(file.read_bytes(), str(file)))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"not valid TOML: {error}", file=str(file)) from error
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", file=str(file)) from error


def text_of(content: bytes, file: str) -> str:
    """The text of a file that a person writes, which an editor may begin with a mark. SettingsError with the line."""
    try:
        return content.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"line {line} is not text in UTF-8: save the file in that encoding", file=file) from error


def _section(file: Path, table: dict[str, Any], name: str, kind: type[T]) -> T:
    return _table(file, name, table.get(name, {}), kind)


def _table(file: Path, name: str, given: object, kind: type[T]) -> T:
    if not isinstance(given, dict):
        raise SettingsError(f"must be a section, [{name}]", file=str(file), key=name)
    if not given:
        return kind()
    hints = typing.get_type_hints(kind, include_extras=True)
    names = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in given.items():
        dotted = f"{name}.{key}"
        if key not in names:
            raise SettingsError(f"unknown key; [{name}] knows {', '.join(names)}", file=str(file), key=dotted)
        hint = hints[key]
        values[key] = (_table if is_dataclass(hint) else _value)(file, dotted, value, hint)
    return kind(**values)


@frozen
class _Shape:
    """What a value in the file has to be, in words and as a test, and how it becomes that of the setting."""

    expected: str
    fits: Callable[[Any], bool]
    made: Callable[[Any], object] = lambda value: value


def _are_strings(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


_SHAPES: dict[Any, _Shape] = {
    bool: _Shape("true or false", lambda value: isinstance(value, bool)),
    str: _Shape("a string", lambda value: isinstance(value, str)),
    int: _Shape("a whole number", lambda value: type(value) is int),
    float: _Shape("a number", lambda value: type(value) is int or (type(value) is float and isfinite(value))),
    tuple: _Shape("a list of strings", lambda value: isinstance(value, list) and _are_strings(value), tuple),
    Mapping: _Shape("a table of strings", lambda value: isinstance(value, dict) and _are_strings(value.values()), dict),
}
"""By annotation: the few that settings have."""


def _shape(hint: Any) -> _Shape:
    """What a value of that annotation has to be."""
    origin = typing.get_origin(hint) or hint
    if origin is Literal:
        return _one_of(typing.get_args(hint), str)
    if isinstance(origin, type) and issubclass(origin, StrEnum):
        return _one_of([each.value for each in origin], origin)
    return _SHAPES[origin]


def _one_of(words: Collection[str], kind: type[str]) -> _Shape:
    return _Shape(" or ".join(map(repr, words)), lambda value: value in words, kind)


def _value(file: Path, key: str, value: object, hint: Any) -> object:
    """`value` as the annotated type, or SettingsError."""
    bounds = getattr(hint, "__metadata__", ())
    hint = hint.__origin__ if bounds else hint
    shape = _shape(hint)
    if not shape.fits(value):
        raise SettingsError(f"must be {shape.expected}, not {value!r}", file=str(file), key=key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        _check_within(next(iter(bounds), _SECONDS if hint is float else _WHOLE), value, file, key)
    elif bounds:
        _check_like(bounds, value, file, key)
    return shape.made(value)


def _check_like(likes: tuple[Like, ...], value: Any, file: Path, key: str) -> None:
    """Whether the texts of a setting are as they have to be; an empty one is as good as none."""
    if isinstance(value, dict):
        said = [(key, name, likes[0]) for name in value]
        said += [(f'{key}."{name}"', text, likes[-1]) for name, text in value.items()]
    else:
        said = [(key, text, likes[0]) for text in ((value,) if isinstance(value, str) else value)]
    for place, text, like in said:
        if not like.fits(text) and (text or not isinstance(value, str)):
            found = "" if like.secret else f", not {text!r}"
            raise SettingsError(f"must be {like.expected}{found}", file=str(file), key=place)


def _check_within(within: Within, value: float, file: Path, key: str) -> None:
    if value < within.least:
        raise SettingsError(f"must be {within.least:g} or more, not {value!r}", file=str(file), key=key)
    if value > within.most:
        raise SettingsError(f"must be {within.most:.17g} or less, not {value!r}", file=str(file), key=key)
