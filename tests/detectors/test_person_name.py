"""Person names: what is one, what is often taken for one, and whole columns."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensscan.registry import Registry, load_registry
from tests.detectors.names_help import passing, scores


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


NAMES = {
    "Chinese": "张三 李小明 王芳 刘伊 陈建国 曾国藩 林志玲 孙悦 周杰伦 赵丽颖 胡歌 韩雪 吴彦祖 李雪琴 郑爽 何炅 钱学森 邓稼先 屠呦呦",
    "compound surnames": "欧阳娜娜 司马相如 诸葛亮 上官婉儿 慕容雪 皇甫嵩 令狐冲 夏侯惇 东方朔 尉迟恭",
    "traditional": "張國榮 劉德華 陳奕迅 黃曉明 鄧麗君 趙雲 馬雲 許志強 葉德嫻",
    "minorities": "买买提·吐尔逊 阿卜杜热西提·买买提 迪丽热巴·迪力木拉提 阿里木•艾山 阿里木・艾山 尼玛次仁 扎西多吉 达瓦卓玛 格桑拉姆",
    "given names": "小明 阿强 志强 丽娟 婷婷",
    "Western first names": "PENELOPE NICK Jennifer Margaret Giovanni François Björn Agnieszka Priya Mohammed",
    "Western surnames": "WAHLBERG Johnson Schneider Rossi Kowalski Fernández Jansen Petrov",
    "other scripts": "Иванова 김민준 이서연 山田太郎 佐藤花子",
}


@pytest.mark.parametrize("kind", NAMES)
def test_names_pass(registry: Registry, kind: str) -> None:
    values = NAMES[kind].split()
    assert passing(registry, "person_name", values) == values


@pytest.mark.parametrize(
    "value",
    [
        "John Smith",
        "Mary-Jane O'Neil",
        "John Q. Public",
        "Mr. John Smith",
        "Dr. Angela Müller",
        "Smith, John",
        "García Márquez, Gabriel",
        "Ludwig van Beethoven",
        "Jean-Paul Dupont",
        "MARY WILSON",
        "Zhang San",
        "ZHANG SAN",
        "Zhang, San",
        "Xiaoming Wang",
        "Li Xiao-ming",
        "ZHANGSAN",
        "Nguyễn Văn An",
        "Никита Иванов",
        "Иванов Иван Иванович",
        "José María Pérez",
        "Martin Luther King Jr.",
        "Nathan Lane",
        "Naomi Roberts-Allen",
        "Emma Hill",
        "Ing. Blažena Vítková CSc.",
    ],
)
def test_names_with_spaces_pass(registry: Registry, value: str) -> None:
    assert passing(registry, "person_name", [value]) == [value]


@pytest.mark.parametrize(
    "value",
    [
        "Melissa-Mohaupt-Platz",
        "Calle Emilio Salgado",
        "Viale Maura",
        "Via Giacobbe",
        "Callejón de Germán Porras",
        "Oscar Underpass",
        "ulica Kowalska",
    ],
)
def test_streets_called_after_persons_are_no_persons(registry: Registry, value: str) -> None:
    assert passing(registry, "person_name", [value]) == []


NOT_NAMES = {
    "words": "高兴 黄色 白云 周末 马上 测试 市场 经济 时间 安全 方法 任务 严肃 和平 明白 高度 江山",
    "departments": "市场部 财务部 人力资源部 研发中心 销售部 客服部 急诊科 办公室 董事会",
    "dishes": "宫保鸡丁 鱼香肉丝 麻婆豆腐 回锅肉 黄焖鸡 北京烤鸭 小笼包 金枪鱼",
    "places": "北京 上海市 王府井 海淀区 广东省 张江路 高新区 黄山 马鞍山 张家界",
    "companies": "中国银行 华为公司 阿里巴巴集团 麦当劳",
    "roles": "管理员 超级管理员 经理 工程师 店长 会计 程序员 系统管理员",
    "things": "路由器 连衣裙 充电器 手机壳 显示器 金银花 黄花菜",
    "states": "待付款 已发货 已取消 审核通过 启用 未知 无",
    "masked": "张* 李** 王*明 *小明",
    "titled": "王先生 张经理 李女士 欧阳女士",
    "Latin words": "Active Pending Blue Chicken Toyota Monday Admin admin test Default Error",
    "cities": "Paris London Berlin Madrid",
}


@pytest.mark.parametrize("kind", NOT_NAMES)
def test_other_words_do_not_pass(registry: Registry, kind: str) -> None:
    assert passing(registry, "person_name", NOT_NAMES[kind].split()) == []


@pytest.mark.parametrize(
    "value",
    [
        "New York",
        "São Paulo",
        "Chicken Soup",
        "Sales Manager",
        "Human Resources",
        "张三丰公司",
        "zhangsan",
        "john_smith",
        "John123",
        "john@example.com",
        "",
        " ",
        "·",
        "-",
        "O'",
        "张三，李四",
    ],
)
def test_other_texts_do_not_pass(registry: Registry, value: str) -> None:
    assert passing(registry, "person_name", [value]) == []


def test_a_title_is_a_hint_below_the_threshold(registry: Registry) -> None:
    assert all(0.3 <= score < 0.5 for score in scores(registry, "person_name", ["王先生", "张经理", "欧阳女士"]))


def test_traditional_and_simplified_words_are_the_same(registry: Registry) -> None:
    assert passing(registry, "person_name", ["高興", "黃色", "馬上", "白雲"]) == []


def test_a_column_of_names_stands_out_from_words(registry: Registry) -> None:
    names = NAMES["Chinese"].split()
    words = NOT_NAMES["words"].split()
    draw = random.Random(4)
    mixed = draw.sample(names, 10) + draw.sample(words, 10)
    assert len(passing(registry, "person_name", words)) == 0 < 8 <= len(passing(registry, "person_name", mixed))


def test_generated_names_pass(registry: Registry) -> None:
    from faker import Faker

    fake = Faker(["zh_CN", "en_US", "de_DE", "ru_RU"])
    fake.seed_instance(7)
    values = list({f"{fake.first_name()} {fake.last_name()}" if n % 2 else Faker("zh_CN").name() for n in range(400)})
    values = [value for value in values if not any("\u4e00" <= c <= "\u9fff" for c in value) or " " not in value]
    assert len(passing(registry, "person_name", values)) >= 0.95 * len(values)


@settings(deadline=None)  # the first example loads the lists
@given(st.lists(st.text(max_size=30), max_size=8))
def test_any_text_has_a_score_of_its_own(values: list[str]) -> None:
    matcher = load_once().matchers["person_name"]
    assert matcher.detector is not None
    together = list(matcher.detector.score(values))
    assert all(0.0 <= score <= 1.0 for score in together)
    assert together == [matcher.detector.score([value])[0] for value in values]


_LOADED: list[Registry] = []


def load_once() -> Registry:
    """hypothesis cannot take the module's fixture."""
    if not _LOADED:
        _LOADED.append(load_registry())
    return _LOADED[0]
