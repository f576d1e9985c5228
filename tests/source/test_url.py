"""What users type as a source."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensscan.errors import SensscanError, UsageError
from sensscan.source import fill_password, parse_source


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("mysql://root:x@DB.example:3307/shop", "mysql://db.example:3307"),
        ("mariadb://root@db", "mysql://db:3306"),
        ("mysql+pymysql://db/shop?charset=utf8mb4", "mysql://db:3306"),
        ("postgres://u:p@h/crm", "postgresql://h:5432/crm"),
        ("postgresql://u@h:6000/客户", "postgresql://h:6000/%E5%AE%A2%E6%88%B7"),
        ("postgresql://u@[::1]/d", "postgresql://[::1]:5432/d"),
        ("postgresql://u@/d?host=/run/postgresql", "postgresql://[/run/postgresql]:5432/d"),
        ("mysql://u@/d?unix_socket=/run/m.sock", "mysql://[/run/m.sock]:3306"),
        ("postgresql://bob@h", "postgresql://h:5432/bob"),
        ("sqlite:////data/a%20b.db", "sqlite:/data/a b.db"),
        ("/data/x.sqlite3", "sqlite:/data/x.sqlite3"),
    ],
)
def test_identity(text: str, identity: str) -> None:
    assert parse_source(text).identity == identity


def test_relative_files_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_source("a.db").identity == parse_source("sqlite:///a.db").identity == f"sqlite:{tmp_path}/a.db"


def test_a_configured_name_is_the_identity() -> None:
    assert parse_source("mysql://h/d", name="crm").identity == "crm"


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("mysql://u:p%40ss%2Fword@h/d", "p@ss/word"),
        ("postgresql://h/d?user=u&password=geheim", "geheim"),
        ("mysql://u@h/d?passwd=geheim", "geheim"),
        ("mysql://u:@h/d", ""),
        ("mysql://u@h/d", None),
    ],
)
def test_passwords_are_read_and_never_shown(text: str, password: str | None) -> None:
    url = parse_source(text)
    assert url.password == password
    if password:
        assert password not in repr(url) + str(url) + url.identity
    assert url.needs_password == (password is None)


def test_password_from_environment_or_prompt() -> None:
    url = parse_source("mysql://u@h/d")
    assert fill_password(url, {"SENSSCAN_PASSWORD": "a"}).password == "a"
    assert fill_password(url, {}, ask=lambda where: f"asked for {where}").password == "asked for mysql://h:3306"
    assert fill_password(url, {}).password is None
    assert fill_password(parse_source("mysql://u:own@h/d"), {"SENSSCAN_PASSWORD": "a"}).password == "own"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("oracle://u:hunter2@h/d", "Unknown database scheme: oracle"),
        ("hunter2", "neither a URL"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://u:hunter2@h:port/d", "cannot be read"),
        ("mysql://u:hunter2@h:99999/d", "out of range"),
        ("mysql://u:p@hunter2@h/d", "more than one @"),
        ("postgresql://u:hunter2@h/d?options=-c%20x", "Unknown parameter in the database URL: options"),
    ],
)
def test_wrong_sources_are_explained_without_the_password(text: str, part: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_source(text)
    assert part in caught.value.message("en")
    assert "hunter2" not in caught.value.message("en") + caught.value.message("zh")
    assert caught.value.text.zh
    assert caught.value.hint is not None


@given(st.text(max_size=40))
def test_any_text_is_parsed_or_refused_in_one_line(text: str) -> None:
    for candidate in (text, f"mysql://{text}", f"postgresql://{text}", f"sqlite:///{text}"):
        try:
            parse_source(candidate)
        except SensscanError as error:
            assert "\n" not in error.message("en")
