"""What capture brings along of persons and secrets, listed before a package is handed out; records → findings."""

from archive.auditing.findings import Finding, FindingKind
from archive.auditing.packages import Audit, audit_entries, audit_file

__all__ = ["Audit", "Finding", "FindingKind", "audit_entries", "audit_file"]
