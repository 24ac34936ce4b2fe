"""Where secrets hide from a reader of masks: misspelt keys, comments, files that do not parse, lines without end."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.config.document.excerpt import Excerpts
from blinkdecl.config.document.masking_patterns import guessed_spans
from blinkdecl.config.document.parse import Refusal, Source, compose
from tests.support.paths import CASES

CANARY = "sk-live-CANARY"
BLOCK = "triggers:\n  soc:\n    webhook:\n      colour: x\n"

COMPOSED = [
    BLOCK + f"      api_kye: {CANARY}\n",
    BLOCK + f"      key: {CANARY}\n",
    BLOCK + f"      tokn: {{value: {CANARY}}}\n",
    BLOCK + f"      api_key: {{env: X}} # was {CANARY}\n",
    BLOCK + f"      api_key: {{file: {{value: {CANARY}}}}}\n",
    BLOCK + f"      api_key:\n        env: X # was {CANARY}",
    BLOCK
    + f"      # {CANARY}\n      api_key: {{env: X}}\n      # before {CANARY}\n      # and {CANARY}\n      pack: x\n",
    BLOCK + f"      # api_key: >-\n      #   {CANARY}\n      pack: x\n",
    BLOCK + f"      # the key: {CANARY}\n      pack: x\n",
    f'a: "https://x.example/\\x3ftoken={CANARY}"\n',
    f"triggers:\n  api_key: {CANARY}\n",
    f"triggers:\n  token: {{api_key: {CANARY}}}\n",
    f"triggers:\n  api_key: {{env: X}} # was {CANARY}\n",
    f"variables: {{blink_token: {{default: {CANARY}, descr: x}}}}\n",
    f"variables:\n  blink_token:\n    defualt: {CANARY}\n    descr: {CANARY}\n",
    f"variables: {{blink_token: {CANARY}}}\n",
    f"provider:\n  token: {{value: {CANARY}}}\n",
]
BROKEN = [
    f'x: [{{api_key: {{env: BLINK}}, token: {CANARY} ]',
    f'api_key: "{CANARY}   # was {{env: BLINK}}',
    f"api_key: {{env: X}} {CANARY}",
    f"api_key: {{file: /a, token: {CANARY}}}",
    f"api_key: {{env: X}} # was {CANARY}",
    f"api_kye: {CANARY}",
    f"  # api_key: >-\n    {CANARY}",
    f"? token\n: {CANARY}",
    f'"my secret of old": {CANARY}',
    f"my secret thing: {CANARY}",
    f"url: {{value: {CANARY}",
    f"url:\n  value: {CANARY}",
    f"url: https://x.example/?a=b\n  key={CANARY}",
    f"api_key:\n# {CANARY}\n  env: X",
    f'{{token: "{"x" * 3000}\n {CANARY}',
]  # fmt: skip


def _shown(text: str) -> str:
    """Return whatever any excerpt of the text could show."""
    try:
        root = compose("f.yaml", text)
    except Refusal:
        root = None
    excerpts = Excerpts(text, root)
    return repr([excerpts.at(number, 1) for number in range(1, len(text.splitlines()) + 1)])


@pytest.mark.parametrize("text", COMPOSED)
def test_a_secret_in_a_file_that_parses_is_never_shown(text: str) -> None:
    """Below misspelt keys and variables that sound like one, in comments beside a key, in escaped URLs."""
    compose("f.yaml", text)
    assert CANARY not in _shown(text)


@pytest.mark.parametrize("text", BROKEN)
def test_a_secret_in_a_file_that_does_not_parse_is_never_shown(text: str) -> None:
    """A reference unmasks itself alone; the key opens its block even as a comment."""
    shown = _shown(f"{text}\n'")
    assert CANARY not in shown
    assert CANARY not in repr(Source(Path()).parse("f.yaml", f"{text}\n'").problems)


@pytest.mark.parametrize(
    "text",
    [
        "triggers:\n  url:\n    pack: Shown\n  api_key: {pack: Shown, webhook: {api_key: {env: SHOWN}}}\n",
        "destinations: {token: {display_name: Shown}}\n",
        "variables: {blink_token: {description: Shown}, region: {default: Shown}}\n",
        "a: # Shown\n  api_key: {command: [vault, Shown]}\n\n  pack: x # Shown\n",
        "a:\n  api_key: {env: SHOWN}, colour: Shown\n",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    """Resources may be named like a secret; descriptions, references and other comments stay readable."""
    assert "***" not in _shown(text)
    assert "shown" in _shown(text).lower()


def test_the_comment_beside_a_secret_keeps_its_sign() -> None:
    """Only what the comment says is masked."""
    text = f"a:\n  api_key: {{env: X}} # was {CANARY}\n"
    excerpt = Excerpts(text, compose("f.yaml", text)).at(2, 3)
    assert excerpt is not None
    assert excerpt.lines == ((2, "  api_key: {env: X} # ***"),)


@pytest.mark.parametrize(
    "line",
    ["token" * 40_000, " -" * 30_000, "api_key: {file:" + " " * 3000, "token " * 330, "token=" * 333, "- " * 999,
     "api_key: {file:" + " " * 1900, '"token' * 330, "?" * 1990, "a b " * 490, "{env:" * 399, "a1:" * 660],
)  # fmt: skip
def test_no_line_takes_long(line: str) -> None:
    """Patterns are linear, and a line that is too long to be shown is not searched at all."""
    lines = [line] * (1024 * 1024 // len(line))
    began = time.monotonic()
    guessed_spans(lines)
    assert time.monotonic() - began < 10  # generous for a busy machine; a hang is what it tells


def _mutated(text: str, chance: random.Random) -> str:
    """Return the text with a canary in a secret's place, then damaged in a few others."""
    secrets = [f"api_key: {CANARY}", f"token: '{CANARY}'", f"api_kye: {CANARY}", f"password:\n  - {CANARY}",
               f"api_key: {{env: KEY}} # was {CANARY}", f"# the old api_key: {CANARY}",
               f"url: https://x.example/?apikey={CANARY}"]  # fmt: skip
    lines = text.splitlines() or [""]
    at = chance.randrange(len(lines) + 1)
    indent = " " * (len(lines[at]) - len(lines[at].lstrip()) if at < len(lines) else 0)
    put = [indent + each for each in chance.choice(secrets).splitlines()]
    for _ in range(chance.randint(0, 4)):
        where = chance.randrange(len(lines))
        line = lines[where]
        column = chance.randrange(len(line) + 1)
        lines[where] = line[:column] + chance.choice("{}[]\"':#&*!|>-? \t") + line[column + chance.randint(0, 2) :]
    lines[at:at] = put
    return "\n".join(lines) + "\n"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), case=st.sampled_from(sorted(CASES.rglob("*.yaml"))))
def test_no_mutation_of_a_file_shows_its_secret(seed: int, case: Path) -> None:
    """A secret put anywhere into any of the cases, the file broken around it: no excerpt has it, and no problem."""
    text = _mutated(case.read_text(), random.Random(seed))
    assert CANARY not in _shown(text)
    assert CANARY not in repr(Source(Path()).parse("f.yaml", text).problems)
