"""Which rows each command prints: docs/cli.md and the tests read it here."""

from __future__ import annotations

from collections.abc import Mapping

from backfile.views.asking import FacetRow, HitRow, SignificantRow, SimilarRow
from backfile.views.bringing import AddedRow, FormatRow, FoundRow, ImportedRow, JobRow, RejectRow
from backfile.views.files import MentionRow, PageRow
from backfile.views.keeping import ExportedRow, NoticeRow, ProblemRow, SearchRow, StatusRow, WatchRow
from backfile.views.names import NameRow, SuggestionRow
from backfile.views.reading import EntryRow, LinkRow, PieceRow, VersionRow

PRINTED: Mapping[str, tuple[type, ...]] = {
    "add": (AddedRow,),
    "diff": (PieceRow,),
    "entities names": (NameRow,),
    "entities read": (MentionRow,),
    "entities suggest": (SuggestionRow,),
    "export": (ExportedRow,),
    "extract": (PageRow,),
    "facets": (FacetRow, SignificantRow),
    "import": (ImportedRow, FoundRow, RejectRow, FormatRow),
    "jobs": (JobRow, ImportedRow),
    "links": (LinkRow,),
    "saved list": (SearchRow,),
    "search": (HitRow,),
    "show": (EntryRow,),
    "similar": (SimilarRow,),
    "status": (StatusRow, JobRow),
    "suggest": (FacetRow,),
    "verify": (ProblemRow,),
    "versions": (VersionRow,),
    "watch list": (WatchRow,),
    "watch query": (NoticeRow,),
    "watch run": (NoticeRow,),
}
