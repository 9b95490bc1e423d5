"""Reading a file from an address somebody typed in, without being led into our own house.

A leaf: https only, the name resolved once and the checked address connected to, nothing inside
our own networks, few redirects, a limit for bytes and for seconds.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from urllib.parse import urljoin, urlsplit

MOST_BYTES = 5_000_000
MOST_SECONDS = 20
SECONDS_OF_SILENCE = 5
MOST_REDIRECTS = 3
PORT = 443
REDIRECTS = (301, 302, 303, 307, 308)
# IPv6 addresses that carry an IPv4 address of whatever network within them.
CARRIERS = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")]


class UnreadableError(Exception):
    """Why nothing came of it: the code names one of `consultations.models.busy.Failure`."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def resolve(host, port):
    """Return the addresses of a name, as the machine's own resolver knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [sockaddr[0] for _family, _kind, _proto, _name, sockaddr in found]


def is_public(address):
    """Whether an address lies outside of every private, local and reserved network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner:
            return is_public(str(inner))
        if ip.teredo or any(ip in carrier for carrier in CARRIERS):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def host_of(url):
    """Return the name in an address; refuses all but plain https addresses."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnreadableError("address") from None
    if not url.isascii() or not url.isprintable() or " " in url:
        raise UnreadableError("address")
    if parts.scheme != "https" or not parts.hostname or parts.username or port not in (None, PORT):
        raise UnreadableError("address")
    return parts.hostname


class Line(http.client.HTTPSConnection):
    """A connection to an address that was checked; the certificate is that of the name."""

    def __init__(self, host, address, port, *, context, seconds):
        super().__init__(host, timeout=SECONDS_OF_SILENCE, context=context)
        self.address = (address, port)
        # Each single wait is short, but somebody could send one byte at a time for ever.
        self.alarm = threading.Timer(seconds, self.hang_up)
        self.alarm.daemon = True

    def connect(self):
        plain = socket.create_connection(self.address, timeout=SECONDS_OF_SILENCE)
        self.sock = self._context.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.reached = self.sock
        self.alarm.start()
        self.sock.do_handshake()

    def hang_up(self):
        """End whatever waits on the socket, from another thread."""
        try:
            socket.socket.shutdown(self.reached, socket.SHUT_RDWR)
        except OSError:
            return


def read(url, *, resolve=resolve, is_allowed=is_public, context=None, port=PORT):
    """Return the bytes behind an https address; raises UnreadableError with what stood in the way.

    The keyword arguments let a test reach a server of its own.
    """
    ends_at = time.monotonic() + MOST_SECONDS
    context = context or ssl.create_default_context()
    for _step in range(MOST_REDIRECTS + 1):
        host = host_of(url)
        address = checked_address(host, port, resolve, is_allowed)
        try:
            status, location, body = fetch(host, address, port, url, context, ends_at)
        except TimeoutError:
            raise UnreadableError("slow") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise UnreadableError("slow" if time.monotonic() >= ends_at else "silent") from None
        if time.monotonic() >= ends_at:
            raise UnreadableError("slow")
        if status in REDIRECTS and location:
            url = urljoin(url, location)
            continue
        if status != http.HTTPStatus.OK:
            raise UnreadableError("refused")
        if len(body) > MOST_BYTES:
            raise UnreadableError("large")
        return body
    raise UnreadableError("refused")


def checked_address(host, port, resolve, is_allowed):
    """Return one address of a name; a name that also leads inside is refused altogether."""
    try:
        addresses = resolve(host, port)
    except (OSError, UnicodeError):
        raise UnreadableError("silent") from None
    if not addresses:
        raise UnreadableError("silent")
    if not all(is_allowed(address) for address in addresses):
        raise UnreadableError("internal")
    return addresses[0]


def fetch(host, address, port, url, context, ends_at):
    """Return the status, where it leads on, and at most one byte more than is allowed."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    seconds = max(0.1, ends_at - time.monotonic())
    line = Line(host, address, port, context=context, seconds=seconds)
    headers = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "BEST"}
    try:
        line.request("GET", target, headers=headers)
        answer = line.getresponse()
        if answer.status in REDIRECTS:
            return answer.status, answer.headers.get("Location"), b""
        return answer.status, None, answer.read(MOST_BYTES + 1)
    finally:
        line.alarm.cancel()
        line.close()
