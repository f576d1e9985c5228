"""What the table around a column adds to its verdict."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from random import Random

import pytest

from sample_dbs import money, papers, people, places
from sensscan.classify.context import rows_are
from sensscan.model import Classification, Family, Table, TableRef
from tests.classify.looks import Made, cells_of, judge, judge_one


def context_of(found: Classification, type_id: str) -> dict[str, float]:
    """Return detector -> weight of the context lines of one type."""
    return {line.detector: line.weight for line in found.evidence if line.kind == "context" and line.type_id == type_id}


def persons(count: int = 120, seed: int = 3) -> dict[str, list[object]]:
    """Return rows of persons whose ID number, birth, sex and age agree."""
    random = Random(seed)
    rows: dict[str, list[object]] = {"id_no": [], "born": [], "compact": [], "sex": [], "years": []}
    for _ in range(count):
        born = papers.born(random)
        sex = random.choice("男女")
        rows["id_no"].append(papers.id_card_of(random, born, sex))
        rows["born"].append(born.isoformat())
        rows["compact"].append(f"{born:%Y%m%d}")
        rows["sex"].append("1" if sex == "男" else "2")
        rows["years"].append(2024 - born.year - ((born.month, born.day) > (6, 30)))
    return rows


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("sys_user", "people"), ("ums_member", "people"), ("tbl_customer_info", "people"), ("Employees", "people"), ("hz_patients", "people"),
        ("t_kehu_xx", "people"), ("用户信息表", "people"), ("role_user", "people"), ("companies", ""), ("user_role", "things"),
        ("sys_dict", "things"), ("pms_product_category", "things"), ("sys_oper_log", "things"), ("商品明细", "things"), ("categories", "things"),
        ("t01", ""), ("orders", ""), ("bill", ""),
    ],
)  # fmt: skip
def test_what_a_table_name_says(table: str, says: str) -> None:
    assert rows_are(Table(TableRef("s", "main", table), "table", ()))[0] == says


def test_a_table_comment_speaks_where_the_name_does_not() -> None:
    assert rows_are(Table(TableRef("s", "main", "t01"), "table", (), comment="会员信息表"))[0] == "people"


def test_birth_sex_and_age_are_recognised_by_the_id_number_of_their_row() -> None:
    rows = persons()
    columns = {
        "c01": Made(rows["id_no"]), "c02": Made(rows["born"]), "c03": Made(rows["compact"]), "c04": Made(rows["sex"]),
        "c05": Made(rows["years"], Family.INTEGER),
    }  # fmt: skip
    found = judge(columns)
    assert {name: one.type_id for name, one in found.items()} == {
        "c01": "id_card", "c02": "birth_date", "c03": "birth_date", "c04": "gender", "c05": "age",
    }  # fmt: skip
    line = next(line for line in found["c02"].evidence if line.detector == "rows")
    assert (line.passed, line.tested) == (120, 120)
    assert "c01" in line.reason.en
    assert "c01" in line.reason.zh


def test_columns_that_do_not_agree_with_the_id_number_stay_what_they_are() -> None:
    rows, random = persons(), Random(9)
    shuffled = {name: random.sample(cells, len(cells)) for name, cells in rows.items()}
    found = judge(
        {"c01": rows["id_no"], "c02": shuffled["compact"], "c03": shuffled["sex"], "c04": Made(shuffled["years"], Family.INTEGER)}
    )
    assert [line for one in found.values() for line in one.evidence if line.detector == "rows"] == []
    assert found["c03"].type_id == "none"
    assert found["c04"].type_id == "none"


def test_dates_of_a_native_type_are_births_too() -> None:
    rows = persons()
    born = [date.fromisoformat(str(text)) for text in rows["born"]]
    found = judge({"c01": rows["id_no"], "c02": Made(born, Family.DATE, data_type="date")})
    assert found["c02"].type_id == "birth_date"


def test_a_few_wrong_rows_do_not_hide_a_birth_date() -> None:
    rows = persons()
    rows["born"][:12] = ["1990-01-01"] * 6 + [None] * 6
    assert judge({"c01": rows["id_no"], "c02": rows["born"]})["c02"].type_id == "birth_date"


def test_latitude_and_longitude_side_by_side() -> None:
    random = Random(5)
    north = [round(random.uniform(22, 45), 6) for _ in range(150)]
    east = [round(random.uniform(80, 125), 6) for _ in range(150)]
    for columns in (
        {"c01": Made(north, Family.FLOAT), "c02": Made(east, Family.FLOAT)},
        {"c01": Made(east, Family.FLOAT), "c02": Made(north, Family.FLOAT)},
        {"c01": Made([f"{value:.8f}" for value in north]), "c02": Made([f"{value:.8f}" for value in east])},
    ):
        found = judge(columns)
        assert {one.type_id for one in found.values()} == {"coordinates"}
        assert all(context_of(one, "coordinates") for one in found.values())


@pytest.mark.parametrize(
    ("low", "high", "decimals"),
    [((3.0, 54.0), (73.0, 136.0), 2), ((0.0, 1.0), (0.0, 1.0), 6), ((5.0, 90.0), (150.0, 900.0), 6), ((6.0, 8.0), (100.0, 120.0), 4)],
)
def test_prices_rates_and_shares_are_no_positions(low: tuple[float, float], high: tuple[float, float], decimals: int) -> None:
    random = Random(6)
    found = judge(
        {
            "c01": Made([round(random.uniform(*low), decimals) for _ in range(150)], Family.FLOAT),
            "c02": Made([round(random.uniform(*high), decimals) for _ in range(150)], Family.FLOAT),
        }
    )
    assert {one.type_id for one in found.values()} == {"none"}


def test_columns_that_are_not_side_by_side_are_no_position() -> None:
    random = Random(5)
    north = Made([round(random.uniform(22, 45), 6) for _ in range(150)], Family.FLOAT)
    east = Made([round(random.uniform(80, 125), 6) for _ in range(150)], Family.FLOAT)
    found = judge({"c01": north, "c02": Made(list(range(150)), Family.INTEGER), "c03": east})
    assert {one.type_id for one in found.values()} == {"none"}


def test_the_other_half_of_a_name() -> None:
    first = cells_of(people.western_given, 40)
    # Rare family names, of which a list knows some.
    last = [f"{name}{'' if place % 2 else 'vili'}" for place, name in enumerate(cells_of(people.western_family, 40))]
    alone = judge({"lname": last})["lname"]
    both = judge({"fname": first, "lname": last})["lname"]
    assert chance_of(both, "person_name") > chance_of(alone, "person_name")
    assert context_of(both, "person_name")["pair"] > 0


def test_expiry_and_security_code_belong_to_a_card() -> None:
    expiry, code, card = cells_of(money.card_expiry), cells_of(money.cvv), cells_of(money.bank_card)
    with_card = judge({"card": card, "yxq": expiry, "security_code": code})
    assert (with_card["yxq"].type_id, with_card["security_code"].type_id) == ("card_expiry", "cvv")
    assert context_of(with_card["yxq"], "card_expiry")["pair"] > 0
    alone = judge({"yxq": expiry, "security_code": code})
    assert {alone["yxq"].type_id, alone["security_code"].type_id} == {"none"}


def chance_of(found: Classification, type_id: str) -> float:
    """Return the confidence that a type has, shown or not as the winner."""
    shown = {one.type_id: one.confidence for one in found.alternatives}
    return found.confidence if found.type_id == type_id else shown.get(type_id, 0.0)


def test_weak_attributes_of_persons_need_persons() -> None:
    pay = Made([4_000 + 137 * row for row in range(120)], Family.INTEGER)
    alone = judge({"gz": pay})["gz"]
    around = judge({"name": cells_of(people.han_name, 120), "id_card": cells_of(papers.id_card, 120), "gz": pay})["gz"]
    assert chance_of(around, "salary") > chance_of(alone, "salary")
    assert context_of(around, "salary")["siblings"] > 0
    assert "id_card" in next(line for line in around.evidence if line.detector == "siblings").reason.en


def test_the_table_name_decides_between_names_of_persons_and_of_things() -> None:
    # Names of which only some are known as such: few, and short.
    cells = ["大梨", "小李", "陈静", "云星"] * 5
    chances = {}
    for table in ("member", "t01", "product"):
        found = judge({"name": cells}, table=table)["name"]
        chances[table] = chance_of(found, "person_name")
    assert chances["member"] > chances["t01"] > chances["product"]


@pytest.mark.parametrize("table", ["city", "sys_cities", "城市表"])
def test_the_name_in_a_table_of_cities_is_a_city(table: str) -> None:
    # Most are known; spellings of others are out of use.
    cells = [
        "Kabul",
        "Qandahar",
        "Herat",
        "Mazar-e-Sharif",
        "Amsterdam",
        "Rotterdam",
        "Haag",
        "Utrecht",
        "Alger",
        "Luanda",
        "Sydney",
        "Peking",
    ]
    assert context_of(judge({"Name": cells}, table=table)["Name"], "city") == {"table": 2.0}
    assert not context_of(judge({"Name": cells}, table="team")["Name"], "city")
    assert not context_of(judge({"Mayor": cells}, table=table)["Mayor"], "city")


def test_an_account_beside_a_bank_is_a_bank_account() -> None:
    accounts = [f"3301{number:013d}" for number in range(17, 4000, 131)]
    banks = ["中国工商银行杭州西湖支行", "招商银行北京中关村支行", "交通银行南京新街口支行"] * 10
    found = judge({"bank": banks[: len(accounts)], "account": accounts})["account"]
    assert (found.verdict, found.type_id) == ("is", "bank_account")
    assert "bank" in next(line for line in found.evidence if line.detector == "pair").reason.en
    assert judge({"account": accounts})["account"].type_id != "bank_account"


def test_a_sure_column_is_told_nothing() -> None:
    mobiles = cells_of(places.mobile)
    found = judge({"mobile": mobiles, "id_card": cells_of(papers.id_card)}, table="sys_dict")
    assert found["mobile"] == judge_one(mobiles, name="mobile")
    assert [line for line in found["mobile"].evidence if line.kind == "context" and line.detector in ("siblings", "table", "pair")] == []


def test_the_order_of_columns_changes_nothing() -> None:
    rows = persons(60)
    columns: dict[str, Made | list[object]] = {
        "id": rows["id_no"], "sr": rows["born"], "nl": Made(rows["years"], Family.INTEGER), "nationality": cells_of(people.ethnicity_code, 60),
    }  # fmt: skip
    first = judge(columns, table="member")
    for order in permutations(columns):
        assert judge({name: columns[name] for name in order}, table="member") == first


def test_every_context_line_says_why_in_both_languages() -> None:
    rows = persons(60)
    found = judge({"id": rows["id_no"], "sr": rows["born"], "sex": rows["sex"], "name": cells_of(people.han_name, 60)}, table="member")
    lines = [line for one in found.values() for line in one.evidence if line.kind == "context"]
    assert lines
    assert all(line.reason.en and line.reason.zh and line.reason.en != line.reason.zh for line in lines)


def test_the_name_of_an_account_is_what_it_is_made_of() -> None:
    """In a bank it is the holder's, in an application a login."""
    firms = [
        "杭州云帆信息技术有限公司",
        "苏州恒瑞电子有限公司",
        "青岛海之星国际贸易有限公司",
        "厦门建发集团有限公司",
        "合肥美亚光电技术股份有限公司",
    ] * 6
    people_names = [str(one) for one in cells_of(people.han_name, 30)]
    assert judge_one(firms, name="account_name").type_id == "company_name"
    assert judge_one(people_names, name="account_name").type_id == "person_name"
    assert judge_one([f"user{number}" for number in range(30)], name="account_name").type_id == "username"
