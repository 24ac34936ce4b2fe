"""What functions of detections return, from their text alone."""

import pytest

from blinkdecl.detections.returns import parse, returns_of
from blinkdecl.model.detection import words_of

LISTS = [
    ("def destinations(event):\n    return ['a', 'b']", [("a", "b")], False),
    ("def destinations(event):\n    return []", [()], False),
    ("def destinations(event):\n    return ('a',)", [("a",)], False),
    ("def destinations(event):\n    return None", [None], False),
    ("def destinations(event):\n    return", [None], False),
    ("def destinations(event):\n    pass", [None], False),
    ("def destinations(event):\n    if event:\n        return ['a']", [("a",), None], False),
    ("def destinations(event):\n    if event:\n        return ['a']\n    return ['b']", [("a",), ("b",)], False),
    (
        "def destinations(event):\n    if event:\n        return ['a']\n    else:\n        return []",
        [("a",), ()],
        False,
    ),
    ("def destinations(event):\n    return ['a'] if event else None", [("a",), None], False),
    ("def destinations(event):\n    try:\n        return ['a']\n    except KeyError:\n        raise", [("a",)], False),
    ("def destinations(event):\n    with event:\n        return ['a']", [("a",)], False),
    ("def destinations(event):\n    raise ValueError", [], False),
    ("def destinations(event):\n    return ['a', event]", [], True),
    ("def destinations(event):\n    return names(event)", [], True),
    ("def destinations(event):\n    return 'a'", [], True),
    ("def destinations(event):\n    return [1]", [], True),
    ("def destinations(event):\n    if event:\n        return ['a']\n    return names", [("a",)], True),
    ("def destinations(event):\n    yield 'a'", [None], True),
    ("def destinations(event):\n    def inner():\n        return x\n    return ['a']", [("a",)], False),
    ("def destinations(event):\n    f = lambda: names\n    return ['a']", [("a",)], False),
    ("@cache\ndef destinations(event):\n    return ['a']", [], True),
    ("async def destinations(event):\n    return ['a']", [], True),
    ("from helpers import destinations", [], True),
    ("from helpers import other as destinations", [], True),
    ("destinations = other", [], True),
    ("destinations: object = other", [], True),
    ("if TEST:\n    def destinations(event):\n        return ['a']", [], True),
    ("def destinations(event):\n    return ['a']\ndef destinations(event):\n    return ['b']", [("b",)], False),
]


@pytest.mark.parametrize(("text", "literals", "dynamic"), LISTS)
def test_lists(text: str, literals: list[tuple[str, ...] | None], dynamic: bool) -> None:  # noqa: FBT001 - a row
    """Every literal once, in order; what is anything else is dynamic."""
    found = returns_of(parse(text), "destinations", lists=True)
    assert found is not None
    assert ([words_of(each) for each in found.literals], found.dynamic) == (literals, dynamic)


def test_lines() -> None:
    """A name is where it stands."""
    found = returns_of(
        parse("def destinations(event):\n    return [\n        'a',\n        'b',\n    ]"), "destinations", lists=True
    )
    assert found is not None
    assert found.literals == ((("a", 3), ("b", 4)),)


def test_strings() -> None:
    """A severity is a word, not a list."""
    text = "def severity(event):\n    return 'HIGH' if event else 'low'\ndef rule(event):\n    return True"
    found = returns_of(parse(text), "severity", lists=False)
    assert found is not None
    assert [words_of(each) for each in found.literals] == [("HIGH",), ("low",)]
    assert returns_of(parse(text), "destinations", lists=True) is None
    found = returns_of(parse("def severity(event):\n    return ['HIGH']"), "severity", lists=False)
    assert found is not None
    assert found.dynamic


def test_a_long_file_is_refused_before_it_is_parsed() -> None:
    """A megabyte of `a;` would become a tree of nearly a gigabyte."""
    with pytest.raises(ValueError, match="it is longer than 128 KiB"):
        parse("a;" * 500_000)


@pytest.mark.parametrize(
    "text",
    [
        "import " + ".".join("a" * 60_000),
        "from " + ". ".join("a" * 40_000) + " import b",
        "x = a" + ".\\\n a" * 20_000,
        "def destinations(event):\n    return a" + ".b" * 3000,
    ],
    ids=range(4),
)
def test_a_name_of_very_many_parts(text: str) -> None:
    """Python joins it again for each part, which takes gigabytes."""
    with pytest.raises(ValueError, match="a name of too many parts"):
        parse(text)


def test_prose_with_many_dots_is_read() -> None:
    """It is no name."""
    assert parse('"""' + "Dots... and commas, " * 3000 + '"""').body


@pytest.mark.parametrize("text", ["def (", "x = '", "\0", "(" * 5000, "x = " + "-" * 100_000 + "1"], ids=range(5))
def test_what_is_no_python(text: str) -> None:
    """Whatever it is, one kind of error says so."""
    with pytest.raises(ValueError, match="it is not Python"):
        parse(text)
