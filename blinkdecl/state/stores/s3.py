"""The state in an object store: S3 and what is compatible with it, Google Cloud Storage, Azure Blob Storage.

    <key>              the state; replaced only if its ETag is still the one that was read
    <key>.lock         the lock: who holds it, or that nobody does; every change of it is conditional too
    <key>.deliveries   what was observed of deliveries; the last writer wins

obstore has no conditional delete, and deleting after looking could delete somebody else's lock: so a lock that is
freed is replaced with a record that says so. A store that accepts conditions and ignores them would let two writers
through; that is found out by trying, each time the lock is taken.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.model.state import State
from blinkdecl.secret.value import Secret
from blinkdecl.state.interface import LockInfo, Sidecar
from blinkdecl.state.lock_info import UNKNOWN, decode_info, encode_info
from blinkdecl.state.sidecar import StoreSidecar
from blinkdecl.state.store import Conflict, Held, Version, unread

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_T = TypeVar("_T")
_FREE = b'{"free": true}\n'
_SECONDS = "15s"
# What S3, Google and Azure answer where there is no such bucket: obstore reports it like a missing object.
_NO_BUCKET = re.compile("<Code>(NoSuchBucket|ContainerNotFound)</Code>")
_METADATA = re.compile(r"169\.254\.169\.254|metadata\.google\.internal")
_STATUS = re.compile(r"status code: (\d{3})")


class S3Store:
    """One state in an object store."""

    def __init__(self, url: str, config: Mapping[str, str], secrets: Mapping[str, Secret]) -> None:
        """`url` is ``s3://bucket/key``, ``gs://`` or ``az://``; `config` and `secrets` are obstore's.

        What they do not say comes from the engine's own environment variables (``AWS_...``). Raises a `Failure`.
        """
        bucket, _, self._key = url.partition("://")[2].partition("/")
        self._url = url
        self._store = self._opened(f"{url.partition('://')[0]}://{bucket}", config, secrets)

    @property
    def location(self) -> str:
        """The URL; it holds no credential."""
        return self._url

    @property
    def sidecar(self) -> Sidecar:
        """An object beside the state's."""
        key = f"{self._key}.deliveries"

        def read() -> bytes | None:
            found = self._got(key)
            return found.data if found is not None else None

        return StoreSidecar(f"{self._url}.deliveries", read, lambda data: self._put(key, data, mode="overwrite"))

    def get(self) -> Version | None:
        """Return what is stored, None where there is nothing; raises a `Failure`."""
        try:
            return self._got(self._key)
        except OutcomeUnknown as problem:
            raise unread(self.location, problem) from None

    def put(self, data: bytes, state: State, expected: Version | None) -> str:
        """Store `data` where `expected` still is; raises `Conflict`, `OutcomeUnknown` or a `Failure`."""
        del state
        return self._swap(self._key, data, expected.tag if expected is not None else None)

    def lock_holder(self) -> Held | None:
        """Return who holds the lock, None where nobody does."""
        try:
            held = self._record()
        except OutcomeUnknown as problem:
            raise unread(self.location, problem) from None
        return held if held is not None and held.info.id else None

    def acquire(self, info: LockInfo, take_over_from: Held | None) -> Held:
        """Take the lock where nobody holds it, or from the dead holder `take_over_from`; return who holds it then."""
        found = self._record()
        if found is not None and found.info.id and found != take_over_from:
            return found
        try:
            tag = self._swap(f"{self._key}.lock", encode_info(info), found.tag if found is not None else None)
        except Conflict:
            found = self._record()
            if found is None or not found.info.id:
                raise OutcomeUnknown("another run came and went") from None
            return found
        self._check_conditions(tag)
        return Held(info, tag)

    def renew(self, info: LockInfo, tag: str) -> str | None:
        """Replace the lock's record; raises `Conflict` where it is somebody else's now."""
        try:
            return self._swap(f"{self._key}.lock", encode_info(info), tag)
        except Conflict:
            found = self._record()
            if found is not None and found.info == info:  # the answer to an earlier attempt was lost
                return found.tag
            raise

    def release(self, info: LockInfo, tag: str) -> None:
        """Replace the lock's record with one that says that it is free."""
        try:
            self._swap(f"{self._key}.lock", _FREE, tag)
        except Conflict:
            found = self._record()
            if found is None or not found.info.id:
                return
            if found.info.id != info.id:
                raise
            self._swap(f"{self._key}.lock", _FREE, found.tag)  # a renewal whose answer was lost

    def _record(self) -> Held | None:
        """Return the lock's record, even if it says that the lock is free: then it has no id."""
        found = self._got(f"{self._key}.lock")
        if found is None:
            return None
        free = LockInfo("", "nobody", "", "", 0)
        info = free if found.data == _FREE else decode_info(found.data) or UNKNOWN
        return Held(info, found.tag)

    def _check_conditions(self, tag: str) -> None:
        """Raise a `Failure` (``unsupported``) where the store does what a condition forbids."""
        for wrong in (None, _other(tag)):
            try:
                self._swap(f"{self._key}.lock", _FREE, wrong)
            except (Conflict, OutcomeUnknown):
                continue
            raise error(
                "unsupported",
                f"the store of {self.location} ignores conditions (If-Match, If-None-Match)",
                note="two runs could overwrite each other's state there",
                remedy="use a store that honours them, or another backend",
            )

    def _got(self, key: str) -> Version | None:
        import obstore
        from obstore import exceptions

        problem: Exception
        try:
            found = _unbroken(lambda: obstore.get(self._store, key))
            return Version(_unbroken(lambda: bytes(found.bytes())), _tag(found.meta))
        except (exceptions.NotFoundError, FileNotFoundError) as failure:
            if not _NO_BUCKET.search(str(failure)):
                return None
            problem = self._no_bucket()
        except exceptions.BaseError as failure:
            problem = self._meaning(failure)
        raise problem

    def _swap(self, key: str, data: bytes, tag: str | None) -> str:
        """Store under `key` if its tag is this one (None = if there is nothing); return the new tag."""
        known = zip(("e_tag", "version"), (tag or "").split("\n"), strict=False)
        return self._put(key, data, mode="create" if tag is None else {name: value for name, value in known if value})

    def _put(self, key: str, data: bytes, *, mode: Any) -> str:  # noqa: ANN401 - obstore's union of literals and dicts
        """Store under `key` as obstore's `mode` has it; return the new tag."""
        import obstore
        from obstore import exceptions

        refusals = exceptions.AlreadyExistsError, exceptions.PreconditionError
        problem: Exception
        try:
            return _tag(_unbroken(lambda: obstore.put(self._store, key, data, mode=mode, use_multipart=False)))
        except (exceptions.NotFoundError, FileNotFoundError, *refusals) as failure:
            problem = self._no_bucket() if _NO_BUCKET.search(str(failure)) else Conflict()
        except exceptions.BaseError as failure:
            problem = self._meaning(failure)
        raise problem

    def _meaning(self, problem: Exception) -> Exception:
        """Return what an error of the engine means; its text is left out: it can hold a signed URL."""
        from obstore import exceptions

        if isinstance(problem, exceptions.PermissionDeniedError | exceptions.UnauthenticatedError):
            remedy = "the credentials need to read and to write the object and its .lock"
            return error("unreachable", f"{self.location} refuses these credentials", remedy=remedy)
        if isinstance(problem, exceptions.NotSupportedError):
            return error("unsupported", f"the store of {self.location} cannot store conditionally")
        if _METADATA.search(str(problem)):
            return OutcomeUnknown("no credentials are configured, and the machine's metadata service gives none")
        status = _STATUS.search(str(problem))
        return OutcomeUnknown(f"the store answered HTTP {status[1]}" if status else "the store does not answer")

    def _no_bucket(self) -> Failure:
        remedy = "check `state.url`; blinkdecl does not create buckets"
        return error("unreachable", f"there is no bucket {self.location.split('/')[2]}", remedy=remedy)

    def _opened(self, url: str, config: Mapping[str, str], secrets: Mapping[str, Secret]) -> "ObjectStore":
        from obstore import store

        opened: Any = store.from_url  # typed for literals alone
        plain = config.get("endpoint", "").startswith("http://")
        given: dict[str, Any] = {**config, **{name: value.reveal() for name, value in secrets.items()}}
        problem = ""
        try:
            return cast(
                "ObjectStore",
                opened(
                    url,
                    config=given,
                    client_options={"timeout": _SECONDS, "connect_timeout": "5s", "allow_http": plain},
                    retry_config={"max_retries": 2},
                ),
            )
        except Exception as failure:  # noqa: BLE001 - whatever a parser raises can quote what it was given
            problem = type(failure).__name__
        note = f"{problem}; a region and credentials are needed, such as AWS_REGION and AWS_ACCESS_KEY_ID"
        raise error("invalid-value", f"the store of {self.location} cannot be opened", note=note)


def _unbroken(call: Callable[[], _T]) -> _T:
    """Return what a call of the engine returns; raises `OutcomeUnknown` where the engine itself breaks down.

    It does so where no file descriptor is left: what it raises is not an `Exception`, and its type is not exported.
    """
    try:
        return call()
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
    raise OutcomeUnknown("the library of the store broke down: is this machine out of memory, threads or open files?")


def _tag(meta: Any) -> str:  # noqa: ANN401 - obstore's TypedDicts
    """Return the ETag and the version of an object: which of them conditions look at differs from engine to engine."""
    return f"{meta.get('e_tag') or ''}\n{meta.get('version') or ''}"


def _other(tag: str) -> str:
    e_tag, _, version = tag.partition("\n")
    return f'"{"0" * 32}"\n{"1" if version else ""}' if e_tag else f"\n{version}0"
