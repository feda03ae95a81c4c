"""ARC, the format before WARC, of versions 1 and 2: a line with address, host, time and length before what was served.

https://archive.org/web/researcher/ArcFileFormat.php. Its records are told in the words of WARC.
"""

from __future__ import annotations

import re

from archive.formats.streams import Bad, Stream

MAGIC = b"filedesc://"
_MAX_LINE = 2**14
# Addresses may have spaces in them. Version 2 has more between type and length (status, checksum, place of the record).
BEGINS = re.compile(
    rb"([A-Za-z][A-Za-z0-9+.-]{1,20}:[^\r\n]{0,8000}) (\S{1,300}) (\d{14}|\d{12}) (\S{1,300})"
    rb"(?: [^\r\n]{0,1000})? (\d{1,15})\r?\n"
)
# Where a file may begin without the record that describes it.
FIRST = re.compile(BEGINS.pattern + rb"HTTP/\d")
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{1,20}:")


def header(stream: Stream) -> tuple[dict[str, str], int]:
    """The fields of the record that begins here, and its length. Bad where none begins."""
    stream.have(_MAX_LINE)
    found = BEGINS.match(stream.held, stream.at, stream.at + _MAX_LINE)
    if found is None:
        raise Bad("no record begins here")
    url, host, at, kind, length = (part.decode("utf-8", "replace") for part in found.groups())
    stream.at = found.end()
    date = f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:12]}:{at[12:14] or '00'}Z"
    fields = {"warc-target-uri": url, "warc-date": date, "content-type": kind}
    if host != "0.0.0.0":  # noqa: S104 - what crawlers wrote where they did not know
        fields["warc-ip-address"] = host
    return fields, int(length)


def is_at(stream: Stream) -> bool:
    """Whether a record begins here."""
    stream.have(_MAX_LINE)
    return BEGINS.match(stream.held, stream.at, stream.at + _MAX_LINE) is not None


def completed(fields: dict[str, str], block: bytes) -> dict[str, str]:
    """The fields with the type that the record would have in a WARC file."""
    if fields["warc-target-uri"].startswith("filedesc:"):
        return {**fields, "warc-type": "warcinfo"}
    return {**fields, "warc-type": "response" if block.startswith(b"HTTP/") else "resource"}


def follows(after: bytes) -> bool:
    """Whether the bytes behind a record may begin another one."""
    return _SCHEME.match(after) is not None or len(after) < len(MAGIC)
