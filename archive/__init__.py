"""URL → capture → article → entities → stored, versioned article.

from archive import open_archive

with open_archive("my-backfile") as archive:
    for page in archive.add(["https://www.example.org/story"]):
        print(page.id, page.outcome, page.title)
    entry = archive.find("https://www.example.org/story")
"""

import typing
from importlib import import_module

from archive.config import (
    ArchiveSettings,
    EmailSettings,
    EntitySettings,
    FetchSettings,
    Like,
    LinkSettings,
    ProofSettings,
    StoreSettings,
    WatchSettings,
    WebhookSettings,
    Within,
    read_section,
    read_settings,
)
from archive.core import Archive, create_archive, open_archive
from archive.errors import (
    ArchiveError,
    DamagedError,
    FormatError,
    LockedError,
    NotFoundError,
    SettingsError,
    StorageError,
    UsageError,
)
from archive.folder import check_output, find_folder
from archive.frozen import frozen
from archive.model import (
    Added,
    Article,
    Capture,
    Certificate,
    Change,
    ChangeKind,
    Citation,
    CitedSource,
    Edit,
    Entry,
    Exchange,
    Fetched,
    Geo,
    Hop,
    HopKind,
    Interval,
    Kind,
    Link,
    Memento,
    Mention,
    Method,
    News,
    Outcome,
    Part,
    Problem,
    Reading,
    Request,
    Resource,
    ResourceKind,
    Resources,
    Role,
    Span,
    Topic,
    Version,
)
from archive.structure import Caption, Mark, MarkKind, Structure
from archive.verbs.held import Progress

if typing.TYPE_CHECKING:
    from archive.auditing import Audit, Finding, FindingKind, audit_entries, audit_file
    from archive.copying import Copied
    from archive.copying.move import Moved
    from archive.entities import Recogniser
    from archive.entities.correcting import Correction, Corrections
    from archive.entities.dates import Found as FoundDate
    from archive.entities.dates import find as find_dates
    from archive.entities.known import Entity, Suggestion
    from archive.entities.languages import code_of as language_code
    from archive.entities.languages import unread as unread_language
    from archive.entities.towns import populated, position
    from archive.exporting import Exported, ExportFormat, export_short_links, export_to
    from archive.exporting import Stamp as ExportStamp
    from archive.exporting import export as export_entries
    from archive.exporting.aside import file_aside
    from archive.exporting.cells import divided, guarded, joined
    from archive.exporting.diffs import diff_page
    from archive.exporting.paragraphs import Paragraph
    from archive.exporting.selection import Texts
    from archive.exporting.signing import CheckedPackage
    from archive.exporting.signing import check as check_package
    from archive.forgetting.hiding import Embargoes, Hidden
    from archive.forgetting.looking import Going
    from archive.formats import FORMATS, Format, Item, Origin, Reject
    from archive.formats import detect as detect_format
    from archive.formats import read as read_items
    from archive.formats.headings import columns_of_people, field_meant
    from archive.history import Which
    from archive.history.which import Shown, day_begins, is_capture_id, moment
    from archive.importing.rows import Imported
    from archive.jobs.planned import AddPlan
    from archive.proving import Proof, Proved, prove_all, prove_one
    from archive.reading.offline import extract, recognise, sentence_starts
    from archive.seams import Fetching, Opening, Paces
    from archive.stamping.steps import Stamping, StepStamp
    from archive.storage import Counts, Job, JobKind, JobState, SavedSearch, ShortLink, Watch, WatchKind
    from archive.storage.lock import WriterLock as FolderLock
    from archive.team import Team, Worked
    from archive.urls import entry_id, find_urls, site_of
    from archive.urls import key as url_key
    from archive.versions import SILENT_EDIT, Difference, LinkPiece, Op, Piece, difference
    from archive.versions import links as link_pieces
    from archive.versions import raw as raw_pieces
    from archive.watching.notices import Notice, NoticeKind
    from archive.watching.searches import Searches
    from archive.watching.watches import Watches

# What a search does not need is loaded when it is asked for: the module, and the name there if it is another.
_LATER = {
    "AddPlan": "jobs.planned", "Correction": "entities.correcting", "Corrections": "entities.correcting",
    "Entity": "entities.known", "ExportFormat": "exporting", "ExportStamp": "exporting:Stamp", "Exported": "exporting",
    "FORMATS": "formats", "FolderLock": "storage.lock:WriterLock", "Format": "formats", "Imported": "importing.rows",
    "Item": "formats", "Notice": "watching.notices", "NoticeKind": "watching.notices", "Origin": "formats",
    "Paragraph": "exporting.paragraphs", "Reject": "formats", "Searches": "watching.searches",
    "Suggestion": "entities.known", "Watches": "watching.watches", "detect_format": "formats:detect",
    "diff_page": "exporting.diffs", "export_entries": "exporting:export", "export_short_links": "exporting",
    "columns_of_people": "formats.headings", "field_meant": "formats.headings",
    "export_to": "exporting", "extract": "reading.offline", "divided": "exporting.cells", "guarded": "exporting.cells",
    "joined": "exporting.cells", "file_aside": "exporting.aside",
    "read_items": "formats:read", "recognise": "reading.offline", "sentence_starts": "reading.offline",
    "CheckedPackage": "exporting.signing", "check_package": "exporting.signing:check",
    "Copied": "copying", "Moved": "copying.move", "Going": "forgetting.looking", "Hidden": "forgetting.hiding",
    "Embargoes": "forgetting.hiding", "Proof": "proving", "Proved": "proving",
    "Audit": "auditing", "Finding": "auditing", "FindingKind": "auditing", "audit_entries": "auditing",
    "audit_file": "auditing", "Stamping": "stamping.steps", "StepStamp": "stamping.steps",
    "Recogniser": "entities", "Which": "history", "Shown": "history.which", "day_begins": "history.which",
    "is_capture_id": "history.which", "moment": "history.which", "Fetching": "seams", "Opening": "seams",
    "Paces": "seams", "Counts": "storage", "Job": "storage", "JobKind": "storage", "JobState": "storage",
    "SavedSearch": "storage", "ShortLink": "storage", "Watch": "storage", "WatchKind": "storage",
    "SILENT_EDIT": "versions", "Difference": "versions", "LinkPiece": "versions", "Op": "versions", "Piece": "versions",
    "difference": "versions", "link_pieces": "versions:links", "raw_pieces": "versions:raw",
    "language_code": "entities.languages:code_of", "unread_language": "entities.languages:unread",
    "populated": "entities.towns", "position": "entities.towns",
    "FoundDate": "entities.dates:Found", "find_dates": "entities.dates:find",
    "Team": "team", "Texts": "exporting.selection", "Worked": "team", "prove_all": "proving", "prove_one": "proving",
    "entry_id": "urls", "find_urls": "urls", "site_of": "urls", "url_key": "urls:key",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, there = _LATER[name].partition(":")
    return getattr(import_module(f"archive.{module}"), there or name)


Source = CitedSource  # its name before: scripts use it

__all__ = [
    "FORMATS",
    "SILENT_EDIT",
    "AddPlan",
    "Added",
    "Archive",
    "ArchiveError",
    "ArchiveSettings",
    "Article",
    "Audit",
    "Caption",
    "Capture",
    "Certificate",
    "Change",
    "ChangeKind",
    "CheckedPackage",
    "Citation",
    "CitedSource",
    "Copied",
    "Correction",
    "Corrections",
    "Counts",
    "DamagedError",
    "Difference",
    "Edit",
    "EmailSettings",
    "Embargoes",
    "Entity",
    "EntitySettings",
    "Entry",
    "Exchange",
    "ExportFormat",
    "ExportStamp",
    "Exported",
    "FetchSettings",
    "Fetched",
    "Fetching",
    "Finding",
    "FindingKind",
    "FolderLock",
    "Format",
    "FormatError",
    "FoundDate",
    "Geo",
    "Going",
    "Hidden",
    "Hop",
    "HopKind",
    "Imported",
    "Interval",
    "Item",
    "Job",
    "JobKind",
    "JobState",
    "Kind",
    "Like",
    "Link",
    "LinkPiece",
    "LinkSettings",
    "LockedError",
    "Mark",
    "MarkKind",
    "Memento",
    "Mention",
    "Method",
    "Moved",
    "News",
    "NotFoundError",
    "Notice",
    "NoticeKind",
    "Op",
    "Opening",
    "Origin",
    "Outcome",
    "Paces",
    "Paragraph",
    "Part",
    "Piece",
    "Problem",
    "Progress",
    "Proof",
    "ProofSettings",
    "Proved",
    "Reading",
    "Recogniser",
    "Reject",
    "Request",
    "Resource",
    "ResourceKind",
    "Resources",
    "Role",
    "SavedSearch",
    "Searches",
    "SettingsError",
    "ShortLink",
    "Shown",
    "Source",
    "Span",
    "Stamping",
    "StepStamp",
    "StorageError",
    "StoreSettings",
    "Structure",
    "Suggestion",
    "Team",
    "Texts",
    "Topic",
    "UsageError",
    "Version",
    "Watch",
    "WatchKind",
    "WatchSettings",
    "Watches",
    "WebhookSettings",
    "Which",
    "Within",
    "Worked",
    "audit_entries",
    "audit_file",
    "check_output",
    "check_package",
    "columns_of_people",
    "create_archive",
    "day_begins",
    "detect_format",
    "diff_page",
    "difference",
    "divided",
    "entry_id",
    "export_entries",
    "export_short_links",
    "export_to",
    "extract",
    "field_meant",
    "file_aside",
    "find_dates",
    "find_folder",
    "find_urls",
    "frozen",
    "guarded",
    "is_capture_id",
    "joined",
    "language_code",
    "link_pieces",
    "moment",
    "open_archive",
    "populated",
    "position",
    "prove_all",
    "prove_one",
    "raw_pieces",
    "read_items",
    "read_section",
    "read_settings",
    "recognise",
    "sentence_starts",
    "site_of",
    "unread_language",
    "url_key",
]
