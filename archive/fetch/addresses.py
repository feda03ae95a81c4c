"""Which network addresses may be connected to: a table of refused networks, and the resolution of a name against it.

The judgement is on the address that will be connected to, after resolution: however a host is spelled, what counts is
where it leads. IPv4 addresses embedded in IPv6 ones are judged as what they are. The table is our own because the
`is_*` properties of `ipaddress` change between Python versions and miss cloud metadata and shared address space.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Iterable

from archive.errors import SettingsError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Lookup = Callable[[str, int], list[str]]  # host, port → addresses in the order to try them; raises OSError

_REFUSED: tuple[tuple[Network, str], ...] = tuple(
    (ipaddress.ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "an address of this machine"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address shared inside a provider's network"),
        ("127.0.0.0/8", "a loopback address"),
        ("168.63.129.16/32", "a cloud provider's metadata service"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a protocol or metadata address"),
        ("192.0.2.0/24", "a documentation address"),
        ("192.88.99.0/24", "a relay address"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "a benchmarking address"),
        ("198.51.100.0/24", "a documentation address"),
        ("203.0.113.0/24", "a documentation address"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        ("::/128", "an address of this machine"),
        ("::1/128", "a loopback address"),
        ("2001::/23", "a protocol address"),
        ("2001:db8::/32", "a documentation address"),
        ("2002::/16", "a relay address"),
        ("3fff::/20", "a documentation address"),
        ("5f00::/16", "a segment routing address"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private address"),
        ("ff00::/8", "a multicast address"),
    )
)
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")  # all that is given out for the public internet
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class RefusedAddressError(Exception):
    """The host leads to an address that must not be connected to; str() says which and why."""


class Gate:
    """Says which addresses may be connected to. `allowed` are networks that are let through all the same."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = tuple(_network(text) for text in allowed)

    def refusal(self, address: Address) -> str | None:
        """Why `address` must not be connected to, or None when it may."""
        if any(address in network for network in self._allowed if network.version == address.version):
            return None
        if isinstance(address, ipaddress.IPv6Address):
            return self._refusal_of_ipv6(address)
        return _listed(address)

    def _refusal_of_ipv6(self, address: ipaddress.IPv6Address) -> str | None:
        if address.scope_id is not None:
            return f"{address} is a link-local address"
        reason = _listed(address)
        for embedded in embedded_ipv4(address):
            inner = self.refusal(embedded)
            if inner is not None:
                return f"{address} stands for {embedded}: {inner}"
            if reason is None and address not in _GLOBAL_IPV6:
                return None  # mapped and translated addresses are their IPv4 address and nothing else
        if reason is None and address not in _GLOBAL_IPV6:
            return f"{address} is not an address of the public internet"
        return reason

    def resolve(self, host: str, port: int, *, timeout: float, lookup: Lookup | None = None) -> tuple[Address, ...]:
        """The addresses of `host`, in the order to try them, all of them fit to be connected to.

        Raises RefusedAddressError when even one of them is not (an answer that mixes public and private addresses is a
        trap), TimeoutError after `timeout` seconds, OSError when the name does not resolve.
        """
        addresses = tuple(
            dict.fromkeys(ipaddress.ip_address(a) for a in _answer(lookup or look_up, host, port, timeout))
        )
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        for address in addresses:
            reason = self.refusal(address)
            if reason is not None:
                raise RefusedAddressError(
                    reason if str(address) == host else f"{host} leads to an address that is not public: {reason}"
                )
        return addresses


def look_up(host: str, port: int) -> list[str]:
    """Ask the system's resolver. Raises OSError."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for _family, _type, _proto, _name, sockaddr in answers]


def embedded_ipv4(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses inside an IPv6 one: mapped, compatible, 6to4, NAT64 and Teredo (server and client)."""
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address.sixtofour]
    if address.teredo is not None:
        return list(address.teredo)
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return []


def is_address(host: str) -> bool:
    """Whether `host` is an address, not a name: also "127.1", "0x7f000001" and what else libc reads as one."""
    last = host.rpartition(".")[2]
    return ":" in host or last.isdecimal() or last.startswith("0x")


def _listed(address: Address) -> str | None:
    for network, reason in _REFUSED:
        if network.version == address.version and address in network:
            return f"{address} is {reason}"
    return None


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise SettingsError(
            f'{text!r} is not a network such as "10.1.0.0/16"', file="backfile.toml", key="fetch.allow_addresses"
        ) from error


def _answer(lookup: Lookup, host: str, port: int, timeout: float) -> list[str]:
    """`lookup`, but never longer than `timeout`: the system's resolver knows no deadline, so it gets a thread."""
    if is_address(host):
        return lookup(host, port)
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(lookup(host, port))
        except OSError as error:
            answers.put(error)
        except UnicodeError as error:  # the resolver's own idea of a host name
            answers.put(OSError(str(error)))

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=max(timeout, 0.001))
    except queue.Empty:
        raise TimeoutError(f"{host} was not resolved in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
