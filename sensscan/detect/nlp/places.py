"""Where HanLP's jar and data lie, what is missing, and how the jar gets there.

The jar is named by HANLP_JAR_PATH, else it is the one that `sensscan nlp install` put into the data folder. The portable jar
carries its dictionaries; the full data package (HANLP_STATIC_ROOT with `data/` and `hanlp.properties`) adds the CRF models.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sensscan.errors import UsageError
from sensscan.language import Text

ARTIFACT = "com.hankcs:hanlp:portable-1.8.4"
JAR_NAME = "hanlp-portable-1.8.4.jar"
MAIN_CLASS = "com/hankcs/hanlp/HanLP.class"
MAVEN_SECONDS = 600


@dataclass(frozen=True, slots=True)
class NlpStatus:
    """What the HanLP engine has and lacks on this machine."""

    java: Path | None
    """The Java library that would be loaded; None when there is none."""
    jar: Path | None
    """The HanLP jar; None when there is none or it is broken."""
    data: Path | None
    """Folder of the full data package (HANLP_STATIC_ROOT); None means the jar's own dictionaries."""
    crf: bool
    """The data package holds the CRF models."""
    problem: UsageError | None
    """What stands in the way, with what to do; None when the engine can start."""

    @property
    def ready(self) -> bool:
        """Whether the engine can start."""
        return self.problem is None


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that `sensscan nlp install` fills."""
    import platformdirs

    return Path(environ.get("SENSSCAN_DATA_DIR") or platformdirs.user_data_dir("sensscan")) / "hanlp"


def find_java() -> Path | None:
    """Return the Java library that would be loaded."""
    import jpype

    try:
        path = Path(jpype.getDefaultJVMPath())
    except (jpype.JVMNotFoundException, jpype.JVMNotSupportedException, ValueError, OSError):
        return None
    return path if path.exists() else None


def check_jar(jar: Path) -> None:
    """Raise UsageError when `jar` is not HanLP's."""
    try:
        with zipfile.ZipFile(jar) as archive:
            found = MAIN_CLASS in archive.NameToInfo
    except (OSError, zipfile.BadZipFile):
        found = False
    if not found:
        raise UsageError(
            Text(f"Not a HanLP 1.x jar: {jar}.", f"不是 HanLP 1.x 的 jar 文件：{jar}。"),
            Text(f"Take {JAR_NAME}, or run `sensscan nlp install`.", f"请使用 {JAR_NAME}，或运行 `sensscan nlp install`。"),
        )


def find_jar(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the jar; raises UsageError saying how to get one."""
    named = environ.get("HANLP_JAR_PATH")
    jar = Path(named) if named else data_folder(environ) / JAR_NAME
    if not jar.is_file():
        where = (
            Text("HANLP_JAR_PATH names no file", "HANLP_JAR_PATH 指向的文件不存在")
            if named
            else Text("The HanLP jar is not installed", "未安装 HanLP 的 jar 文件")
        )
        raise UsageError(
            Text(f"{where.en}: {jar}.", f"{where.zh}：{jar}。"),
            Text(
                "Run `sensscan nlp install` (offline: `sensscan nlp install --jar PATH`), or use `--nlp builtin`.",
                "请运行 `sensscan nlp install`（离线：`sensscan nlp install --jar 路径`），或改用 `--nlp builtin`。",
            ),
        )
    check_jar(jar)
    return jar


def find_data(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the full data package's folder, None when none is named; raises UsageError when the named one is incomplete."""
    named = environ.get("HANLP_STATIC_ROOT")
    if not named:
        return None
    folder = Path(named)
    missing = [part for part in ("data", "hanlp.properties") if not (folder / part).exists()]
    if missing:
        raise UsageError(
            Text(f"HANLP_STATIC_ROOT {folder} lacks {' and '.join(missing)}.", f"HANLP_STATIC_ROOT {folder} 缺少 {' 和 '.join(missing)}。"),
            Text("Unset it to use the jar's own dictionaries.", "取消该变量即可使用 jar 自带的词典。"),
        )
    return folder


def has_crf(data: Path | None) -> bool:
    """Tell whether the data package holds the CRF models."""
    return data is not None and any((data / "data" / "model" / "crf").glob("**/ner.txt.bin"))


def java_missing() -> UsageError:
    """Return the error for a machine without Java."""
    return UsageError(
        Text("HanLP needs Java 8 or newer, and none was found.", "HanLP 需要 Java 8 或更高版本，但未找到 Java。"),
        Text("Install a Java runtime or set JAVA_HOME; or use `--nlp builtin`.", "请安装 Java 或设置 JAVA_HOME；或改用 `--nlp builtin`。"),
    )


def nlp_status(environ: Mapping[str, str] = os.environ) -> NlpStatus:
    """Look for Java, jar and data without starting anything."""
    problem: UsageError | None = None
    jar: Path | None = None
    data: Path | None = None
    try:
        jar = find_jar(environ)
        data = find_data(environ)
    except UsageError as error:
        problem = error
    java = find_java()
    if java is None:
        problem = java_missing()
    return NlpStatus(java, jar, data, has_crf(data), problem)


def install_jar(jar: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Path:
    """Put the jar into the data folder, from `jar` or through Maven, and return its place.

    Raises UsageError when the file is not HanLP's, Maven is missing or Maven fails.
    """
    target = data_folder(environ) / JAR_NAME
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as work:
            source = _by_maven(Path(work)) if jar is None else jar
            check_jar(source)
            aside = Path(work) / "checked.jar"
            shutil.copyfile(source, aside)
            aside.replace(target)
    except OSError as error:
        raise UsageError(
            Text(f"Cannot write to {target.parent}: {error.strerror}.", f"无法写入 {target.parent}：{error.strerror}。"),
            Text("Set SENSSCAN_DATA_DIR to a folder that you may write.", "请把 SENSSCAN_DATA_DIR 设为可写的目录。"),
        ) from error
    return target


def _by_maven(folder: Path) -> Path:
    """Let Maven fetch the jar with the user's own settings (mirrors, proxies, credentials)."""
    maven = shutil.which("mvn")
    offline = Text(
        f"Or copy {JAR_NAME} here and run `sensscan nlp install --jar PATH`.",
        f"或把 {JAR_NAME} 拷到本机，运行 `sensscan nlp install --jar 路径`。",
    )
    if maven is None:
        raise UsageError(
            Text("Maven (mvn) was not found, so the HanLP jar cannot be fetched.", "未找到 Maven（mvn），无法获取 HanLP 的 jar 文件。"),
            offline,
        )
    command = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=MAVEN_SECONDS, check=False, cwd=folder)
    except subprocess.TimeoutExpired as error:
        raise UsageError(
            Text(f"Maven did not end within {MAVEN_SECONDS} s.", f"Maven 未能在 {MAVEN_SECONDS} 秒内结束。"), offline
        ) from error
    fetched = folder / JAR_NAME
    if done.returncode != 0 or not fetched.is_file():
        raise UsageError(
            Text(
                f"Maven could not fetch {ARTIFACT} (exit code {done.returncode}).",
                f"Maven 未能获取 {ARTIFACT}（退出码 {done.returncode}）。",
            ),
            offline,
        )
    return fetched
