"""Check digits and number plans: pure functions, one value at a time and many at once.

Cards name a validator by its key in `VALIDATORS`. It receives the normalised value that matched the card's pattern;
reference lists and numpy are loaded when a validator first needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sensscan.numbers.bank import BANK_CARD, BIC, IBAN
from sensscan.numbers.coordinates import POSITION
from sensscan.numbers.dates import BIRTH_DATE, DATE
from sensscan.numbers.devices import ICCID, IMEI, IMSI
from sensscan.numbers.id_card import ID_CARD, is_foreigner_card, is_licence_number, is_social_security
from sensscan.numbers.luhn import is_luhn
from sensscan.numbers.mrz import MRZ_LINE
from sensscan.numbers.network import EMAIL, IPV6, MAC
from sensscan.numbers.organisations import BUSINESS_LICENCE, CREDIT_CODE, ORG_CODE, TAXPAYER_NUMBER
from sensscan.numbers.phones import LANDLINE, MOBILE
from sensscan.numbers.regional import HK_ID, TW_ID, US_SSN
from sensscan.numbers.validator import Validator, per_value
from sensscan.numbers.vin import VIN

__all__ = ["VALIDATORS", "Validator"]

VALIDATORS: Mapping[str, Validator] = MappingProxyType(
    {
        "bank_card": BANK_CARD,
        "bic": BIC,
        "birth_date": BIRTH_DATE,
        "business_licence": BUSINESS_LICENCE,
        "credit_code": CREDIT_CODE,
        "date": DATE,
        "driver_licence": per_value(is_licence_number),
        "email": EMAIL,
        "foreigner_card": per_value(is_foreigner_card),
        "hk_id": HK_ID,
        "iban": IBAN,
        "iccid": ICCID,
        "id_card": ID_CARD,
        "imei": IMEI,
        "imsi": IMSI,
        "ipv6": IPV6,
        "landline": LANDLINE,
        "luhn": per_value(is_luhn),
        "mac": MAC,
        "mobile": MOBILE,
        "mrz_line": MRZ_LINE,
        "org_code": ORG_CODE,
        "position": POSITION,
        "social_security": per_value(is_social_security),
        "taxpayer_number": TAXPAYER_NUMBER,
        "tw_id": TW_ID,
        "us_ssn": US_SSN,
        "vin": VIN,
    }
)
