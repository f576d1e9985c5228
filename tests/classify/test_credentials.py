"""Connection strings and URLs that hold a password are flagged; placeholders are not."""

import pytest

from sensscan.classify import Classifier
from sensscan.detect import Detector
from sensscan.model import Column, ColumnRef, ColumnSample, Family, Table, TableRef, TableSample
from sensscan.registry import load_registry

REGISTRY = load_registry()


def flags(values: list[str]) -> tuple[str, tuple[str, ...]]:
    column = Column(ColumnRef("s", "main", "t", "c01"), "varchar", Family.TEXT, 1)
    sample = TableSample(
        Table(TableRef("s", "main", "t"), "table", (column,)), (ColumnSample(column, tuple(values)),), len(values), "all", complete=True
    )
    verdict = Classifier(REGISTRY).table(sample, Detector(REGISTRY).table(sample))[0].classification
    return verdict.type_id, verdict.flags


@pytest.mark.parametrize(
    ("form", "type_id"),
    [
        ("jdbc:mysql://db{}.example.com:3306/app?user=app&password=Xk29sd", "jdbc_url"),
        ("jdbc:sqlserver://h{}:1433;user=sa;password=Pq81zz;", "jdbc_url"),
        ("jdbc:oracle:thin:scott/tiger9@//h{}:1521/orcl", "jdbc_url"),
        ("https://bob:s3cretpw@host{}.example.com/", "url"),
    ],
)
def test_a_password_inside_is_flagged(form: str, type_id: str) -> None:
    found, marks = flags([form.format(number) for number in range(9)])
    assert found == type_id
    assert "credentials" in marks


@pytest.mark.parametrize(
    "form",
    [
        "jdbc:mysql://db{}.example.com:3306/app",
        "jdbc:mysql://db{}.example.com:3306/app?user=app&password=${{DB_PASSWORD}}",
        "jdbc:mysql://db{}.example.com:3306/app?password=ENC(Gx8sl2)",
        "https://host{}.example.com/a?page=2",
    ],
)
def test_nothing_or_a_placeholder_is_not(form: str) -> None:
    assert "credentials" not in flags([form.format(number) for number in range(9)])[1]
