"""What goes wrong: answers that repeat secrets, no answers, full disks, bugs, signals, broken YAML."""

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from unittest.mock import patch

from blinkdecl.sandbox import BlinkFaults
from blinkdecl.secret.value import Secret
from tests.support.authority import Authority
from tests.support.canaries import CANARIES, forms
from tests.support.receiver import answers, receiver
from tests.whole.canaries.answers import TELLINGS, Telling, told
from tests.whole.canaries.peers import RESET, Answering, Asked, Database, Kind, Said, graphql_error, serving
from tests.whole.canaries.place import Place

KEYS = ("key by env", "key by file", "odd key", "short key", "long key", "key in a URL")
Around = Callable[[Place], AbstractContextManager[None]]
_PANTHERS = ("Panther's token", "gateway header", *KEYS)
_BLINKS = ("Blink's API key", *KEYS)


@dataclass(frozen=True)
class Fault:
    """A fault by its name; `around` is entered for a command, after everything was applied."""

    name: str
    around: Around
    state: str = "local"

    @property
    def kind(self) -> str:
        """Whose fault it is: that of a peer, or of what every command meets."""
        first = self.name.partition(" ")[0]
        return {"TLS": "panther", "proxy": "panther", "odd": "panther", "postgres": "state"}.get(first, first)


class Echo:
    """Texts that repeat one canary in one form each, all of them in turn."""

    def __init__(self, *canaries: str) -> None:
        self._all = itertools.cycle([form for each in canaries for form in forms(CANARIES[each]).values()])

    def __call__(self) -> str:
        """Return the next text."""
        return f"the header {next(self._all)} is odd"


def _status(echo: Echo, code: int) -> Said:
    return Said(code, echo().encode())


def _refusal(echo: Echo, kind: str) -> Said:
    return graphql_error(echo(), errorType=kind)


def _answering(answer: Answering) -> Around:
    @contextmanager
    def around(place: Place) -> Iterator[None]:
        place.front.begin(answer)
        try:
            yield
        finally:
            place.front.begin(lambda _: None)

    return around


def _telling(telling: Telling, echo: Echo) -> Around:
    @contextmanager
    def around(place: Place) -> Iterator[None]:
        place.sandbox.runs.faults = telling.faults
        front = place.front
        front.begin(lambda asked: told(front.passed_on(asked), telling, echo) if asked.kind == telling.kind else None)
        try:
            yield
        finally:
            front.begin(lambda _: None)
            place.sandbox.runs.faults = BlinkFaults()

    return around


def of_kind(kind: Kind, said: Callable[[], Said], when: Callable[[Asked], bool] = lambda _: True) -> Answering:
    """Return what answers so to requests of one kind."""
    return lambda asked: said() if asked.kind == kind and when(asked) else None


def _peers(kind: Kind, state: str, echo: Echo, **more: Callable[[], Said]) -> Iterator[Fault]:
    """Yield the answers that any HTTP server may give."""
    said: dict[str, Callable[[], Said]] = {
        **{f"{code}": partial(_status, echo, code) for code in (400, 401, 403, 409, 429, 500)},
        "HTML": lambda: Said(200, f"<html>{echo()}</html>".encode(), {"Content-Type": "text/html"}),
        "JSON": lambda: Said(200, json.dumps({"message": echo(), "data": echo()}).encode()),
        "redirect": lambda: Said(302, b"", {"Location": f"https://elsewhere.test/?q={echo().split()[2]}"}),
        "reset": lambda: RESET,
        **more,
    }
    for name, each in said.items():
        yield Fault(f"{kind} {name}", _answering(of_kind(kind, each)), state)


def _panther() -> Iterator[Fault]:
    echo = Echo(*_PANTHERS)
    yield from _peers("panther", "local", echo, error=lambda: graphql_error(echo()),
                      refusal=lambda: graphql_error(echo(), 400))  # fmt: skip
    for kind in ("AlreadyExists", "DoesNotExist", "Unauthorized", "BadRequest", ""):
        said = of_kind("panther", partial(_refusal, echo, kind), lambda each: each.changes)
        yield Fault(f"panther error to changes {kind}".rstrip(), _answering(said))
    html = of_kind("panther", lambda: Said(200, f"<p>{echo()}".encode()), lambda each: each.changes)
    yield Fault("panther HTML to changes", _answering(html))
    yield Fault("panther reset at changes", _answering(of_kind("panther", lambda: RESET, lambda each: each.changes)))


class _Later:
    """Says of a request whether it is to store a state, and not the first of its run."""

    def __init__(self) -> None:
        self._first = 0

    def __call__(self, asked: Asked) -> bool:
        """Note the first one; counts begin anew with each command."""
        if asked.method != "POST":
            return False
        if asked.count < self._first or not self._first:
            self._first = asked.count
        return asked.count > self._first


def _states() -> Iterator[Fault]:
    for state, canary in (("http", "state password"), ("http by TF_HTTP", "TF_HTTP_PASSWORD")):
        echo = Echo(canary)
        lock = {"ID": "", "Operation": "", "Info": "", "Who": "", "Version": "", "Created": "", "Path": ""}

        def held(echo: Echo = echo, lock: dict[str, str] = lock) -> Said:
            return Said(423, json.dumps({name: echo() for name in lock}).encode())

        for fault in _peers("state", state, echo, held=held):
            yield Fault(f"{fault.name} ({state})", fault.around, state)
        later = of_kind("state", partial(_status, echo, 500), _Later())
        yield Fault(f"state lost at the end ({state})", _answering(later), state)
    yield from _peers("s3", "s3", Echo("s3 secret"))
    for state, canary in (("postgres", "DSN password"), ("postgres by PGPASSWORD", "PGPASSWORD")):
        yield Fault(f"{state} refuses", _database(state, Echo(canary)))


def _database(state: str, echo: Echo) -> Around:
    @contextmanager
    def around(place: Place) -> Iterator[None]:
        server = Database()
        server.texts = lambda _: echo()
        with serving(server):
            place.database = server.server_address[1]
            dsn = f"postgresql://u:{CANARIES['DSN password']}@127.0.0.1:{place.database}/x"
            place.environ["STATE_DSN"] = dsn
            place.declare(state)
            try:
                yield
            finally:
                place.declare()

    return around


def _elsewhere(kind: str) -> Around:
    """Panther is where nobody is trusted, or behind a proxy that refuses."""

    @contextmanager
    def around(place: Place) -> Iterator[None]:
        body = Echo("proxy password", *_PANTHERS)().encode()
        tls = Authority(place.around).serving("127.0.0.1") if kind == "TLS of nobody trusted" else None
        refusing = answers(407, f"Proxy-Authenticate: {CANARIES['proxy password']}", body=body)
        with receiver(refusing, tls) as peer:
            url, kept = f"https://127.0.0.1:{peer.port}", place.environ["HTTPS_PROXY"]
            if kind == "proxy":
                url = "https://api.acme.test"
                login = f"u:{CANARIES['proxy password']}"
                place.environ["HTTPS_PROXY"] = f"http://{login}@127.0.0.1:{peer.port}"
            if kind == "odd proxy":
                url = "https://api.acme.test"
                place.environ["HTTPS_PROXY"] = f"socks5://u:{CANARIES['proxy password']}@127.0.0.1:1"
            place.declare(panther=url)
            recorded, aside = place.folder / ".blinkdecl", place.folder / "aside"
            recorded.rename(aside)  # what is recorded is another Panther's: it would not be asked
            try:
                yield
            finally:
                shutil.rmtree(recorded, ignore_errors=True)
                aside.rename(recorded)
                place.environ["HTTPS_PROXY"] = kept
                place.declare()

    return around


def _full(first: int, where: str) -> Around:
    """Let no file be opened to be written below a folder, from the n-th on."""

    @contextmanager
    def around(place: Place) -> Iterator[None]:
        count = itertools.count(1)
        place.refuses = lambda path: where in str(path) and ".lock" not in path.name and next(count) >= first
        try:
            yield
        finally:
            place.refuses = lambda _: False

    return around


def bug(at: int) -> Around:
    """Let the n-th use of a secret end in an exception that holds its value."""

    @contextmanager
    def around(place: Place) -> Iterator[None]:
        del place
        usual, count = Secret.reveal, itertools.count(1)

        def reveal(self: Secret) -> str:
            if next(count) >= at:
                raise RuntimeError(usual(self))
            return usual(self)

        with patch.object(Secret, "reveal", reveal):
            yield

    return around


_L, _B = CANARIES["literal key"], CANARIES["literal beside"]
BROKEN = {
    "syntax after": f"    webhook: {{url: u, api_key: {_L}\n  x: [\n",
    "syntax before": f"  : : [\n    api_key: {_L}\n",
    "same line": f"    api_key: {_L} : [oops\n",
    "quoted": f'    api_key: "{_L}\n',
    "literal": f"  bad:\n    webhook: {{url: u, api_key: {_L}}}\n",
    "unknown property": f"BLINK_API_KEY: {_B}\n",
    "line of .env": f"BLINK_API_KEY={_B}\n",
    "export": f"export BLINK_API_KEY={_B}\n",
    "nested": f"  bad: {{webhook: {{url: u, secret: {_B}, api_key: {{env: {_L}}}}}}}\n",
    "URL": f"  bad: {{webhook: {{url: 'https://x.blinkops.com/webhooks/a?apikey={_L}', api_key: {{env: A}}}}}}\n",
    "block": f"  bad:\n    webhook:\n      api_key: |\n        {_L}\n      oops: [\n",
    "duplicate": f"  bad: {{api_key: {_L}, api_key: {_B}}}\n",
    "tag": f"  bad: {{api_key: !secret {_L}}}\n",
    "anchor": f"  bad: {{api_key: &a {_L}, b: *a}}\n",
    "tab": f"  bad:\n\tapi_key: {_L}\n",
    "comment": f"  bad: {{api_key: [ # was {_L}\n  {_B}\n",
}


def _broken(text: str) -> Around:
    @contextmanager
    def around(place: Place) -> Iterator[None]:
        path = place.folder / "blinkdecl.yaml"
        place.write("blinkdecl.yaml", path.read_text().replace("triggers:\n", f"triggers:\n{text}"))
        try:
            yield
        finally:
            place.declare()

    return around


def faults() -> Iterator[Fault]:
    """Yield every fault."""
    yield Fault("none", _answering(lambda _: None))
    yield from _panther()
    yield from _peers("blink", "local", Echo("key by command", *KEYS))
    yield from _peers("runs", "local", Echo(*_BLINKS))
    for name, each in TELLINGS.items():
        yield Fault(f"{each.kind} told {name}", _telling(each, Echo(*(_BLINKS if each.kind == "runs" else _PANTHERS))))
    yield from _states()
    yield from (Fault(f"{each}", _elsewhere(each)) for each in ("TLS", "TLS of nobody trusted", "proxy", "odd proxy"))
    yield from (Fault(f"full from file {n}", _full(n, "/project/")) for n in (1, 2, 3, 5))
    yield from (Fault(f"full state from file {n}", _full(n, "/.blinkdecl/")) for n in (1, 2, 3))
    yield Fault("full everywhere", _full(1, "/"))
    yield from (Fault(f"bug at secret {n}", bug(n)) for n in (1, 2, 3, 5, 8, 13, 21, 34))
    yield from (Fault(f"YAML: {name}", _broken(text)) for name, text in BROKEN.items())
