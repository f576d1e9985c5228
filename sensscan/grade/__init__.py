"""Step 6: the level of what was found, by a policy. A policy is a TOML file; no level stands in code."""

from sensscan.grade.columns import grade_column
from sensscan.grade.grading import GradedRun, TableRows, grade, table_rows
from sensscan.grade.policy import Policy
from sensscan.grade.reading import list_policies, load_policy

__all__ = ["GradedRun", "Policy", "TableRows", "grade", "grade_column", "list_policies", "load_policy", "table_rows"]
