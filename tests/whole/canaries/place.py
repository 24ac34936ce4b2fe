"""A project with a secret in every place that takes one, beside the servers that they go to."""

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from blinkdecl.cli import run
from blinkdecl.history.codec import write_alerts
from blinkdecl.sandbox import Declared, Sandbox
from tests.support.canaries import CANARIES, Scanner
from tests.support.observed import month
from tests.support.paths import ROOT
from tests.support.servers import HttpState, http_state
from tests.whole.canaries.peers import Front, serving
from tests.whole.canaries.recorder import Record, impatient, recorded

STATES = {
    "local": "",
    "http": 'state: {{backend: http, address: "{front}/states/blink", username: tf,'
    " password: {{env: STATE_PASSWORD}}}}",
    "http by TF_HTTP": 'state: {{backend: http, address: "{front}/states/blink"}}',
    "s3": 'state: {{backend: s3, url: "s3://bucket/state.json", endpoint: "{front}", region: eu-central-1,'
    " access_key_id: {{env: S3_ID}}, secret_access_key: {{env: S3_SECRET}}}}",
    "postgres": "state: {{backend: postgres, dsn: {{env: STATE_DSN}}}}",
    "postgres by PGPASSWORD": 'state: {{backend: postgres, dsn: "host=127.0.0.1 port={database} user=u dbname=x"}}',
}
_PROJECT = """\
version: 1
allow_commands: true
webhook_hosts: ["127.0.0.1"]
provider:
  type: panther
  url: "{panther}/public/graphql"
  token: {{env: PANTHER_API_TOKEN}}
  headers: {{X-Gateway: {{env: GATEWAY_TOKEN}}}}
  quiet_time: 200ms
blink: {{url: "{front}", api_key: {{env: BLINK_API_KEY}}}}
coverage:
  - {{severities: [HIGH], alert_types: [RULE]}}
{state}
triggers:
"""
_SOURCES = {
    "env": "env: BLINK_ENV_KEY",
    "file": "file: keys/file.txt",
    "command": "command: [cat, keys/command.txt]",
    "url": "env: BLINK_OTHER_KEY",
    "odd": "env: BLINK_ODD_KEY",
    "short": "env: BLINK_SHORT_KEY",
    "long": "env: BLINK_LONG_KEY",
}
_KEYS = {"env": "key by env", "file": "key by file", "command": "key by command", "odd": "odd key",
         "short": "short key", "long": "long key", "url": "key by env"}  # fmt: skip
AUTOMATION = "Triage alerts"
# One that no trigger declares: it is there to be imported.
UNDECLARED = Declared(automation="Wake somebody")
_DAYS, _ALERTS = 7, 60
ALERT = {"title": "A login from afar", "severity": "HIGH", "type": "RULE", "alertId": "a1", "detectionId": "d"}


@dataclass(frozen=True)
class Ran:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


@dataclass
class Place:
    """A project, and what is around it."""

    folder: Path
    around: Path
    front: Front
    sandbox: Sandbox
    states: HttpState
    scanner: Scanner
    database: int = 1
    environ: dict[str, str] = field(default_factory=dict)
    inputs: dict[Path, bytes] = field(default_factory=dict)
    runs: int = 0
    processes: int = 0
    refuses: Callable[[Path], bool] = lambda _: False

    def declare(self, state: str = "local", panther: str = "") -> None:
        """Write the project with this backend, and Panther at another address."""
        block = STATES[state].format(front=self.front.url, database=self.database)
        lines = [_PROJECT.format(panther=panther or self.front.url, front=self.front.url, state=block)]
        for name, source in _SOURCES.items():
            url = "{env: BLINK_URL}" if name == "url" else f'"{self.front.url}/webhooks/{name}"'
            webhook = f"{{event_name: Alert from Panther, url: {url}, api_key: {{{source}}}}}"
            lines.append(f"  {name}: {{workspace: SOC, automation: {AUTOMATION}, webhook: {webhook}}}\n")
        lines.append("destinations:\n")
        rest = "severities: [HIGH], allow_manual_dispatch: true"
        lines += [f"  {name}: {{display_name: {name}, trigger: {name}, {rest}}}\n" for name in _SOURCES]
        self.write("blinkdecl.yaml", "".join(lines))

    def write(self, name: str, text: str) -> None:
        """Write a file that is given to blinkdecl, and may hold what it must not repeat."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.inputs[path] = text.encode()

    def disturb(self) -> None:
        """Leave something to do in Panther: one destination to be made again, two to be changed."""
        with suppress(ValueError):
            self.sandbox.edit("env", delete=True)
        for name in ("odd", "long"):
            with suppress(ValueError):
                self.sandbox.edit(name, severities="LOW")

    def __call__(self, *words: str, where: str = "") -> Ran:
        """Run a command in this process; whatever it prints and leaves is scanned."""
        record, out, err = Record(refuses=self.refuses), _stream(), _stream()
        with _as_if(self.folder, self.environ, out, err), impatient(), recorded(record):
            code = run(words)
        self._formatted(words, record)
        return self._scanned(where or " ".join(words), code, out, err, record)

    def process(self, *words: str, where: str = "", started: Callable[[int], None] = lambda _: None) -> Ran:
        """Run a command as a process; `started` is told its number."""
        note = self.around / "note"
        called = [sys.executable, "-m", "tests.whole.canaries.recorder", str(note), *words]
        environ = {**self.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            called, cwd=self.folder, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            started(process.pid)
            out, err = process.communicate(timeout=60)
        record = Record([note.read_bytes()] if note.exists() else [])
        note.unlink(missing_ok=True)
        self.processes += 1
        self._formatted(words, record)
        return self._scanned(where or " ".join(words), process.returncode, io.BytesIO(out), io.BytesIO(err), record)

    def _formatted(self, words: tuple[str, ...], record: Record) -> None:
        """`fmt` writes anew what is in a file already: that is as much given to it as the file was."""
        if words[0] == "fmt":
            given = [path for path in self.inputs if path.is_file()]
            self.inputs.update((path, path.read_bytes()) for path in given)
            names = tuple(f".{path.name}." for path in given)
            record.passing = [each for each in record.passing if not each[0].startswith(names)]

    def _scanned(
        self, where: str, code: int, out: io.BytesIO | io.TextIOWrapper, err: io.BytesIO | io.TextIOWrapper,
        record: Record,
    ) -> Ran:  # fmt: skip
        self.runs += 1
        texts = [_bytes(out), _bytes(err)]
        for name, data in zip(("stdout", "stderr"), texts, strict=True):
            self.scanner.scan(data, f"{where} > {name}")
        for argv in record.started:
            self.scanner.scan(argv, f"{where} > a process's arguments")
        for name, data in record.passing:
            self.scanner.scan(data, f"{where} > {name}, for a moment")
        for folder in (self.folder, self.around):
            self.scanner.scan_folder(folder, where, self.inputs)
        for path in record.written:
            if path.is_file() and not path.is_relative_to(self.folder) and not path.is_relative_to(self.around):
                self.scanner.scan(path.read_bytes(), f"{where} > {path}, outside")
        for data in self.states.states.values():
            self.scanner.scan(data, f"{where} > the state on its server")
        for lock in [*self.states.locks.values()]:
            self.scanner.scan(json.dumps(lock).encode(), f"{where} > the lock on its server")
        for alert in self.sandbox.received():
            self.scanner.scan(f"{alert.title} {alert.alert_id}".encode(), f"{where} > an alert")
        return Ran(code, *(each.decode(errors="replace") for each in texts))


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(tempfile.TemporaryFile(), encoding="utf-8", newline="", write_through=True)


def _bytes(stream: io.BytesIO | io.TextIOWrapper) -> bytes:
    if isinstance(stream, io.BytesIO):
        return stream.getvalue()
    with stream:
        stream.seek(0)
        return stream.read().encode()


@contextmanager
def _as_if(folder: Path, environ: Mapping[str, str], out: io.TextIOWrapper, err: io.TextIOWrapper) -> Iterator[None]:
    """Let this process look like one of its own: the folder, the environment, the streams."""
    kept = (Path.cwd(), dict(os.environ), sys.stdout, sys.stderr, sys.stdin, tempfile.tempdir)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    sys.stdout, sys.stderr, tempfile.tempdir = out, err, None
    with Path(os.devnull).open() as nothing:
        sys.stdin = nothing
        try:
            yield
        finally:
            os.chdir(kept[0])
            os.environ.clear()
            os.environ.update(kept[1])
            sys.stdout, sys.stderr, sys.stdin, tempfile.tempdir = kept[2:]


def _environ(around: Path, front: str) -> dict[str, str]:
    value = CANARIES
    folders = {"HOME": around / "home", "TMPDIR": around / "tmp", "XDG_STATE_HOME": around / "home/.local/state"}
    for each in folders.values():
        each.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        **{name: str(path) for name, path in folders.items()},
        "BLINK_ENV_KEY": value["key by env"], "BLINK_OTHER_KEY": value["key by env"],
        "BLINK_ODD_KEY": value["odd key"], "BLINK_SHORT_KEY": value["short key"],
        "BLINK_LONG_KEY": value["long key"],
        "BLINK_URL": f"{front}/webhooks/url?apikey={value['key in a URL']}",
        "PANTHER_API_TOKEN": value["Panther's token"], "BLINK_API_KEY": value["Blink's API key"],
        "GATEWAY_TOKEN": value["gateway header"],
        "STATE_PASSWORD": value["state password"],
        "TF_HTTP_USERNAME": "tf", "TF_HTTP_PASSWORD": value["TF_HTTP_PASSWORD"],
        "S3_ID": "AKIAEXAMPLE", "S3_SECRET": value["s3 secret"], "PGPASSWORD": value["PGPASSWORD"],
        "HTTPS_PROXY": f"http://u:{value['proxy password']}@127.0.0.1:1",
        "BLINKDECL_PLAN_KEY": value["plan key"],
    }  # fmt: skip


@contextmanager
def place(folder: Path, scanner: Scanner) -> Iterator[Place]:
    """Yield a project of which everything was applied."""
    with ExitStack() as stack:
        front = Front()
        stack.enter_context(serving(front))
        sandbox = stack.enter_context(Sandbox(token=CANARIES["Panther's token"], blink_key=CANARIES["Blink's API key"]))
        sandbox.runs.declare("undeclared", UNDECLARED)
        for path, canary in _KEYS.items():
            sandbox.rotate(path, CANARIES[canary])
        states = stack.enter_context(http_state())
        states.login = f"tf:{CANARIES['state password']}"
        front.behind = dict.fromkeys(("panther", "blink", "runs"), sandbox.url[7:])
        front.behind |= {"state": states.url[7:].partition("/")[0]}
        (folder / "project").mkdir()
        (folder / "around").mkdir()
        made = Place(folder / "project", folder / "around", front, sandbox, states, scanner)
        made.environ = _environ(made.around, front.url)
        made.write("keys/file.txt", CANARIES["key by file"] + "\n")
        made.write("keys/command.txt", CANARIES["key by command"])
        made.write("alert.json", json.dumps(ALERT))
        made.write("alerts.jsonl", "".join(write_alerts(month(), [])))
        made.declare()
        yield made


def applied(made: Place) -> None:
    """Bring everything to where the next command finds work for it."""
    made.front.begin(lambda _: None)
    made.refuses = lambda _: False
    ran = made("apply", "--auto-approve", "--allow-commands", "--no-test", where="before")
    assert ran.code == 0, ran.out + ran.err
    made.sandbox.traffic(alerts=_ALERTS, days=_DAYS)
