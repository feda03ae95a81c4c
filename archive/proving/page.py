"""A proof as a page that needs nothing else, and the page that lists those of a case. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape

from archive.exporting import text
from archive.exporting.html import head, link
from archive.model import Method
from archive.proving.facts import Proof, Proved, ProvedHop, ProvedRecord

_STYLE = (
    "table{width:100%;font:.85rem/1.4 sans-serif}th{text-align:left;vertical-align:top;border:1px solid #ccc;"
    "padding:.2em .5em;white-space:nowrap}td{overflow-wrap:anywhere}code{font-size:.9em;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}.text{white-space:pre-wrap}"
    ".holds{color:#1b6e33}.fails{color:#a11}@media print{details{display:block}}"
)
_HOW = (
    "Each record stands at its offset as one gzip member; its block digest is the SHA-256 of what follows the header "
    "of the record. `backfile verify` checks all of them, and so does any reader of WARC files (ISO 28500). The "
    "manifest is a chain: each step bears the SHA-256 of the step before it, so that the digest of its last step, kept "
    "elsewhere, fixes everything that was stored until then."
)
_METHODS = {
    Method.FETCH.value: "fetched",
    Method.BROWSER.value: "as a browser showed it, after its scripts",
    Method.MEMENTO.value: "the copy of another archive, not fetched from the site itself",
    Method.SAVED_PAGE.value: "handed in as a page that somebody had saved",
    Method.IMPORT.value: "taken over from a file",
}
_STAMPED = {
    True: "yes: a known authority says that the step, and all that was stored until then, was there at that time",
    False: "it is of this step; its authority is not known here, so that its signature was not checked",
}


def proof_page(proof: Proof) -> str:
    """The page."""
    title = text.line(proof.title) or text.address(proof.final_url)
    body = [
        head(f"Proof: {title}", _STYLE),
        f'<header><h1 dir="auto">{escape(title)}</h1>\n<p>{link(proof.final_url)}</p>\n',
        f"{_verdict(proof)}</header>\n<main>\n",
        _section("What was captured", _table(_captured(proof))),
        _section("Which text this is", _table(_version(proof))),
        _section(
            "Each request and its answer",
            "".join(_table(_hop(number, hop)) for number, hop in enumerate(proof.hops, 1)),
        ),
        _section("Where it is stored", "".join(_table(_record(record)) for record in proof.records)),
        _section("How to check it", f"<p>{escape(_HOW)}</p>" + _table(_chain(proof))),
        _section("How to cite it", _citations(proof)),
        _section("What was read in it, and by which rules", _table(_rules(proof))),
        '<details><summary>The text</summary><div class="text" dir="auto">',
        f"{escape(text.clean(proof.text))}</div></details>\n",
        f"</main>\n<footer>Made {_time(proof.made)} by {escape(proof.software)}.</footer>\n</body>\n</html>\n",
    ]
    return "".join(body)


def case_page(query: str, made: datetime, proofs: Iterable[Proved]) -> str:
    """The page that lists the proofs of a case."""
    found = list(proofs)
    asked = text.line(query) or "everything"
    rows = "".join(
        f'<tr><td><a href="{escape(one.html)}">{escape(text.line(one.title) or one.id)}</a></td><td>{one.id}</td>'
        f"<td>{one.version}</td><td><code>{one.capture}</code></td><td>{_holds(one.problems)}</td></tr>\n"
        for one in found
    )
    return (
        f"{head(f'Case: {asked}', _STYLE)}<header><h1>{escape(asked)}</h1><p>{len(found)} articles, "
        f"{_time(made)}.</p></header>\n<main>\n<table>\n<tr><th>Article</th><th>Id</th><th>Version</th><th>Capture</th>"
        f"<th>What verify says</th></tr>\n{rows}</table>\n</main>\n</body>\n</html>\n"
    )


def _verdict(proof: Proof) -> str:
    problems = "".join(f'<p class="fails">{escape(text.line(one))}</p>\n' for one in proof.problems)
    return f"<p>Checked {_time(proof.made)}: {_holds(proof.problems)}</p>\n{problems}"


def _holds(problems: tuple[str, ...]) -> str:
    if problems:
        return f'<span class="fails">{len(problems)} things do not hold</span>'
    return '<span class="holds">every digest holds</span>'


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>\n{body}</section>\n"


def _table(rows: Iterable[tuple[str, object]]) -> str:
    shown = "".join(
        f'<tr><th>{escape(name)}</th><td dir="auto">{_shown(value)}</td></tr>\n'
        for name, value in rows
        if value not in (None, "", ())
    )
    return f"<table>\n{shown}</table>\n"


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, tuple):
        return "<br>".join(_shown(one) for one in value)
    said = text.line(str(value))
    return f"<code>{escape(said)}</code>" if said.startswith("sha256:") else escape(said)


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _captured(proof: Proof) -> Iterator[tuple[str, object]]:
    yield "asked for", proof.asked_for
    yield "when", proof.asked_at
    yield "how", _METHODS[proof.method]
    yield "cookies", "those of an account were sent; they are blanked in what is stored" if proof.login else ""
    if copy := proof.memento:
        yield "from the archive", copy.archive
        yield "which has it as it was at", copy.at
        yield "under the address", copy.url
    yield "what came of it", f"{proof.outcome}: {proof.detail}"
    yield "led to", proof.final_url
    yield "media type", proof.media_type
    yield "payload", f"{proof.payload_bytes} bytes"
    yield "payload digest", proof.payload_digest
    yield "capture", proof.capture
    yield "archive", proof.archive
    if package := proof.package:
        yield "came in the package", package.file
        yield "signed by", package.signer
        yield "signed on", package.created
        yield "with", package.software
        yield "stamped", f"{package.stamped} by {package.stamped_by}" if package.stamped else ""
        yield "digest of its datapackage.json", package.digest
        yield "did it hold when it came", "; ".join(package.problems) or "yes: every digest, and the signature"
        yield "does the signature hold now", proof.package_problem or "yes"


def _version(proof: Proof) -> Iterator[tuple[str, object]]:
    yield "article", proof.id
    yield "version", f"{proof.version} of {proof.versions}"
    yield "seen", (proof.first_seen, proof.last_seen)
    yield "headline", proof.title
    yield "authors", proof.authors
    yield "site", proof.site
    yield "published", proof.published_on
    yield "differs from the one before in", proof.changes
    yield "digest of the text", proof.text_digest


def _hop(number: int, hop: ProvedHop) -> Iterator[tuple[str, object]]:
    yield f"{number}", f"{hop.url} ({hop.kind})"
    yield "status", hop.status
    yield "leads to", hop.location
    yield "address", hop.address
    if hop.certificate:
        certificate = hop.certificate
        yield "certificate of", certificate.subject
        yield "issued by", certificate.issuer
        yield "valid", tuple(filter(None, (certificate.valid_from, certificate.valid_until)))
        yield "fingerprint", certificate.fingerprint
        yield "its chain", certificate.chain
        yield "was it verified", "yes" if hop.tls_verified else "no"
    yield "record", hop.record_id
    yield "digest of the body", hop.payload_digest


def _record(record: ProvedRecord) -> Iterator[tuple[str, object]]:
    yield "record", f"{record.id} ({record.kind})"
    yield "file", f"warc/{record.file}, {record.length} bytes from byte {record.offset}"
    yield "date", record.date
    yield "of", record.url
    yield "address", record.ip_address
    yield "block digest", record.block_digest
    yield "payload digest", record.payload_digest
    yield "repeats the payload of", record.refers_to
    yield "cut", record.truncated
    yield "now", record.problem or "its digests hold"


def _chain(proof: Proof) -> Iterator[tuple[str, object]]:
    yield "steps of the manifest", ", ".join(map(str, proof.manifest_steps))
    yield "digest of its last step", proof.manifest_digest
    for one in proof.stamps:
        said = one.stamp
        yield f"time stamp of step {one.step}", said.at or said.problem
        yield "given by", said.authority
        yield "its number", said.serial
        yield "does it hold", said.problem or _STAMPED[said.trusted]
        yield "the step that it stamps", one.step_digest


def _citations(proof: Proof) -> str:
    forms = (("RIS", proof.citations.ris), ("BibTeX", proof.citations.bibtex), ("CSL-JSON", proof.citations.csl))
    blocks = "".join(f"<h3>{name}</h3><pre>{escape(text.clean(form))}</pre>\n" for name, form in forms)
    return f'<p dir="auto">{escape(text.line(proof.citations.text))}</p>\n{blocks}'


def _rules(proof: Proof) -> Iterator[tuple[str, object]]:
    yield from sorted(proof.rules.items())
