"""Whatever a mebibyte of YAML holds, it is answered soon, in little memory, and with nothing but a `Failure`."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.diagnostics import Failure
from tests.support.memory import PEAK

_MIB = 1024 * 1024
_SOC = "version: 1\ntriggers:\n  soc: {webhook: {url: 'https://acme.blinkops.com/webhooks/soc', api_key: {env: K}}}\n"
_TO = f"{_SOC}destinations:\n"
_LINKS = "triggers:\n" + "".join(
    f"  t{n}: {{webhook: {{url: 'https://y{n}.com/a', api_key: {{env: K}}}}}}\n" for n in range(1500)
)
# The promise is one second; a machine that does other things beside counts some of them in.
_SECONDS, _MEGABYTES = 3.0, 300
# Loads each folder it is given, and says the largest memory it ever took, in kilobytes.
_PROGRAM = (
    PEAK
    + """
from blinkdecl.config import load
from blinkdecl.diagnostics import Failure
for folder in sys.argv[1:]:
    try:
        load(Path(folder), environ={})
    except Failure:
        pass
print(peak())
"""
)


def _lines(line: Callable[[int], str], number: int) -> str:
    return "".join(map(line, range(number)))


def _list(item: str, number: int) -> str:
    return ", ".join(map(item.format, range(number)))


def _keys_within_keys() -> str:
    return "? &a0 [x, x]\n: 1\n" + _lines(lambda n: f"? &a{n + 1} [*a{n}, *a{n}]\n: [1]\n", 29)


INPUTS = {
    "keys within keys": _keys_within_keys(),
    "a key within itself": "&a ? {*a : 1}\n: 2\n? &b [*b]\n: [1]\n",
    "a block as a key": "?\n" + "  - a\n" * 40_000 + ": 1\n",
    "one key again and again": "a: 1\n" * 12_000,
    "keys again": _lines(lambda n: f"k{n % 6000}: 1\n", 12_000),
    "merge keys": "<<: 1\n" * 12_000,
    "numbers as keys": _lines(lambda n: f"{n}: 1\n", 12_000),
    "tags": "x:\n" + "- !x a\n" * 20_000,
    "a long scalar": f"x: {'y' * (_MIB - 100)}\n",
    "a long scalar, aliased": f"{_TO}  a: &a {{display_name: &l {'y' * 800_000}, trigger: *l}}\n"
    + _lines(lambda n: f"  a{n}: *a\n", 4000),
    "a long key, aliased": f"x: &l {'y' * 700_000}\ny:\n" + "- {*l : 1, *l : 2}\n" * 8000,
    "anchors": "x:\n" + _lines(lambda n: f"- &a{n} x\n", 20_000),
    "questions": _lines(lambda _: f"a: {'?' * 1900}\n", 540),
    "comments": "x: 1\n" + _lines(lambda n: f"# nekot{n:x}:\n", 70_000),
    "broken": _lines(lambda n: f"x: nekot{n:x}=\n", 40_000) + "]",
    "empty lines, broken": "\x85" * (_MIB // 2 - 100) + "]",
    "unknown properties": _lines(lambda n: f"trigger{n}: 1\n", 12_000),
    "missing properties": "destinations:\n" + _lines(lambda n: f"  d{n}: {{}}\n", 10_000),
    "undeclared variables": _TO + _lines(lambda n: f"  d{n}: {{display_name: '${{var.v{n}}}', trigger: soc}}\n", 4000),
    "variables in one text": f"{_TO}  d: {{trigger: soc, display_name: '{'${' * 400_000}'}}\n",
    "one display name": _TO + _lines(lambda n: f"  d{n}: {{display_name: A, trigger: soc}}\n", 4000),
    "a display name of accents": f"{_TO}  d: {{display_name: '{chr(0x301) + chr(0x316)}', trigger: soc}}\n".replace(
        chr(0x301), (chr(0x301) + chr(0x316)) * 200_000
    ),
    "log types of all": f"{_SOC}defaults: {{destination: {{log_types: [{_list('C.{}', 9000)}]}}}}\n"
    "destinations:\n" + _lines(lambda n: f"  d{n}: {{display_name: A{n}, trigger: soc}}\n", 2500),
    "hosts": f"webhook_hosts: [{_list('x{}.com', 20_000)}]\n{_LINKS}",
    "a host": f"webhook_hosts: ['{'1:' * 250_000}!']\n",
    "includes": f"include: [{_list('x{}', 20_000)}]\n",
    "an include": f"include: ['{'*a' * 400_000}']\n",
    "silences": "coverage:\n" + "- {severities: [HIGH], log_types: [C.a]}\n" * 3500
    + "- {severities: [HIGH], log_types: [C.b], nobody: true, reason: x}\n" * 2000,
    "a number": f"limits: {{max_deletes: {'9' * 900_000}}}\n",
}  # fmt: skip

_HUNGRY = (
    "keys within keys",
    "a long scalar, aliased",
    "a long key, aliased",
    "log types of all",
    "hosts",
    "an include",
)


def _write(folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    data = text.encode()
    assert len(data) <= _MIB
    (folder / "blinkdecl.yaml").write_bytes(data)


@pytest.mark.parametrize("name", INPUTS)
def test_any_file_is_answered_soon(tmp_path: Path, name: str) -> None:
    """It is refused, and not for a bug, before anybody waits for it."""
    _write(tmp_path, INPUTS[name])
    begin = time.process_time()
    with pytest.raises(Failure):
        load(tmp_path, environ={})
    assert time.process_time() - begin < _SECONDS


def test_no_file_takes_much_memory(tmp_path: Path) -> None:
    """The hungriest in one process, which never holds more than a machine can spare."""
    folders = [tmp_path / str(number) for number in range(len(_HUNGRY))]
    for folder, name in zip(folders, _HUNGRY, strict=True):
        _write(folder, INPUTS[name])
    done = subprocess.run([sys.executable, "-c", _PROGRAM, *folders], capture_output=True, check=True)
    assert int(done.stdout) / 1024 < _MEGABYTES


def test_what_is_not_told_is_counted(tmp_path: Path) -> None:
    """The hundredth problem of a kind says how many more there are."""
    _write(tmp_path, "version: 1\n" + "version: 1\n" * 250)
    with pytest.raises(Failure) as caught:
        load(tmp_path, environ={})
    found = [each for each in caught.value.diagnostics if each.code == "duplicate-key"]
    assert (len(found), found[-1].notes[-1]) == (100, ("note", "and 150 more like it in this file"))
