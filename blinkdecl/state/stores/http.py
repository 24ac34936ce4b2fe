"""The state behind Terraform's HTTP state protocol, as GitLab and others speak it.

    GET address                    200 with the state; 404, 204 = none; 200 without a body is an error
    POST address?ID=<lock id>      the whole state; 200, 201 or 204
    LOCK lock_address              lock information; 423, 409 or 412, or any error with the holder's information
    UNLOCK unlock_address          the same lock information

The protocol has safeguards of its own, but no compare-and-swap, so before each POST the stored state is read and
compared, and the server may check the lock's id. Redirects are never followed: they lead to states of other projects.
A web page is no answer of the server, whatever its status: a gateway gave it, and nobody knows what became of the
request. A state that holds ``terraform_version`` is Terraform's, and refused. Locks are not renewable by the protocol;
a server that accepts a second LOCK with the same id renews it, which is found out by trying.
"""

import base64
import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from blinkdecl import __version__
from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.model.state import State
from blinkdecl.secret.value import Secret
from blinkdecl.state.interface import LockInfo
from blinkdecl.state.lock_info import UNKNOWN, decode_info, encode_info, lock_info
from blinkdecl.state.store import Conflict, Held, Version, unread
from blinkdecl.state.stores.terraform import identity_of, limits_of
from blinkdecl.system.http import Client, Reply, TransportError
from blinkdecl.system.retry import RetryLimits, repeated, seconds_asked
from blinkdecl.system.web_page import is_web_page

_LIMIT = 64 * 2**20
_RETRY = RetryLimits(attempts=3, first=0.5, most=4.0, budget=20.0, timeout=15.0)
_NOTHING: Mapping[str, str] = MappingProxyType({})
_BEGINNING = 4096


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a state is, and how it is locked there. None of the URLs holds a credential."""

    address: str
    lock_address: str
    unlock_address: str
    lock_method: str = "LOCK"
    unlock_method: str = "UNLOCK"
    update_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Login:
    """Basic authentication."""

    username: str
    password: Secret = field(repr=False)

    def header(self) -> str:
        """Return the header's value."""
        return "Basic " + base64.b64encode(f"{self.username}:{self.password.reveal()}".encode()).decode()


class HttpStore:
    """One state of an HTTP state server."""

    def __init__(
        self,
        endpoints: Endpoints,
        login: Login | None,
        limits: RetryLimits = _RETRY,
        environ: Mapping[str, str] = _NOTHING,
    ) -> None:
        """`environ` names the proxy and the authorities to trust, and says what Terraform reads there (`terraform`)."""
        self._to, self._login, self._environ = endpoints, login, environ
        self._limits, self._identity = limits_of(environ, limits), identity_of(environ)
        # The project names these very hosts, and such servers often are in a private network.
        addresses = (endpoints.address, endpoints.lock_address, endpoints.unlock_address)
        self._hosts = frozenset((urlsplit(each).hostname or "").removesuffix(".") for each in addresses)
        self._lock_id = ""

    @property
    def location(self) -> str:
        """The address; it holds no credential."""
        return self._to.address

    @property
    def sidecar(self) -> None:
        """The protocol has one document at an address."""

    def get(self) -> Version | None:
        """Return what is stored, None where there is nothing; raises a `Failure`."""
        try:
            reply = repeated(lambda: self._sent("GET", self._to.address), self._limits, _worth_it)
        except OutcomeUnknown as problem:
            raise unread(self.location, problem) from None
        if reply.status in (204, 404):
            return None
        if reply.status != 200:
            raise self._refused("read", reply)
        if not reply.body:
            raise self._odd("the answer is empty, which does not mean that there is no state")
        digest = reply.headers.get("content-md5")
        if digest is not None and digest != _md5(reply.body):
            raise self._odd("its Content-MD5 is wrong")
        return Version(reply.body)

    def put(self, data: bytes, state: State, expected: Version | None) -> str:
        """Store `data` where `expected` still is; raises `Conflict`, `OutcomeUnknown` or a `Failure`."""
        del state
        found = self.get()
        if (found and found.data) != (expected and expected.data):
            raise Conflict
        url = self._to.address + (f"?ID={self._lock_id}" if self._lock_id else "")
        reply = self._sent(self._to.update_method, url, data)
        if reply.status in (200, 201, 204):
            return ""
        if reply.status in (401, 403, 404, 405, 413) or 300 <= reply.status < 400:
            raise self._refused("stored", reply)
        # 409 and 423: another lock. 422: GitLab has this serial already, perhaps from this very request.
        raise _Again(reply)

    def lock_holder(self) -> Held | None:
        """Return who holds the lock: the protocol tells only a client that asks for the lock."""
        probe = lock_info("blinkdecl state unlock", {})
        try:
            held = repeated(lambda: self.acquire(probe, None), self._limits, _worth_it)
        except OutcomeUnknown as problem:
            with contextlib.suppress(Conflict, OutcomeUnknown):
                self.release(probe, "")
            raise unread(self.location, problem) from None
        if held.info.id != probe.id:
            return held
        try:
            self.release(probe, "")
        except (Conflict, OutcomeUnknown) as problem:
            note = f"to see who holds the lock is to take it, and it could not be freed: {problem or 'HTTP 409 or 423'}"
            remedy = f"`blinkdecl state unlock {probe.id[:8]}` frees it once the server does as it is asked"
            raise error("unreachable", "the state's lock is held by this command", note=note, remedy=remedy) from None
        return None

    def acquire(self, info: LockInfo, take_over_from: Held | None) -> Held:
        """Ask for the lock, after freeing that of a dead holder; return who holds it then."""
        if take_over_from is not None:
            with contextlib.suppress(Conflict):  # another waiter was quicker
                self.release(take_over_from.info, take_over_from.tag)
        reply = self._sent(self._to.lock_method, self._to.lock_address, _lock_body(info))
        if reply.status in (200, 201, 204):
            held = info
        elif (other := _refuser(reply, info)) is not None:
            held = other
        elif reply.status >= 500 or reply.status == 429:
            raise _Again(reply)
        else:
            raise self._refused("locked", reply)
        if held.id == info.id:
            self._lock_id = info.id
        return Held(held, "")

    def renew(self, info: LockInfo, tag: str) -> str | None:
        """Lock once more under the same id; None where the server refuses that."""
        reply = self._sent(self._to.lock_method, self._to.lock_address, _lock_body(info))
        if reply.status in (200, 201, 204):
            return tag
        other = _refuser(reply, info)
        if other is not None and other.id not in (info.id, ""):
            raise Conflict
        if 400 <= reply.status < 500 and reply.status not in (408, 429):
            return None
        raise _Again(reply)

    def release(self, info: LockInfo, tag: str) -> None:
        """Free the lock by its id; the request may be repeated, and is, since nothing else frees it."""
        del tag
        repeated(lambda: self._release(info), self._limits, _worth_it)
        if info.id == self._lock_id:
            self._lock_id = ""

    def _release(self, info: LockInfo) -> None:
        reply = self._sent(self._to.unlock_method, self._to.unlock_address, _lock_body(info))
        if reply.status in (409, 423):
            raise Conflict
        if reply.status not in (200, 204, 404):
            raise _Again(reply)

    def _sent(self, method: str, url: str, body: bytes = b"") -> Reply:
        """Send one request; raises `OutcomeUnknown` where no usable answer came."""
        headers = {"Accept": "application/json", "User-Agent": f"blinkdecl/{__version__}"}
        if body:
            headers |= {"Content-Type": "application/json", "Content-MD5": _md5(body)}
        if self._login is not None:
            headers["Authorization"] = self._login.header()
        problem = ""
        try:
            with Client(1, environ=self._environ, private=self._hosts, identity=self._identity) as client:
                reply = client.request(method, url, body, headers, self._limits.timeout, limit=_LIMIT)
        except TransportError as failure:
            problem = failure.detail
        if problem:
            raise OutcomeUnknown(f"{problem} ({urlsplit(url).netloc})")
        if method == "GET" and (reply.status >= 500 or reply.status == 429):
            raise _Again(reply)
        # Its beginning alone tells: servers answer with states and with nothing, and call both text/html.
        if 200 <= reply.status < 300 and is_web_page(reply.status, _NOTHING, reply.body[:_BEGINNING]):
            raise OutcomeUnknown(f"a web page was answered, with HTTP {reply.status} ({urlsplit(url).netloc})")
        return reply

    def _refused(self, what: str, reply: Reply) -> Failure:
        """Return the failure of what was certainly not done."""
        remedy = {
            401: "check `state.username` and `state.password`",
            403: "check the rights of that user: locking and writing need more than reading",
            404: "check `state.address` and `state.lock_address`",
            413: "the server has a limit on the size of a state",
        }.get(reply.status)
        if 300 <= reply.status < 400:
            remedy = "check `state.address`: redirects are never followed"
        summary = f"the state {self.location} cannot be {what}: HTTP {reply.status}"
        return error("unreachable", summary, note="nothing was changed", remedy=remedy)

    def _odd(self, detail: str) -> Failure:
        remedy = "check `state.address`, and what the server keeps there"
        return error("invalid-state", f"the state {self.location} cannot be used", note=detail, remedy=remedy)


class _Again(OutcomeUnknown):
    """An answer that does not tell what became of the request, and may say when to try again.

    `lasting` = the same request would be answered the same.
    """

    def __init__(self, reply: Reply) -> None:
        self.lasting = reply.status < 500 and reply.status not in (408, 429)
        super().__init__(f"the server answered HTTP {reply.status}", seconds_asked(reply.headers.get("retry-after")))


def _worth_it(problem: Exception, left: float) -> bool | float:
    if isinstance(problem, _Again) and problem.lasting:
        return False
    wait = problem.wait if isinstance(problem, _Again) else None
    if wait is not None:
        return wait if wait < left else False
    return isinstance(problem, OutcomeUnknown)


def _md5(data: bytes) -> str:
    """Return the digest that the protocol asks for; it guards against no attacker."""
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def _lock_body(info: LockInfo) -> bytes:
    """Return lock information with all seven fields of the protocol; what it has no field for is in Info."""
    return json.dumps(
        {
            "ID": info.id,
            "Operation": info.command,
            "Info": encode_info(info).decode().rstrip(),
            "Who": info.who,
            "Version": __version__,
            "Created": info.created,
            "Path": "",
        }
    ).encode()


def _refuser(reply: Reply, info: LockInfo) -> LockInfo | None:
    """Return who holds the lock, where an answer says that somebody does; None where it says nothing of that.

    Some servers give the holder's information with another error. An answer that only repeats what was sent names no
    holder.
    """
    if reply.status in (409, 412, 423):
        return _holder(reply.body)
    found = _holder(reply.body) if reply.status >= 400 else UNKNOWN
    return found if found.id not in ("", info.id) else None


def _holder(body: bytes) -> LockInfo:
    """Return who holds the lock, as far as the answer says."""
    given = _document(body) or {}
    text = {name: value for name, value in given.items() if isinstance(value, str)}
    ours = decode_info(text.get("Info", "").encode(errors="replace"))
    if ours is not None and ours.id == text.get("ID"):
        return ours
    unknown = text.get("Who", UNKNOWN.who)
    return LockInfo(text.get("ID", ""), unknown, text.get("Operation", ""), text.get("Created", ""), 0)


def _document(body: bytes) -> Mapping[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
