"""Numbers of identity papers, vehicles and organisations, valid in form and check character, issued to nobody known."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from . import checks, lists, places

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
PLATE_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE_SERIAL = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
MAKERS = ("LSV", "LFV", "LGB", "LVS", "LHG", "LFM", "LGX", "LE4", "LSG", "LDC", "LBV", "1HG", "5YJ", "2T1")
VIN_YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"
VIN_CHARS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
USCC_KINDS = ("91", "91", "91", "91", "92", "92", "93", "12", "51", "52", "11")


def digits(r: Random, count: int) -> str:
    """Random digits."""
    return "".join(r.choices("0123456789", k=count))


def born(r: Random) -> date:
    """Birth date of somebody between 1 and 90 years old in 2023."""
    return date(1934, 1, 1) + timedelta(days=min(32500, max(300, round(r.gauss(17000, 7000)))))


def id_card_of(r: Random, birth: date, gender: str) -> str:
    """GB 11643 number for a birth date and 男 or 女."""
    code = r.choice(lists.former_counties()) if r.random() < 0.2 else r.choice(lists.counties())[0]
    serial = r.randint(0, 499) * 2 + (1 if gender == "男" else 0)
    body = f"{code}{birth:%Y%m%d}{serial:03d}"
    return body + checks.mod11_2(body)


def id_card(r: Random) -> str:
    """Eighteen characters."""
    return id_card_of(r, born(r), r.choice("男女"))


def id_card_legacy(r: Random) -> str:
    """Fifteen digits, people born before 1985."""
    birth = date(1935, 1, 1) + timedelta(days=r.randint(0, 18000))
    return f"{places.division_code(r)}{birth:%y%m%d}{r.randint(1, 999):03d}"


def foreigner_permanent_id(r: Random) -> str:
    """The form of 2023: 9, province, country, birth date, sequence, check."""
    country = r.choice(("840", "826", "276", "250", "392", "410", "643", "356", "124", "036"))
    body = f"9{r.choice(('11', '31', '44', '32', '33'))}{country}{born(r):%Y%m%d}{r.randint(1, 999):03d}"
    return body + checks.mod11_2(body)


def hk_id(r: Random) -> str:
    """With the check digit in brackets."""
    body = r.choice("ABCDEFGHKMPRVYZ") + digits(r, 6)
    return f"{body}({checks.hk_id(body)})"


def tw_id(r: Random) -> str:
    """National form."""
    body = r.choice(LETTERS) + r.choice("12") + digits(r, 7)
    return body + checks.tw_id(body)


def passport(r: Random) -> str:
    """Ordinary passports of the People's Republic."""
    return r.choice(
        ("E" + digits(r, 8), "E" + r.choice(LETTERS) + digits(r, 7), "E" + r.choice(LETTERS) + digits(r, 7), "G" + digits(r, 8))
    )


def hk_macau_permit(r: Random) -> str:
    """Permits in both directions."""
    return r.choice(("C" + digits(r, 8), "C" + r.choice(LETTERS) + digits(r, 7), r.choice("HM") + digits(r, 8)))


def tw_permit(r: Random) -> str:
    """Eight digits for life."""
    return str(r.randint(0, 9)) + digits(r, 7)


def military_officer_id(r: Random) -> str:
    """Old and new form."""
    return (
        f"{r.choice('军南北沈兰成济广海空政后装')}字第{digits(r, r.randint(6, 8))}号"
        if r.random() < 0.6
        else r.choice("军士") + digits(r, 7)
    )


def us_ssn(r: Random) -> str:
    """Area 001-665, group and serial not zero."""
    return f"{r.randint(1, 665):03d}-{r.randint(1, 99):02d}-{r.randint(1, 9999):04d}"


def driver_license_archive(r: Random) -> str:
    """Archive number, twelve digits."""
    return places.division_code(r)[:4] + digits(r, 8)


def social_security_card(r: Random) -> str:
    """Regional card number: a letter and eight digits."""
    return r.choice("ABCDEFGHJK") + digits(r, 8)


def license_plate(r: Random) -> str:
    """Ordinary and new-energy plates."""
    head = r.choice(PLATE_PROVINCES) + r.choice("ABCDEFGHJKLM")
    if r.random() < 0.2:
        return head + r.choice("DF") + r.choice(PLATE_SERIAL) + digits(r, 4)
    serial = list(digits(r, 5))
    for place in r.sample(range(5), r.randint(0, 2)):
        serial[place] = r.choice(LETTERS)
    return head + "".join(serial)


def vin(r: Random) -> str:
    """Seventeen characters with check digit."""
    body = r.choice(MAKERS) + "".join(r.choices(VIN_CHARS, k=5)) + "0" + r.choice(VIN_YEARS) + r.choice(VIN_CHARS) + digits(r, 6)
    return body[:8] + checks.vin(body) + body[9:]


def org_code_plain(r: Random) -> str:
    """Nine characters without hyphen; mostly digits, MA.. since 2015."""
    body = "MA" + "".join(r.choices(checks.USCC_ALPHABET, k=6)) if r.random() < 0.4 else digits(r, 8)
    return body + checks.org_code(body)


def org_code(r: Random) -> str:
    """With the hyphen before the check character."""
    code = org_code_plain(r)
    return f"{code[:8]}-{code[8]}"


def uscc(r: Random) -> str:
    """Unified social credit code with both check characters."""
    body = r.choice(USCC_KINDS) + places.division_code(r) + org_code_plain(r)
    return body + checks.uscc(body)


def business_license(r: Random) -> str:
    """Fifteen digits, in use until 2015."""
    body = places.division_code(r) + digits(r, 8)
    return body + checks.mod11_10(body)


def tax_registration(r: Random) -> str:
    """Division and organisation code, fifteen characters."""
    return places.division_code(r) + org_code_plain(r)
