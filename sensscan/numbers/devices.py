"""Numbers of devices and subscriptions: IMEI (3GPP TS 23.003), IMSI (ITU-T E.212), ICCID (ITU-T E.118).

>>> is_imei("356011693751411"), is_imsi("460005975811752"), is_iccid("89860745238833217273")
(True, True, True)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sensscan.numbers.luhn import is_luhn, luhn_rows
from sensscan.numbers.matrix import all_digits, check_by_length, number
from sensscan.numbers.validator import Validator, per_value

if TYPE_CHECKING:
    from sensscan.numbers.matrix import Bytes, Truth

# Reporting bodies: the first two digits of a type allocation code (GSMA TS.06).
_REPORTING_BODIES = (1, 10, 30, 33, 35, 44, 45, 49, 50, 51, 52, 53, 54, 86, 91, 97, 98, 99)

_CHINA_NETWORKS = frozenset(f"{network:02}" for network in (*range(10), 11, 12, 13, 15, 20))
_NEIGHBOURS = frozenset({"454", "455", "466"})
"""Hong Kong, Macau, Taiwan."""

# Assigned mobile country codes of ITU-T E.212, as ranges.
_COUNTRY_RANGES = (
    "202-202 204-204 206-206 208-208 212-214 216-216 218-222 226-226 228-228 230-232 234-235 238-238 240-240 242-242 244-244 "
    "246-248 250-250 255-255 257-257 259-260 262-262 266-266 268-268 270-270 272-272 274-274 276-276 278-278 280-280 282-284 "
    "286-286 288-290 292-295 297-297 302-302 308-308 310-316 330-330 332-332 334-334 338-338 340-340 342-342 344-344 346-346 "
    "348-348 350-350 352-352 354-354 356-356 358-358 360-360 362-366 368-368 370-370 372-372 374-374 376-376 400-402 404-406 "
    "410-410 412-422 424-432 434-434 436-438 440-441 450-450 452-452 454-457 460-461 466-467 470-470 472-472 502-502 505-505 "
    "510-510 514-515 520-520 525-525 528-528 530-530 536-537 539-555 602-655 657-657 659-659 702-702 704-704 706-706 708-708 "
    "710-710 712-712 714-714 716-716 722-722 724-724 730-730 732-732 734-734 736-736 738-738 740-740 742-742 744-744 746-746 "
    "748-748 750-750"
)


def _in_ranges(code: int) -> bool:
    return any(int(span[:3]) <= code <= int(span[4:]) for span in _COUNTRY_RANGES.split())


def is_imei(value: str) -> bool:
    """Return whether `value` starts as allocated type codes do and, with 15 digits, ends in its Luhn digit.

    Sixteen digits are an IMEISV (3GPP TS 23.003, 6.2.2): two digits of the software version stand in place of the check digit.

    >>> is_imei("356011693751416"), is_imei("000000000000000"), is_imei("490154203237518"), is_imei("3560116937514178")
    (False, False, True, True)
    """
    if not (value.isascii() and value.isdigit()) or len(value) not in (15, 16) or int(value[:2]) not in _REPORTING_BODIES:
        return False
    return len(value) == 16 or is_luhn(value)


def _imei_rows(matrix: Bytes) -> Truth:
    import numpy as np

    good = luhn_rows(matrix)
    rows = np.flatnonzero(good)
    good[rows] = np.isin(number(matrix[rows, :2]), _REPORTING_BODIES)
    return good


def _imeisv_rows(matrix: Bytes) -> Truth:
    import numpy as np

    good = all_digits(matrix)
    rows = np.flatnonzero(good)
    good[rows] = np.isin(number(matrix[rows, :2]), _REPORTING_BODIES)
    return good


def is_imei_many(values: Sequence[str]) -> Truth:
    """Return `is_imei` of each value."""
    return check_by_length({15: _imei_rows, 16: _imeisv_rows}, values)


def is_imsi(value: str) -> bool:
    """Return whether `value` (15 digits) starts with an assigned country code and, in China, a known network.

    >>> is_imsi("460991234567890"), is_imsi("310260901148536"), is_imsi("199001234567890")
    (False, True, False)
    """
    if len(value) != 15 or not (value.isascii() and value.isdigit()):
        return False
    if value[:3] == "460":
        return value[3:5] in _CHINA_NETWORKS
    return value[:3] in _NEIGHBOURS or _in_ranges(int(value[:3]))


def is_iccid(value: str) -> bool:
    """Return whether `value` is a SIM card number: 89, country, issuer, account; Luhn when all are digits.

    A filler F at the end comes from the chip. Serials of China Mobile can hold hex letters and old prints of
    China Unicom end in a letter: these carry no check.

    >>> is_iccid("89860778004205998779F"), is_iccid("89860745238833217275"), is_iccid("89000000000000000000")
    (True, False, False)
    """
    value = value.removesuffix("F") if len(value) in (20, 21) else value
    if len(value) not in (19, 20) or not value.startswith("89") or value[2] == "0":
        return False
    return is_luhn(value) if value.isdigit() else True


IMEI = Validator(is_imei, is_imei_many)
IMSI = per_value(is_imsi)
ICCID = per_value(is_iccid)
