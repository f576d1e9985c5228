"""What column names and comments say."""

import pytest

from sensscan.language import Text
from sensscan.plugin import Card
from sensscan.registry import NameIndex

L = Text("", "")
CARDS = (
    Card("mobile_phone", L, "personal.contact", names=("phone", "mobile", "mobile_phone", "手机", "手机号", "联系电话", "sjh", "shouji"), weak_names=("sj", "contact")),
    Card("email", L, "personal.contact", names=("email", "mail", "email_address", "邮箱", "dzyx")),
    Card("address", L, "personal.contact", names=("address", "addr", "地址", "收货地址"), not_names=("ip_address",)),
    Card("ipv4", L, "personal.device_network", names=("ip", "ip_address", "IP地址")),
    Card("person_name", L, "personal.identity", names=("real_name", "full_name", "姓名", "收货人"), weak_names=("name", "名字")),
    Card("id_card", L, "personal.identity.document", names=("id_card", "idcard", "身份证", "sfzh")),
    Card("salary", L, "personal.finance", names=("monthly_income", "salary")),
    Card("birth_date", L, "personal.attribute", names=("birth_dt", "birthday")),
    Card("date", L, "time", names=("date",), weak_names=("dt",)),
    Card("bank_account", L, "personal.finance", names=("bank_account", "开户行账号"), not_names=("开户行",)),
    Card("health", L, "personal.biometric_health", names=("zyh", "住院号")),
    Card("applicant", L, "personal.identity", names=("投保人名称",), not_names=("app_name",)),
)  # fmt: skip
INDEX = NameIndex(CARDS)


@pytest.mark.parametrize(
    ("name", "type_id"),
    [
        ("phone", "mobile_phone"),
        ("userPhone", "mobile_phone"),
        ("USER_PHONE_NO", "mobile_phone"),
        ("phone2", "mobile_phone"),
        ("receiverphone", "mobile_phone"),
        ("khsjh", "mobile_phone"),
        ("id_card_no", "id_card"),
        ("IDCardNumber", "id_card"),
        ("idcardno", "id_card"),
        ("用户手机号码", "mobile_phone"),
        ("收货人姓名", "person_name"),
        ("emailAddress", "email"),
        ("loginIp", "ipv4"),
    ],
)
def test_a_types_word_at_the_end_of_the_name_is_telling(name: str, type_id: str) -> None:
    hit = INDEX.look(name).types[type_id]
    assert hit.strength >= 0.8


@pytest.mark.parametrize(
    "name",
    ["phone_type", "email_status", "is_phone_verified", "phoneCount", "手机品牌", "邮箱状态", "是否有邮箱", "dept_name", "address_id"],
)
def test_a_word_for_something_else_behind_it_takes_the_type_away(name: str) -> None:
    look = INDEX.look(name)
    assert not [hit for hit in look.types.values() if hit.strength >= 0.4]
    assert look.other


def test_the_longer_word_wins() -> None:
    look = INDEX.look("ip_address")
    assert look.types["ipv4"].strength == 1.0
    assert look.types["address"].strength < 0


@pytest.mark.parametrize(
    ("name", "type_id"),
    [
        ("MTHLY_INCM", "salary"),
        ("BRTH_DT", "birth_date"),
        ("MBL_PHONE", "mobile_phone"),
        ("EMP_SAL", "salary"),
        ("CUST_MBL_NBR", "mobile_phone"),
    ],
)
def test_shortened_words_are_read_as_what_they_stand_for(name: str, type_id: str) -> None:
    assert INDEX.look(name).types[type_id].strength == 1.0


def test_shortened_words_can_say_something_else() -> None:
    assert INDEX.look("PROD_NM").other == "productname"
    assert INDEX.look("MAIL_STS").other == "status"


def test_a_word_against_a_type_does_not_count_inside_a_longer_word_for_it() -> None:
    assert INDEX.look("c01", "开户行账号").types["bank_account"].strength == 1.0
    assert INDEX.look("bank_account", "开户行账号").types["bank_account"].strength == 1.0
    assert INDEX.look("c01", "开户行").types["bank_account"].strength < 0


def test_initials_are_doubted_beside_a_comment_for_something_else() -> None:
    assert INDEX.look("ZYH").types["health"].strength == 1.0
    assert INDEX.look("ZYH", "住院号").types["health"].strength == 1.0
    assert INDEX.look("ZYH", "专业号").types["health"].strength < 0.5
    assert INDEX.look("email", "备注").types["email"].strength == 1.0


def test_a_comment_in_words_overrules_a_word_against_the_type_in_the_name() -> None:
    assert INDEX.look("app_name").types["applicant"].strength < 0
    assert INDEX.look("app_name", "投保人名称").types["applicant"].strength == 1.0


def test_an_unknown_word_behind_the_type_weakens_it() -> None:
    assert INDEX.look("email_foobar").types["email"].strength < 0.6


@pytest.mark.parametrize("name", ["c01", "col_17", "field3", "ext2", "f1"])
def test_names_that_say_nothing_are_not_informative(name: str) -> None:
    look = INDEX.look(name)
    assert not look.types
    assert not look.informative


def test_comment_decides_where_the_name_is_mute() -> None:
    look = INDEX.look("c01", "手机号：用于登录，必填")
    assert look.types["mobile_phone"].where == "comment"
    assert look.types["mobile_phone"].strength == 1.0


def test_a_comment_that_repeats_the_name_is_read_without_it() -> None:
    assert INDEX.look("certificate", "联系电话 CERTIFICATE").types["mobile_phone"].strength == 1.0


def test_name_and_comment_that_agree_are_noted() -> None:
    assert INDEX.look("phone", "联系电话").both == {"mobile_phone"}


def test_long_comments_in_prose_are_not_names() -> None:
    assert not INDEX.look("c01", "this column was once used to keep the phone of someone").types
