"""Addresses of networks: IPv6 (RFC 4291, RFC 4007), MAC (IEEE 802 EUI-48 and EUI-64), e-mail (RFC 5321, RFC 6531).

>>> is_ipv6("[2001:db8::1]:443"), is_mac("00:1A:2B:3C:4D:5E"), is_email("zhang.san@example.com")
(True, True, True)
"""

from __future__ import annotations

import ipaddress
import re

from sensscan.numbers.validator import per_value

_IPV6 = re.compile(r"\[?([0-9A-Fa-f:.]{2,45})(?:%[0-9A-Za-z_.-]{1,32})?\]?(?:/([0-9]{1,3}))?(?::[0-9]{1,5})?")
_EUI64 = re.compile(r"(?:[0-9A-Fa-f]{2}:){7}[0-9A-Fa-f]{2}")


def is_ipv6(value: str) -> bool:
    """Return whether `value` is an IPv6 address, with or without zone, prefix length, brackets and port.

    Eight groups of exactly two digits are a hardware address (EUI-64), not this.

    >>> is_ipv6("fe80::1%eth0"), is_ipv6("2001:db8::/129"), is_ipv6("10:20:30"), is_ipv6("00:1A:2B:FF:FE:3C:4D:5E")
    (True, False, False, False)
    """
    match = _IPV6.fullmatch(value)
    if match is None or value.count(":") < 2 or _EUI64.fullmatch(value) or (value[0] == "[") != ("]" in value):
        return False
    address = match[1]
    if "]" not in value and match.end(1) < len(value) and value.rfind(":") > match.end(1):
        return False  # a port needs brackets
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return int(match[2] or 0) <= 128


def is_mac(value: str) -> bool:
    """Return whether `value` is a hardware address: neither null nor broadcast, and not 12 decimal digits (a time).

    >>> is_mac("001A.2B3C.4D5E"), is_mac("202401151030"), is_mac("FF:FF:FF:FF:FF:FF")
    (True, False, False)
    """
    digits = re.sub(r"[:.-]", "", value).upper()
    if len(set(digits)) == 1 and digits[0] in "0F":
        return False
    return digits != value.upper() or not value.isdigit()


def is_email(value: str) -> bool:
    """Return whether the lengths of `value` keep to RFC 5321: local part 64 octets, whole address 254.

    The card's pattern has judged the characters.

    >>> is_email("a" * 65 + "@example.com")
    False
    """
    address = value.removeprefix("mailto:").strip("<>")
    local, _, domain = address.rpartition("@")
    return 0 < len(local.encode("utf-8", "replace")) <= 64 and len(domain) > 3 and len(address) <= 254


IPV6 = per_value(is_ipv6)
MAC = per_value(is_mac)
EMAIL = per_value(is_email)
