"""Comments in the text of CREATE TABLE."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sensscan.catalog.ddl_comments import ddl_comments
from tests.catalog.test_enumerate import catalogue, column, table

STAFF = """CREATE TABLE "staff" ( -- 员工表
    id INTEGER PRIMARY KEY, -- 编号
    "mobile no" VARCHAR(20) DEFAULT '--none', -- 手机号
    /* 身份证号 */
    id_no TEXT CHECK (length(id_no) = 18), /* 18 位 */
    amount DECIMAL(10, 2) -- 金额, 元
        NOT NULL,
    a TEXT, b TEXT, -- 乙
    plain TEXT,
    PRIMARY KEY (id) -- key
)"""


def test_comments_find_their_columns() -> None:
    assert ddl_comments(STAFF) == (
        "员工表",
        {"id": "编号", "mobile no": "手机号", "id_no": "身份证号 18 位", "amount": "金额, 元", "b": "乙"},
    )


def test_no_comments() -> None:
    assert ddl_comments("create table t (a text default '-- no', b text)")[1] == {}
    assert ddl_comments("create table t (a text)") == ("", {})


@given(st.text(alphabet="ab-/*'\"`[](), \n中", max_size=60))
def test_any_text_is_survived(text: str) -> None:
    ddl_comments(f"create table t ({text})")


def test_they_reach_the_catalogue(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "c.db")
    connection.execute(STAFF.replace("INTEGER PRIMARY KEY", "INTEGER"))
    connection.close()
    staff = table(catalogue(str(tmp_path / "c.db")), "staff")
    assert staff.comment == "员工表"
    assert column(staff, "mobile no").comment == "手机号"
    assert column(staff, "plain").comment == ""
