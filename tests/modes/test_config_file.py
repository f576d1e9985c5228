"""sensscan.toml: what it gives, and how it complains."""

from __future__ import annotations

from pathlib import Path

import pytest

from sensscan.errors import ConfigError, UsageError
from sensscan.modes.config_file import find_config, load_config, parse_config

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "sensscan.example.toml"


def test_the_documented_example_is_valid() -> None:
    config = load_config(EXAMPLE)
    assert list(config.sources) == ["bank-core", "crm", "archive"]
    bank = config.sources["bank-core"]
    assert bank.filters.schemas == ("public", "crm_*")
    assert bank.limits.sample_rows == 2000
    assert config.sources["crm"].limits.sample_rows == 1000
    assert bank.policy == "jrt0197"
    assert config.sources["crm"].policy == "default"
    assert bank.window == "06:00"
    assert bank.owner == {"department": "零售银行部", "steward": "li.na"}
    assert bank.disabled_types == ("qq", "wechat_id")
    assert bank.overrides["bank_account"]["look_alike"] == 0.05
    assert bank.detector_dirs == (EXAMPLE.parent / "rules/bank",)
    assert config.settings.detector_dirs == (EXAMPLE.parent / "rules",)
    assert config.watch.quiet == 30
    assert config.notify.on == "change"
    assert config.log_path() == EXAMPLE.parent / "log/sensscan.log"


def test_every_key_of_the_reader_is_in_the_example_or_the_page() -> None:
    from sensscan.modes import config_file

    known = set(config_file._FILTERS) | set(config_file._LIMITS) | set(config_file._SOURCE) | set(config_file._SETTINGS)
    known |= set(config_file._WATCH) | set(config_file._NOTIFY) | set(config_file._LOG) | set(config_file._SECRETS)
    page = (EXAMPLE.parent / "configuration.md").read_text(encoding="utf-8")
    assert not {key for key in known if f"`{key}`" not in page}


def test_secrets_are_resolved_when_a_source_is_used(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from-file\nsecond line\n")
    text = """
[sources.a]
url = "postgresql://u@h/db"
password = "${A_PASSWORD}$$"
[sources.b]
url = "mysql://u@h:3307/"
password_file = "secret"
[sources.c]
url = "sqlite:////${FOLDER}/x.db"
"""
    config = parse_config(text, tmp_path / "sensscan.toml")
    url, chosen = config.source("a", {"A_PASSWORD": "p@ss"})
    assert url.password == "p@ss$"
    assert url.identity == "a"
    assert "p@ss" not in repr(url) + repr(chosen) + repr(config)
    assert config.source("b", {})[0].password == "from-file"
    assert config.source("c", {"FOLDER": "srv"})[0].path == "/srv/x.db"
    with pytest.raises(ConfigError) as caught:
        config.source("a", {})
    assert "line 4: sources.a.password: the environment variable A_PASSWORD is not set" in caught.value.text.en


def test_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    monkeypatch.setattr(keyring, "get_password", lambda service, user: "ring" if (service, user) == ("bank", "u") else None)
    config = parse_config(
        '[sources.a]\nurl = "postgresql://u@h/db"\nkeyring = "bank"\n[sources.b]\nurl = "postgresql://v@h/db"\nkeyring = "bank"'
    )
    assert config.source("a", {})[0].password == "ring"
    with pytest.raises(ConfigError) as caught:
        config.source("b", {})
    assert "keyring set bank v" in caught.value.text.en


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[scan\n", "line 1: not valid TOML"),
        ("[scan]\nsample = 10\n\nsmaple = 3\n", "line 4: scan.smaple: unknown key; did you mean sample?"),
        ("[scan]\nsample = 'many'", "line 2: scan.sample: must be a whole number"),
        ("[scan]\nsample = -1", "line 2: scan.sample: must be a whole number"),
        ("[scan]\nviews = 1", "line 2: scan.views: must be true or false"),
        ("[scan]\nschemas = 'public'", "line 2: scan.schemas: must be a list of strings"),
        ("[scan]\nuntil = '25:00'", "line 2: scan.until: must be a time of day"),
        ("[scan]\nnlp = 'best'", "line 2: scan.nlp: must be one of builtin, hanlp, off"),
        ("[sources.a]\nschemas = []", "line 1: sources.a: url is missing"),
        ("[sources.a]\nurl = 'sqlite:///x'\npassword = 'a'\nkeyring = 'b'", "line 4: sources.a.keyring: only one of password, keyring"),
        ("[sources.a]\nurl = 'sqlite:///x'\n[sources.a.types.mobile]\nfoo = 1", "line 4: sources.a.types.mobile.foo: unknown key"),
        ("[sources.'a b']\nurl = 'x'", "a name holds letters"),
        ("[source.a]\nurl = 'x'", "line 1: source: unknown key; did you mean sources?"),
        ("sources = 3", "line 1: sources: must be a table"),
        ("[notify]\non = 'never'", "line 2: notify.on: must be one of"),
        ("[scan.owner]\nx = 1", "line 1: scan.owner: must be a table of strings"),
    ],
)
def test_errors_name_line_and_key(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    assert message in caught.value.text.en
    assert caught.value.text.zh
    assert caught.value.exit_code == 2


def test_errors_never_show_values() -> None:
    for text in ("[sources.a]\nurl = 'sqlite:///x'\npassword = ['s3cret']", "[scan]\nx = s3cret", "[notify]\nurls = 's3cret'"):
        with pytest.raises(ConfigError) as caught:
            parse_config(text)
        assert "s3cret" not in caught.value.message("en") + caught.value.message("zh")


def test_a_wrong_url_names_its_line() -> None:
    config = parse_config("[sources.a]\nurl = 'oracle://u@h/db'")
    with pytest.raises(UsageError) as caught:
        config.source("a", {})
    assert "line 2: sources.a.url" in caught.value.text.en


def test_unknown_source_suggests_the_nearest() -> None:
    config = parse_config("[sources.bank-core]\nurl = 'sqlite:///x'")
    with pytest.raises(UsageError) as caught:
        config.source("bankcore", {})
    assert "bank-core" in caught.value.message("en")


def test_where_the_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_config({"SENSSCAN_CONFIG_DIR": str(tmp_path / "c")}) is None
    assert load_config(None, {"SENSSCAN_CONFIG_DIR": str(tmp_path / "c")}).sources == {}
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "sensscan.toml").write_text("")
    assert find_config({"SENSSCAN_CONFIG_DIR": str(tmp_path / "c")}) == tmp_path / "c" / "sensscan.toml"
    (tmp_path / "sensscan.toml").write_text("")
    assert find_config({"SENSSCAN_CONFIG_DIR": str(tmp_path / "c")}) == Path("sensscan.toml")
    assert find_config({"SENSSCAN_CONFIG": "/x/y.toml"}) == Path("/x/y.toml")
    with pytest.raises(ConfigError):
        load_config(tmp_path / "none.toml")
