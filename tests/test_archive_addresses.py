"""Which addresses may be connected to (S01–S09, S12, S13)."""

from __future__ import annotations

import ipaddress
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import SettingsError
from archive.fetch.addresses import Gate, RefusedAddressError, embedded_ipv4, is_address, look_up

REFUSED = """
S01 127.0.0.1
S01 127.255.255.254
S01 10.0.0.1
S01 172.16.0.1
S01 172.31.255.255
S01 192.168.1.1
S01 ::1
S01 fc00::1
S01 fdff::1
S01 fe80::1
S01 fe80::1%1
S02 169.254.169.254
S02 fd00:ec2::254
S03 192.0.0.192
S03 168.63.129.16
S04 100.64.0.1
S04 100.100.100.200
S04 100.127.255.255
S05 224.0.0.1
S05 239.255.255.255
S05 255.255.255.255
S05 ff02::1
S05 192.88.99.1
S05 fec0::1
S05 3fff::1
S06 ::ffff:127.0.0.1
S06 ::ffff:100.64.0.1
S06 ::ffff:168.63.129.16
S06 ::127.0.0.1
S07 2002:a9fe:a9fe::
S07 2002:7f00:1::1
S07 64:ff9b::a9fe:a9fe
S07 64:ff9b::7f00:1
S07 64:ff9b:1::1
S07 2001:0:4136:e378:8000:63bf:80ff:fffe
S07 2001:0:7f00:1::f7f7:f7f7
more 0.0.0.0
more 0.1.2.3
more ::
more 192.0.2.1
more 198.18.0.1
more 198.51.100.1
more 203.0.113.1
more 240.0.0.1
more 2001:db8::1
more 2001:2::1
more 100::1
more 5f00::1
more 4000::1
more ::ffff:0:127.0.0.1
""".split("\n")[1:-1]

PUBLIC = ["8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"]


@pytest.mark.parametrize("row", REFUSED)
def test_refused(row: str) -> None:
    address = ipaddress.ip_address(row.split()[1])
    reason = Gate().refusal(address)
    assert reason is not None
    assert str(address) in reason


@pytest.mark.parametrize("text", [*PUBLIC, "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_let_through(text: str) -> None:
    assert Gate().refusal(ipaddress.ip_address(text)) is None


def test_allowed_networks_are_let_through_and_nothing_beside_them() -> None:
    gate = Gate(["127.0.0.0/8", "fd00::/16"])
    for text in ("127.0.0.1", "::ffff:127.0.0.1", "fd00::1", "8.8.8.8"):
        assert gate.refusal(ipaddress.ip_address(text)) is None
    for text in ("10.0.0.1", "::1", "fd01::1", "169.254.169.254"):
        assert gate.refusal(ipaddress.ip_address(text)) is not None


def test_an_allowed_network_that_is_none_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match=r"allow_addresses.*'10\.0\.0\.0/99' is not a network"):
        Gate(["10.0.0.0/99"])


@given(st.ip_addresses(v=4))
def test_every_way_to_write_an_ipv4_address_in_ipv6_gets_its_verdict_at_least(inner: ipaddress.IPv4Address) -> None:
    gate = Gate()
    number = int(inner)
    ways = [
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80)),
        ipaddress.IPv6Address((0x64FF9B << 96) | number),
        ipaddress.IPv6Address((0x20010000 << 96) | (number << 64)),
        ipaddress.IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)),
    ]
    for way in ways:
        assert inner in embedded_ipv4(way)
        if gate.refusal(inner) is not None:
            assert gate.refusal(way) is not None


@given(st.ip_addresses())
def test_what_python_knows_to_be_private_is_never_let_through(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if Gate().refusal(address) is None and not (isinstance(address, ipaddress.IPv6Address) and embedded_ipv4(address)):
        said = ("is_private", "is_loopback", "is_link_local", "is_multicast", "is_unspecified", "is_reserved")
        assert [name for name in said if getattr(address, name)] == []


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0x7f.1", "0X7F.0.0.1", "localhost", "127.0.0.1", "::1"],
)
def test_s08_odd_spellings_of_loopback_are_refused_after_resolution(host: str) -> None:
    with pytest.raises(RefusedAddressError, match=r"loopback|this machine"):
        Gate().resolve(host.lower(), 80, timeout=5)


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "0x7f000001", "1.2.3.4", "::1", "0177.0.0.1"])
def test_addresses_are_told_from_names(host: str) -> None:
    assert is_address(host)


@pytest.mark.parametrize("host", ["example.org", "1.example.org", "x0", "0xyz.org", "a1"])
def test_names_are_told_from_addresses(host: str) -> None:
    assert not is_address(host)


def test_s13_one_private_record_among_public_ones_is_refused() -> None:
    with pytest.raises(RefusedAddressError, match=r"rebind\.example leads to .*10\.0\.0\.7 is a private address"):
        Gate().resolve("rebind.example", 80, timeout=5, lookup=lambda _host, _port: ["8.8.8.8", "10.0.0.7"])


def test_addresses_come_in_the_resolvers_order_each_once() -> None:
    answer = ["2606:4700::1111", "8.8.8.8", "2606:4700::1111"]
    resolved = Gate().resolve("two.example", 80, timeout=5, lookup=lambda _host, _port: answer)
    assert [str(address) for address in resolved] == ["2606:4700::1111", "8.8.8.8"]


def test_a_resolver_that_hangs_is_left_behind() -> None:
    started = time.process_time()

    def hang(_host: str, _port: int) -> list[str]:
        time.sleep(2)
        return ["8.8.8.8"]

    with pytest.raises(TimeoutError):
        Gate().resolve("slow.example", 80, timeout=0.1, lookup=hang)
    assert time.process_time() - started < 1


def test_a_name_that_does_not_exist_is_an_os_error() -> None:
    with pytest.raises(socket.gaierror):
        Gate().resolve("nowhere.invalid", 80, timeout=10, lookup=look_up)
