"""Damaged and odd web archives: what can be read is read, and what is lost is told."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
import zstandard
from test_formats_captures import PAGE, record, response, split, three, url

from archive import FormatError

Packer = Callable[[bytes], bytes]
PACKED: dict[str, Packer] = {"gz": gzip.compress, "zst": zstandard.compress, "bz2": bz2.compress, "xz": lzma.compress}
PACKERS = [pytest.param(packer, id=name) for name, packer in PACKED.items()]
GARBAGE = b"a proxy's error page, or half of another file " * 3


def read(folder: Path, data: bytes, name: str = "x.warc.gz") -> tuple[list[str], list[str]]:
    """Addresses of what was read, and what was told to be lost."""
    path = folder / name
    path.write_bytes(data)
    items, rejects = split(path)
    assert all(reject.lost for reject in rejects)
    return [item.url for item in items], [reject.reason for reject in rejects]


def damaged(member: bytes, place: int) -> bytes:
    return member[:place] + bytes([member[place] ^ 4]) + member[place + 1 :]


@pytest.mark.parametrize("place", [0, 1, 2, 3, 10, 12, 60, -6])
def test_a_damaged_first_member_costs_one_record(tmp_path: Path, place: int) -> None:
    """It ended the file, with "none of the formats" or "damaged from here on"."""
    first, *others = map(gzip.compress, three())
    urls, told = read(tmp_path, damaged(first, place % len(first)) + b"".join(others))
    assert (urls, len(told)) in (([url(1), url(2)], 1), ([url(0), url(1), url(2)], 0))
    assert (len(told) == 1) or place == 3  # where gzip's header says nothing


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("kept", [slice(0, -20), slice(0, 30), slice(25, None)])
@pytest.mark.parametrize("place", [0, 1])
def test_a_part_that_is_not_whole_costs_one_record(tmp_path: Path, packer: Packer, kept: slice, place: int) -> None:
    parts = list(map(packer, three()))
    parts[place] = parts[place][kept]
    urls, told = read(tmp_path, b"".join(parts))
    assert urls == [url(n) for n in range(3) if n != place]
    assert len(told) == 1


@pytest.mark.parametrize("as_a_whole", [True, False])
@pytest.mark.parametrize("kind", PACKED)
def test_however_a_file_is_packed(tmp_path: Path, kind: str, as_a_whole: bool) -> None:
    """`.bz2` and `.xz` were "none of the formats"."""
    packer = PACKED[kind]
    data = packer(b"".join(three())) if as_a_whole else b"".join(map(packer, three()))
    assert read(tmp_path, data, f"x.warc.{kind}") == ([url(0), url(1), url(2)], [])
    assert read(tmp_path, data, "named wrongly") == ([url(0), url(1), url(2)], [])


@pytest.mark.parametrize("packer", PACKERS)
def test_lists_are_unpacked_and_what_is_cut_off_is_told(tmp_path: Path, packer: Packer) -> None:
    rows = b"".join(b'{"url": "https://pier.example/%d", "title": "Pier %d"}\n' % (n, n) for n in range(20_000))
    path = tmp_path / "export.jsonl.packed"
    path.write_bytes(packer(rows[: len(rows) // 2]) + packer(rows[len(rows) // 2 :]))
    items, rejects = split(path)
    assert ([item.url for item in items], rejects) == ([f"https://pier.example/{n}" for n in range(20_000)], [])
    path.write_bytes(packer(rows)[:-20])
    items, rejects = split(path)
    # What a block of bzip2 holds comes out when all of it is there: 900 kB.
    assert len(items) > 10_000
    assert "the compressed file is cut off here" in [reject.reason for reject in rejects]


@pytest.mark.parametrize("packer", PACKERS)
def test_what_expands_without_end_is_bounded(tmp_path: Path, packer: Packer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.formats.opening.MAX_EXPANDED", 2**22)
    path = tmp_path / "list.packed"
    path.write_bytes(packer(b"https://pier.example/1\n") + packer(b" " * 2**25))
    items, rejects = split(path)
    assert [item.url for item in items] == ["https://pier.example/1"]
    assert [reject.reason for reject in rejects] == [f"the file expands to more than {2**22} bytes"]


def test_a_stream_that_asks_for_too_much_memory_is_told(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 2**29}]
    path = tmp_path / "list.xz"
    path.write_bytes(lzma.compress(b"https://pier.example/1\n", filters=filters))
    with pytest.raises(FormatError, match="damaged"):
        split(path)


@pytest.mark.parametrize("times", [2, 3])
def test_a_file_that_is_packed_more_than_once(tmp_path: Path, times: int) -> None:
    data = b"".join(map(gzip.compress, three()))
    for _ in range(times - 1):
        data = gzip.compress(data)
    assert read(tmp_path, data) == ([url(0), url(1), url(2)], [])
    urls, told = read(tmp_path, data[:-30])
    assert (urls, len(told)) == ([url(0), url(1)], 1)


def test_members_that_are_packed_once_more(tmp_path: Path) -> None:
    data = b"".join(gzip.compress(gzip.compress(part)) for part in three())
    assert read(tmp_path, data) == ([url(0), url(1), url(2)], [])


@pytest.mark.parametrize("name", ["x.warc", *(f"x.warc.{kind}" for kind in PACKED)])
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_what_is_between_records_costs_nothing_else(tmp_path: Path, name: str, place: int) -> None:
    packer = PACKED.get(name[7:], bytes)
    parts = list(map(packer, three()))
    parts.insert(place, GARBAGE)
    urls, told = read(tmp_path, b"".join(parts), name)
    assert (urls, told) == ([url(0), url(1), url(2)], ["no record begins here"])


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("place", [1, 3])
def test_zeros_that_a_crash_left(tmp_path: Path, packed: bool, place: int) -> None:
    parts = [gzip.compress(part) if packed else part for part in three()]
    parts.insert(place, bytes(300_000))
    assert read(tmp_path, b"".join(parts)) == ([url(0), url(1), url(2)], [])


@pytest.mark.parametrize("order", ["pgg", "gpp", "gpg", "pgp", "zgp", "pzg", "gzg", "bpx", "pxb", "xgb"])
def test_parts_that_are_packed_and_parts_that_are_not(tmp_path: Path, order: str) -> None:
    packers = {"p": bytes, **{kind[0]: packer for kind, packer in PACKED.items()}}
    data = b"".join(packers[kind](part) for kind, part in zip(order, three(), strict=True))
    assert read(tmp_path, data) == ([url(0), url(1), url(2)], [])


@pytest.mark.parametrize("cuts", [[200], [100, 150], [20, 300]])
def test_a_record_in_several_members(tmp_path: Path, cuts: list[int]) -> None:
    """Programs that pack as they write end a member wherever they are."""
    data = b""
    for part in three():
        edges = [0, *cuts, len(part)]
        data += b"".join(gzip.compress(part[a:b]) for a, b in pairwise(edges))
    assert read(tmp_path, data) == ([url(0), url(1), url(2)], [])


def test_damage_within_a_member_of_many_records(tmp_path: Path) -> None:
    """The records before it come in, and those behind a wrong length: all of them were lost."""
    parts = three()
    wrong = record(url(7), response(), length=5)
    assert read(tmp_path, gzip.compress(parts[0] + wrong + parts[1]) + gzip.compress(parts[2]))[0] == [
        url(0), url(1), url(2),
    ]  # fmt: skip
    noise = [record(url(n), response(body=PAGE + hashlib.sha512(bytes([n])).hexdigest().encode())) for n in range(40)]
    whole = gzip.compress(b"".join(noise))
    urls, told = read(tmp_path, whole[: len(whole) // 2] + b"\xff" * 40 + whole[len(whole) // 2 + 40 :])
    assert urls[:10] == [url(n) for n in range(10)]
    assert told


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_record_without_its_first_line_is_told(tmp_path: Path, name: str, place: int) -> None:
    parts = three()
    parts[place] = parts[place].partition(b"\r\n")[2]
    data = b"".join(map(gzip.compress, parts) if name.endswith("gz") else parts)
    urls, told = read(tmp_path, data, name)
    assert urls == [url(n) for n in range(3) if n != place]
    assert told == ["no record begins here"]


LONG = b"<html><head><title>The pier</title></head>\n<body>\n<p>Twelve million pounds.</p>\n</body></html>\n"


def unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def naive(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def dos(data: bytes) -> bytes:
    return unix(data).replace(b"\n", b"\r\n")


CHANGES = [pytest.param(change, id=change.__name__) for change in (unix, naive, dos)]


def bodies(*given: bytes, digests: bool = True) -> list[bytes]:
    blocks = [response(body=body) for body in given]
    return [
        record(url(n), block, **({"Block_Digest": sha1(block)} if digests else {})) for n, block in enumerate(blocks)
    ]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("digests", [True, False], ids=["digests", "lengths"])
def test_line_ends_that_a_transfer_changed_are_put_right(tmp_path: Path, change: Packer, digests: bool) -> None:
    """Each record was lost with "its length is given as … but no record ends there", or "no record begins here"."""
    path = tmp_path / "x.warc"
    info = record("", b"software: crawler\r\nformat: WARC\r\n", "warcinfo", Content_Type="application/warc-fields")
    path.write_bytes(change(info + b"".join(bodies(LONG, dos(LONG), LONG * 40, b"", digests=digests))))
    items, rejects = split(path)
    assert [item.exchanges[-1].payload for item in items] == [LONG, dos(LONG), LONG * 40, b""]
    assert not any(item.remarks for item in items)
    (told,) = rejects
    assert "other line ends than they were written with" in told.reason
    assert not told.lost


@pytest.mark.parametrize("change", [CHANGES[0], CHANGES[2]])
@pytest.mark.parametrize("digests", [True, False], ids=["digests", "lengths"])
def test_line_ends_of_both_kinds_are_read_as_they_are_and_told(tmp_path: Path, change: Packer, digests: bool) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(change(b"".join(bodies(LONG + dos(LONG), LONG, digests=digests))))
    items, _ = split(path)
    mixed, whole = items
    assert unix(mixed.exchanges[-1].payload) == LONG * 2
    assert mixed.remarks == (
        "its line ends were changed on the way here (a transfer as text): what was captured differs in them",
    )
    assert (whole.exchanges[-1].payload, whole.remarks) == (LONG, ())


def test_what_is_no_text_and_whose_line_ends_were_changed_is_lost_and_told(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    pdf = record(url(0), response(body=b"%PDF-1.7\n1 0 obj\r\n\xff\n", Content_Type="application/pdf"))
    path.write_bytes(unix(pdf + b"".join(bodies(LONG))))
    items, rejects = split(path)
    assert [item.url for item in items] == [url(0)]
    assert [(r.reason, r.lost) for r in rejects if r.lost] == [
        ("its line ends were changed on the way here (a transfer as text), and it is no text", True)
    ]


@pytest.mark.parametrize("as_a_whole", [True, False])
def test_a_packed_file_that_was_sent_as_text(tmp_path: Path, as_a_whole: bool) -> None:
    noise = [LONG + hashlib.sha512(bytes([n])).hexdigest().encode() * 9 for n in range(40)]
    parts = bodies(*noise)
    data = gzip.compress(b"".join(parts)) if as_a_whole else b"".join(map(gzip.compress, parts))
    path = tmp_path / "x.warc.gz"
    path.write_bytes(naive(data))
    items, rejects = split(path)
    assert [item.exchanges[-1].payload for item in items] == noise
    assert [reject.lost for reject in rejects] == [False]


def test_a_record_that_is_cut_off_is_not_taken_for_one_with_other_line_ends(tmp_path: Path) -> None:
    parts = bodies(LONG, dos(LONG), LONG, digests=False)
    parts[1] = parts[1][:-12] + b"\r\n\r\n"
    urls, told = read(tmp_path, b"".join(parts), "x.warc")
    assert (urls, len(told)) == ([url(0), url(2)], 1)


def sha1(body: bytes) -> str:
    return f"sha1:{hashlib.sha1(body).hexdigest()}"


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("length", ["", "-1", "none", 20, 90, 99_999, 10**9])
@pytest.mark.parametrize("proof", ["block", "payload", "server", ""])
def test_a_wrong_length_is_mended_where_something_proves_it(
    tmp_path: Path, length: object, packed: bool, proof: str
) -> None:
    parts = three()
    block = response(body=PAGE, Content_Length=str(len(PAGE))) if proof == "server" else response()
    digests = {"block": {"Block_Digest": sha1(block)}, "payload": {"Payload_Digest": sha1(PAGE)}}
    parts[1] = record(url(1), block, length=length, **digests.get(proof, {}))
    urls, told = read(tmp_path, b"".join(map(gzip.compress, parts) if packed else parts))
    if proof:
        assert (urls, told) == ([url(0), url(1), url(2)], [])
    else:
        assert (urls, len(told)) == ([url(0), url(2)], 1)
        assert "length" in told[0]


def arc_records() -> list[bytes]:
    about = b"1 0 Org\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://x.arc 0.0.0.0 20050101000000 text/plain %d\n%s\n" % (len(about), about)]
    for n in range(3):
        block = response(body=PAGE + str(n).encode())
        parts.append(f"{url(n)} 1.2.3.4 20050101000000 text/html {len(block)}\n".encode() + block + b"\n")
    return parts


@pytest.mark.parametrize("packer", [pytest.param(bytes, id="plain"), *PACKERS])
def test_arc_files_without_what_describes_them_and_with_warc_behind(tmp_path: Path, packer: Packer) -> None:
    """They were taken for texts with addresses in them."""
    parts = arc_records()
    assert read(tmp_path, b"".join(map(packer, parts[1:])), "x.arc") == ([url(0), url(1), url(2)], [])
    both = b"".join(map(packer, [*parts, *three()]))
    assert read(tmp_path, both, "x.arc") == ([url(0), url(1), url(2)] * 2, [])


def test_a_damaged_first_record_of_an_arc(tmp_path: Path) -> None:
    first, *others = map(gzip.compress, arc_records())
    urls, told = read(tmp_path, damaged(first, len(first) // 2) + b"".join(others), "x.arc.gz")
    assert (urls, len(told)) == ([url(0), url(1), url(2)], 1)


def test_blanks_behind_the_version(tmp_path: Path) -> None:
    data = b"".join(three()).replace(b"WARC/1.0\r\n", b"WARC/1.0 \r\n")
    assert read(tmp_path, data) == ([url(0), url(1), url(2)], [])


@pytest.mark.parametrize("name", ["notes.txt", "x.warc.gz"])
def test_what_only_has_the_name_of_a_web_archive(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(FormatError):
        split(path)
    path.write_text(f"Read {url(1)} about WARC/1.0")
    assert [item.url for item in split(path)[0]] == [url(1)]


def test_rows_before_damage_of_a_packed_list_are_read(tmp_path: Path) -> None:
    rows = "".join(f"{url(n)} {hashlib.sha256(bytes([n])).hexdigest()}\n" for n in range(200))
    data = gzip.compress(rows.encode())
    path = tmp_path / "list.txt.gz"
    path.write_bytes(data[: len(data) // 2] + b"\xff" * 30 + data[len(data) // 2 + 30 :])
    items, rejects = split(path)
    assert len(items) >= 80
    assert [reject.reason for reject in rejects] == ["the compressed file is damaged from here on"]
    path.write_bytes(gzip.compress(data))
    assert len(split(path)[0]) == 200


def wacz(members: dict[str, bytes], *, deflated: bool = False, listed: dict[str, int] | None = None) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED if deflated else ZIP_STORED) as package:
        for name, data in members.items():
            package.writestr(name, data)
        if listed is not None:
            named = [{"path": name, "bytes": size} for name, size in listed.items()]
            package.writestr("datapackage.json", json.dumps({"resources": named}))
    return out.getvalue()


def members() -> dict[str, bytes]:
    pages = f'{{"format":"json-pages-1.0","id":"pages"}}\n{{"url":"{url(9)}"}}\n'.encode()
    return {"archive/data.warc.gz": b"".join(map(gzip.compress, three())), "pages/pages.jsonl": pages}


def listed(of: dict[str, bytes]) -> dict[str, int]:
    return {name: len(data) for name, data in of.items()}


ALL = [url(0), url(1), url(2)]


@pytest.mark.parametrize("deflated", [True, False], ids=["deflated", "stored"])
@pytest.mark.parametrize("described", [True, False], ids=["described", "bare"])
@pytest.mark.parametrize("folder", ["", "my collection/"])
def test_a_wacz_without_a_description_or_in_a_folder(
    tmp_path: Path, deflated: bool, described: bool, folder: str
) -> None:
    """Its list of pages was imported as links, and rejected in part."""
    held = {folder + name: data for name, data in members().items()}
    if described:
        held[folder + "datapackage.json"] = b"{}"
    assert read(tmp_path, wacz(held, deflated=deflated), "x.wacz") == (ALL, [])


def test_web_archives_of_a_wacz_that_stand_elsewhere(tmp_path: Path) -> None:
    """They were passed over, and nobody was told."""
    held = {"data.warc.gz": members()["archive/data.warc.gz"]}
    assert read(tmp_path, wacz(held, listed=listed(held)), "x.wacz") == (ALL, [])


def test_what_a_wacz_names_and_does_not_hold_is_told(tmp_path: Path) -> None:
    sizes = {**listed(members()), "archive/more.warc.gz": 77}
    urls, (told,) = read(tmp_path, wacz(members(), listed=sizes), "x.wacz")
    assert (urls, told) == (ALL, "the package names it, but does not hold it: its pages are lost")
    path = tmp_path / "y.wacz"
    path.write_bytes(wacz(members(), listed={"archive/data.warc.gz": 5}))
    items, (remark,) = split(path)
    assert ([item.url for item in items], remark.remark) == (ALL, True)
    assert remark.reason.endswith("where the package names 5")


def hashed(held: dict[str, bytes], algorithm: str, **wrong: str) -> bytes:
    """A package that says the digests of its files, and of its description."""
    digests = {name: wrong.get(name) or hashlib.new(algorithm, data).hexdigest() for name, data in held.items()}
    named = [{"path": name, "bytes": len(held[name]), "hash": f"{algorithm}:{said}"} for name, said in digests.items()]
    description = json.dumps({"resources": named}).encode()
    said = wrong.get("description") or hashlib.sha256(description).hexdigest()
    digest = {"path": "datapackage.json", "hash": f"sha256:{said}"}
    return wacz({**held, "datapackage.json": description, "datapackage-digest.json": json.dumps(digest).encode()})


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_what_a_wacz_that_nobody_signed_says_of_its_bytes_is_held_against_them(tmp_path: Path, algorithm: str) -> None:
    """Nobody was told that a file in it was changed, if its size was not."""
    assert read(tmp_path, hashed(members(), algorithm), "x.wacz") == (ALL, [])
    path = tmp_path / "y.wacz"
    for wrong in ("archive/data.warc.gz", "pages/pages.jsonl", "description"):
        path.write_bytes(hashed(members(), algorithm, **{wrong: "0" * 64}))
        items, (told,) = split(path)
        assert ([item.url for item in items], told.remark) == (ALL, True)
        name = wrong if "/" in wrong else "datapackage.json"
        assert (
            told.reason == f"{name} does not have the digest that the package names: it was changed after it was made"
        )


@pytest.mark.parametrize("said", ["", "sha3-1000:00", "none", "x:y", 7, None])
def test_a_digest_that_nobody_can_make_says_nothing(tmp_path: Path, said: object) -> None:
    named = [{"path": name, "hash": said} for name in members()]
    held = {
        **members(),
        "datapackage.json": json.dumps({"resources": named}).encode(),
        "datapackage-digest.json": b"[]",
    }
    assert read(tmp_path, wacz(held), "x.wacz") == (ALL, [])


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>404 not found", b"\x89PNG\r\n\x1a\n\0\0", gzip.compress(b"")],
    ids=["empty", "html", "png", "gzip"],
)
def test_web_archives_in_a_wacz_that_are_none_are_told(tmp_path: Path, data: bytes) -> None:
    urls, (told,) = read(tmp_path, wacz({**members(), "archive/b.warc.gz": data}, listed={}), "x.wacz")
    assert urls == ALL
    assert told.endswith("its pages are lost")


@pytest.mark.parametrize("deflated", [True, False], ids=["deflated", "stored"])
def test_a_zip_file_that_is_cut_off(tmp_path: Path, deflated: bool) -> None:
    """Without its end it has no directory: nothing of it was read."""
    rows = "".join(f"{url(n)} {hashlib.sha256(bytes([n % 256, n // 256])).hexdigest()}\n" for n in range(3000))
    data = wacz({"a.txt": url(5000).encode(), "links.txt": rows.encode()}, deflated=deflated)
    urls, (told,) = read(tmp_path, data[: len(data) * 2 // 3], "x.zip")
    assert urls[0] == url(5000)
    assert 1000 < len(urls) < 3000
    assert set(urls[1:]) <= {url(n) for n in range(3000)}
    assert "cut off" in told


@pytest.mark.parametrize("streamed", [True, False])
def test_a_wacz_that_is_cut_off(tmp_path: Path, streamed: bool) -> None:
    out = io.BytesIO()
    held = {**members(), "archive/b.warc.gz": b"".join(map(gzip.compress, three()))}
    with ZipFile(Unseekable(out) if streamed else out, "w", ZIP_STORED) as package:
        for name, data in held.items():
            package.writestr(name, data)
    data = out.getvalue()
    place = data.index(b"archive/b.warc.gz") + len(held["archive/b.warc.gz"]) - 100
    urls, told = read(tmp_path, data[:place], "x.wacz")
    assert urls == [*ALL, url(0), url(1)]
    assert len(told) == 2


class Unseekable(io.RawIOBase):
    """Sizes of what is written to it come behind each member."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        return self._out.write(data)


def test_a_flipped_bit_in_a_wacz_costs_one_record(tmp_path: Path) -> None:
    """The zip file's check sum does not fit, either: all of its pages were lost."""
    second = gzip.compress(three()[1])
    data = wacz(members(), listed=listed(members()))
    urls, told = read(tmp_path, data.replace(second, damaged(second, len(second) // 2)), "x.wacz")
    assert (urls, len(told)) == ([url(0), url(2)], 1)


def test_the_packages_of_a_collection(tmp_path: Path) -> None:
    inner = wacz(members(), listed=listed(members()))
    assert read(tmp_path, wacz({"a.wacz": inner, "b.wacz": inner}, listed={}), "x.wacz") == (ALL * 2, [])
    deep = wacz({"c.wacz": wacz({"a.wacz": inner})})
    urls, told = read(tmp_path, wacz({"d.wacz": deep}), "x.wacz")
    assert (urls, len(told)) == ([], 1)
