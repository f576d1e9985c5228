"""HanLP with its real jar."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sensscan.detect.nlp import HanlpEngine, detectors
from sensscan.plugin import ValueDetector
from tests.detect.nlp.conftest import Ask

pytestmark = pytest.mark.java


def test_names_pass(ask: Ask) -> None:
    values = ["张三", "李小明", "欧阳娜娜", "王芳", "诸葛亮", "陈建国", "買買提·吐爾遜", "張國榮", "劉德華"]
    assert [value for value, score in zip(values, ask("person_scores", values), strict=True) if score < 0.5] == []


def test_other_words_do_not_pass(ask: Ask) -> None:
    values = ["高兴", "市场部", "宫保鸡丁", "北京", "管理员", "张江路", "王先生", "江山", "John Smith", "12345", "", "张*"]
    assert [value for value, score in zip(values, ask("person_scores", values), strict=True) if score >= 0.5] == []


def test_addresses(ask: Ask) -> None:
    yes = [
        "北京市海淀区中关村大街1号",
        "广东省深圳市南山区科技园路15号3栋2单元501室",
        "河北省石家庄市正定县正定镇东门里村3组25号",
        "台北市信義區市府路45號",
    ]
    no = ["北京", "朝阳区", "广州市公安局", "道路交通安全", "3号线", "John", ""]
    assert min(ask("address_scores", yes)) >= 0.5
    assert max(ask("address_scores", no)) < 0.5


def test_names_in_running_text(ask: Ask) -> None:
    texts = ["联系人：王小丽，电话13800138000", "no names here", "昨天王小丽和陈建国在北京见面", "买家李小明已付款"]
    assert ask("names_in_text", texts) == [["王小丽"], [], ["王小丽", "陈建国"], ["李小明"]]


def test_a_value_with_separators_is_read_whole(ask: Ask) -> None:
    assert ask("names_in_text", ["a/b, c/d, 王小丽/经理, [x]"]) == [["王小丽"]]


def test_latin_values_go_to_the_built_in_detector(hanlp_jar: Path) -> None:
    class Builtin(ValueDetector):
        type_id = "person_name"

        def score(self, values):  # type: ignore[no-untyped-def]  # a stand-in
            return [0.9 for _ in values]

    person, _ = detectors(HanlpEngine({"HANLP_JAR_PATH": str(hanlp_jar)}), {"person_name": Builtin()})
    assert person.score(["John Smith", "Mary"]) == [0.9, 0.9]


def test_pyhanlp_is_never_imported(hanlp_jar: Path) -> None:
    """Its static module turns TLS verification off and downloads."""
    code = (
        "import sys, ssl; before = ssl._create_default_https_context;"
        "from sensscan.detect.nlp import HanlpEngine; import os;"
        f"engine = HanlpEngine({{'HANLP_JAR_PATH': {str(hanlp_jar)!r}}}); assert engine.person_scores(['张三'])[0] > 0.5;"
        "assert not [m for m in sys.modules if m.startswith('pyhanlp')];"
        "assert ssl._create_default_https_context is before"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
