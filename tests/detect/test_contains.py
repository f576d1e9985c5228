"""What is found inside longer values, where, and what is not."""

import pytest

from sensscan.detect.contains import search
from sensscan.detect.prefilter import Prefilter
from sensscan.evidence import ContainedHits
from sensscan.registry import load_registry

REGISTRY = load_registry()
PREFILTER = Prefilter(REGISTRY.matchers)
IDS = ["11010519491231002X", "513322195509024591", "150304197004121026", "23078119720609522X"]
PHONES = ["13967137258", "18123658515", "15056217892", "17132357695"]


def find(values: list[str]) -> dict[tuple[str, str | None], ContainedHits]:
    return {(hit.type_id, hit.path): hit for hit in search(values, [1] * len(values), REGISTRY, PREFILTER)}


def test_prose_with_numbers() -> None:
    hits = find([f"客户电话{phone}，身份证{number}，已核实。" for phone, number in zip(PHONES, IDS, strict=True)])
    assert hits["mobile_phone", None].distinct == 4
    assert hits["id_card", None].rows == 4


def test_json_by_path() -> None:
    hits = find([f'{{"customer": {{"phone": "{phone}", "note": "ok"}}, "amount": 12.5}}' for phone in PHONES])
    assert hits["mobile_phone", "$.customer.phone"].rows == 4


def test_lists_inside_json() -> None:
    hits = find([f'{{"items": [{{"id_card": "{number}"}}]}}' for number in IDS])
    assert hits["id_card", "$.items[*].id_card"].distinct == 4


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("level=INFO mobile={} action=login", "mobile"),
        ("https://example.com/cb?mobile={}&x=1", "?mobile"),
        ("<order><mobile>{}</mobile><n>1</n></order>", "/mobile"),
    ],
)
def test_keys_of_other_notations(text: str, path: str) -> None:
    assert find([text.format(phone) for phone in PHONES])["mobile_phone", path].distinct == 4


def test_nothing_is_found_inside_longer_digits_or_words() -> None:
    assert not find([f"流水号 99{phone}88 已入账，请查收" for phone in PHONES])
    assert not find([f"see X{number}Z for the rest of it" for number in IDS])


def test_names_need_a_cue() -> None:
    assert ("person_name", None) in find([f"联系人：{name}，请尽快送货" for name in ("王芳", "李小明", "陈建国", "张伟")])
    assert ("person_name", None) not in find(["高兴地收到了包裹，包装完好", "白云机场附近的仓库发货了"])


def test_a_number_under_a_key_of_another_meaning_is_not_a_phone() -> None:
    values = [f'{{"id": {10000000000 + 733_333_331 * row}, "ok": true}}' for row in range(12)]
    assert ("mobile_phone", "$.id") not in find(values)


def test_keys_that_are_data_are_not_shown() -> None:
    hits = find([f'{{"{phone}": "{number}"}}' for phone, number in zip(PHONES, IDS, strict=True)])
    assert all(phone not in (hit.path or "") for hit in hits.values() for phone in PHONES)


def test_broken_and_cut_json_does_not_end_the_search() -> None:
    assert ("mobile_phone", "phone") in find([f'{{"phone": "{phone}", "text": "abc' for phone in PHONES])
