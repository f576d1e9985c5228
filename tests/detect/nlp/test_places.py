"""Jar, data package and Java: what is found, what is missing, what the user is told."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from sensscan.detect.nlp import HanlpEngine, install_jar, nlp_status, places
from sensscan.errors import UsageError


def fake_jar(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(places.MAIN_CLASS, b"")
    return path


def test_without_jar_the_status_says_what_to_do(tmp_path: Path) -> None:
    status = nlp_status({"SENSSCAN_DATA_DIR": str(tmp_path)})
    assert not status.ready
    assert status.jar is None
    assert status.problem is not None
    assert "sensscan nlp install" in status.problem.message("en")
    assert "sensscan nlp install" in status.problem.message("zh")


def test_an_installed_jar_is_found(tmp_path: Path) -> None:
    environ = {"SENSSCAN_DATA_DIR": str(tmp_path / "data")}
    place = install_jar(fake_jar(tmp_path / "some.jar"), environ=environ)
    status = nlp_status(environ)
    assert status.jar == place
    assert list(place.parent.iterdir()) == [place]


def test_a_named_jar_wins(tmp_path: Path) -> None:
    jar = fake_jar(tmp_path / "other.jar")
    assert places.find_jar({"HANLP_JAR_PATH": str(jar), "SENSSCAN_DATA_DIR": str(tmp_path)}) == jar


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_another_file_is_refused_and_not_installed(tmp_path: Path, content: bytes) -> None:
    wrong = tmp_path / "wrong.jar"
    wrong.write_bytes(content)
    with pytest.raises(UsageError, match="Not a HanLP"):
        install_jar(wrong, environ={"SENSSCAN_DATA_DIR": str(tmp_path / "data")})
    assert not any((tmp_path / "data").glob("**/*.jar"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.jar"):
        places.find_jar({"HANLP_JAR_PATH": str(tmp_path / "nowhere.jar")})


def test_without_maven_the_offline_way_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError) as caught:
        install_jar(environ={"SENSSCAN_DATA_DIR": str(tmp_path)})
    assert "--jar" in caught.value.message("en")


def test_a_data_package_without_its_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"data and hanlp\.properties"):
        places.find_data({"HANLP_STATIC_ROOT": str(tmp_path)})


def test_crf_needs_its_models(tmp_path: Path) -> None:
    assert not places.has_crf(tmp_path)
    (tmp_path / "data" / "model" / "crf" / "pku199801").mkdir(parents=True)
    (tmp_path / "data" / "model" / "crf" / "pku199801" / "ner.txt.bin").touch()
    assert places.has_crf(tmp_path)


def test_without_java_nothing_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sensscan.detect.nlp.hanlp.find_java", lambda: None)
    engine = HanlpEngine({"HANLP_JAR_PATH": str(fake_jar(tmp_path / "some.jar"))})
    with pytest.raises(UsageError, match="Java"):
        engine.person_scores(["张三"])


def test_importing_starts_no_java() -> None:
    code = "import sys, sensscan.detect.nlp; assert 'jpype' not in sys.modules and 'pyhanlp' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_command_installs_and_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sensscan.cli.nlp import command

    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("HANLP_JAR_PATH", raising=False)
    before = CliRunner().invoke(command, ["status"], standalone_mode=False)
    assert isinstance(before.exception, UsageError)
    done = CliRunner().invoke(command, ["install", "--jar", str(fake_jar(tmp_path / "some.jar"))], standalone_mode=False)
    assert done.exception is None
    assert places.JAR_NAME in done.output
