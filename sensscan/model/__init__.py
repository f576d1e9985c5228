"""The nouns of sensscan: frozen dataclasses that the steps hand to each other.

Nothing here reads or decides anything. A clear value lives in `ColumnSample` only; everything else in
this package is safe to print, store and send to another process.
"""

from sensscan.model.catalogue import (
    INCOMPLETE_CODES,
    Catalogue,
    Column,
    ColumnRef,
    Family,
    Reason,
    ReasonCode,
    SkippedObject,
    Table,
    TableKind,
    TableRef,
)
from sensscan.model.labels import (
    UNKNOWN_LEVEL,
    Grade,
    LevelView,
    Tag,
    TagStatus,
)
from sensscan.model.reading import (
    ColumnSample,
    Coverage,
    PlannedColumn,
    SampleMethod,
    ScanMode,
    ScanPlan,
    TableSample,
)
from sensscan.model.reports import (
    Outcome,
    Report,
    ReportColumn,
    ReportTable,
    RunSummary,
)
from sensscan.model.verdicts import (
    Also,
    Alternative,
    Classification,
    ColumnOutcome,
    ColumnResult,
    Contained,
    Evidence,
    EvidenceKind,
    Flag,
    SkippedColumn,
    TableResult,
    Verdict,
)

__all__ = [
    "INCOMPLETE_CODES",
    "UNKNOWN_LEVEL",
    "Also",
    "Alternative",
    "Catalogue",
    "Classification",
    "Column",
    "ColumnOutcome",
    "ColumnRef",
    "ColumnResult",
    "ColumnSample",
    "Contained",
    "Coverage",
    "Evidence",
    "EvidenceKind",
    "Family",
    "Flag",
    "Grade",
    "LevelView",
    "Outcome",
    "PlannedColumn",
    "Reason",
    "ReasonCode",
    "Report",
    "ReportColumn",
    "ReportTable",
    "RunSummary",
    "SampleMethod",
    "ScanMode",
    "ScanPlan",
    "SkippedColumn",
    "SkippedObject",
    "Table",
    "TableKind",
    "TableRef",
    "TableResult",
    "TableSample",
    "Tag",
    "TagStatus",
    "Verdict",
]
