"""Step 6: the level of what was found, by a policy. A policy is a TOML file; no level stands in code."""

from sensscan.grade.columns import grade_column
from sensscan.grade.comparing import Comparison, PageDifference, cell_count, compare, compare_with_page, rule_result
from sensscan.grade.grading import GradedRun, TableRows, grade, table_rows
from sensscan.grade.overriding import expired_overrides
from sensscan.grade.policy import CERTAINTY_LABELS, PROTECTION_WORDS, Condition, Policy, Protection, RaisingRule
from sensscan.grade.reading import list_policies, load_policy
from sensscan.grade.regrading import Regraded, regrade, results_of

__all__ = [
    "CERTAINTY_LABELS",
    "PROTECTION_WORDS",
    "Comparison",
    "Condition",
    "GradedRun",
    "PageDifference",
    "Policy",
    "Protection",
    "RaisingRule",
    "Regraded",
    "TableRows",
    "cell_count",
    "compare",
    "compare_with_page",
    "expired_overrides",
    "grade",
    "grade_column",
    "list_policies",
    "load_policy",
    "regrade",
    "results_of",
    "rule_result",
    "table_rows",
]
