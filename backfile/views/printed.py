"""Which rows each command prints: docs/cli.md and the tests read it here."""

from __future__ import annotations

from collections.abc import Mapping

from backfile.views.asking import FacetRow, HitRow, MetaRow, RunRow, SignificantRow, SimilarRow
from backfile.views.auditing import FindingRow
from backfile.views.bringing import AddedRow, FormatRow, FoundRow, ImportedRow, JobRow, RejectRow, WorkedRow
from backfile.views.checking import CheckRow
from backfile.views.copying import CopyRow
from backfile.views.counting import CoverageRow, CrossRow, PairRow, SiteCoverageRow
from backfile.views.files import MentionRow, PageRow
from backfile.views.keeping import (
    ExportedRow,
    FolderRow,
    NetworkRow,
    NoteRow,
    NoticeRow,
    ProblemRow,
    SavedRow,
    SearchRow,
    StatusRow,
    TagsRow,
    TargetRow,
    WatchRow,
)
from backfile.views.names import NameRow, RemarkRow, SuggestionRow
from backfile.views.proving import CopiedRow, GoingRow, HiddenRow, MovedRow, PackageRow, ProvedRow, StepStampRow
from backfile.views.reading import (
    CaptureRow,
    EditRow,
    EntryRow,
    LinkPieceRow,
    LinkRow,
    PieceRow,
    ResourceRow,
    VersionRow,
)
from backfile.views.tokens import MadeTokenRow, TokenRow

PRINTED: Mapping[str, tuple[type, ...]] = {
    "add": (AddedRow,),
    "audit": (FindingRow,),
    "catalogue": (AddedRow, ImportedRow),
    "check": (CheckRow,),
    "copy": (CopiedRow,),
    "copies": (CopyRow,),
    "coverage": (CoverageRow, SiteCoverageRow),
    "diff": (PieceRow, LinkPieceRow),
    "edit": (EditRow,),
    "entities names": (NameRow,),
    "entities read": (MentionRow,),
    "entities rules": (RemarkRow,),
    "entities suggest": (SuggestionRow,),
    "export": (ExportedRow,),
    "extract": (PageRow,),
    "facets": (FacetRow, SignificantRow, CrossRow),
    "forget": (GoingRow, HiddenRow),
    "import": (ImportedRow, FoundRow, RejectRow, FormatRow),
    "init": (FolderRow,),
    "move": (MovedRow,),
    "jobs": (JobRow, ImportedRow),
    "links": (LinkRow, ResourceRow),
    "network": (NetworkRow,),
    "note": (NoteRow,),
    "pairs": (PairRow,),
    "prove": (ProvedRow,),
    "rebuild": (StatusRow,),
    "reindex": (StatusRow,),
    "saved add": (SavedRow,),
    "saved list": (SearchRow,),
    "saved remove": (SearchRow,),
    "search": (MetaRow, HitRow, RunRow),
    "show": (EntryRow,),
    "similar": (SimilarRow,),
    "stamp": (StepStampRow,),
    "status": (StatusRow, JobRow),
    "suggest": (FacetRow,),
    "tag": (TagsRow,),
    "token add": (MadeTokenRow,),
    "token list": (TokenRow,),
    "token remove": (TokenRow,),
    "verify": (ProblemRow,),
    "verify-wacz": (PackageRow,),
    "versions": (VersionRow, CaptureRow),
    "watch add": (TargetRow,),
    "watch list": (WatchRow,),
    "watch query": (NoticeRow,),
    "watch remove": (TargetRow,),
    "watch run": (NoticeRow,),
    "work": (WorkedRow,),
}
