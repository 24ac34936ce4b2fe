"""What functions of detections return, from their text alone."""

import time

import pytest

from blinkdecl.detections.modules import Module, parse
from blinkdecl.detections.returns import returns_of
from blinkdecl.model.detection import Returns, words_of

HELPERS = {
    "acme_teams": "SOC = ['a']\nNAMES = {'x': ['a'], 'y': ['b']}\n\n\ndef team(event):\n    return SOC\n"
    "\n\ndef deep(event):\n    return team(event)\n\n\ndef loop(event):\n    return loop(event)\n",
    "acme_stars": "from acme_inner import *\n",
    "acme_inner": "def destinations(event):\n    return ['a']\n",
    "acme_severity": "from acme_words import word\n\n\ndef level(event):\n    return word()\n",
    "acme_words": "def word():\n    return 'LOW' if x else 'high'\n",
}
DEF = "def destinations(event):\n    "
# The text, what is literal, what else may be in it, what is an error, whether there may be more.
Row = tuple[str, list[tuple[str, ...] | None], list[str], list[str], bool]
LISTS: list[Row] = [
    (DEF + "return ['a', 'b']", [("a", "b")], [], [], False),
    (DEF + "return []", [()], [], [], False),
    (DEF + "return None", [None], [], [], False),
    (DEF + "return", [None], [], [], False),
    (DEF + "pass", [None], [], [], False),
    (DEF + "if event:\n        return ['a']", [("a",), None], [], [], False),
    (DEF + "if event:\n        return ['a']\n    return ['b']", [("a",), ("b",)], [], [], False),
    (DEF + "if event:\n        return ['a']\n    else:\n        return []", [("a",), ()], [], [], False),
    (DEF + "return ['a'] if event else None", [("a",), None], [], [], False),
    (DEF + "try:\n        return ['a']\n    except KeyError:\n        raise", [("a",), None], [], [], False),
    (DEF + "with event:\n        return ['a']", [("a",), None], [], [], False),
    (DEF + "match e:\n        case 1:\n            return ['a']\n        case _:\n            return []", [("a",), ()],
     [], [], False),
    (DEF + "match event:\n        case 1:\n            return ['a']", [("a",), None], [], [], False),
    (DEF + "raise ValueError", [None], [], [], False),
    (DEF + "def inner():\n        return x\n    return ['a']", [("a",)], [], [], False),
    (DEF + "f = lambda: names\n    return ['a']", [("a",)], [], [], False),
    (DEF + "return ['a']\ndef destinations(event):\n    return ['b']", [("b",)], [], [], False),
    # Errors: they count as None.
    (DEF + "return ('a',)", [None], [], ["a tuple"], False),
    (DEF + "return {'a'}", [None], [], ["a set"], False),
    (DEF + "return {'a': 1}", [None], [], ["a dict"], False),
    (DEF + "return 'a'", [None], [], ["a text"], False),
    (DEF + "return f'{event}'", [None], [], ["a text"], False),
    (DEF + "return 7", [None], [], ["a number"], False),
    (DEF + "return True", [None], [], ["true or false"], False),
    (DEF + "return ['a', 1]", [None], ["a"], ["a list with what is no text"], False),
    (DEF + "return [True]", [None], [], ["a list with what is no text"], False),
    (DEF + "return (x for x in event)", [None], [], ["a generator"], False),
    (DEF + "yield 'a'", [None], [], ["a generator"], False),
    ("async def destinations(event):\n    return ['a']", [None], [], ["a coroutine"], False),
    ("destinations = ['a']", [None], [], ["what is no function"], False),
    # What is put together: its literal parts are names.
    (DEF + "return ['a', event]", [], ["a"], [], True),
    (DEF + "return ['a', f'{event}']", [], ["a"], [], True),
    (DEF + "return [*event, 'a']", [], ["a"], [], True),
    (DEF + "return ['a'] + ['b']", [("a", "b")], [], [], False),
    (DEF + "return ['a'] + event", [], ["a"], [], True),
    (DEF + "found = ['a']\n    found.append('b')\n    return found", [], ["b", "a"], [], True),
    (DEF + "found = ['a']\n    found += ['b']\n    return found", [], ["b", "a"], [], True),
    (DEF + "found = []\n    if event:\n        found = ['a']\n    return found", [(), ("a",)], [], [], False),
    (DEF + "for found in event:\n        pass\n    return found", [], [], [], True),
    (DEF + "found, other = event\n    return found", [], [], [], True),
    (DEF + "return event", [], [], [], True),
    (DEF + "return names(event)", [], [], [], True),
    (DEF + "if event:\n        return ['a']\n    return names", [("a",)], [], [], True),
    (DEF + "return event.get('x') or ['a']", [("a",)], [], [], True),
    (DEF + "return sorted(['a'])", [], ["a"], [], True),
    (DEF + "return [each for each in event]", [], [], [], True),
    # Names, dicts and functions that are followed.
    ("SOC = ['a']\n" + DEF + "return SOC", [("a",)], [], [], False),
    ("SOC = ['a']\nSOC.append('b')\n" + DEF + "return SOC", [], ["a"], [], True),
    ("SOC = ['a']\nSOC = ['b']\n" + DEF + "return SOC", [], ["a", "b"], [], True),
    ("SOC = ['a']\ndef rule(event):\n    global SOC\n    SOC = event\n" + DEF + "return SOC", [], ["a"], [], True),
    ("TEAMS = {'x': ['a'], 'y': ['b']}\n" + DEF + "return TEAMS[event]", [("a",), ("b",), None], [], [], False),
    ("TEAMS = {'x': ['a']}\n" + DEF + "return TEAMS.get(event, ['b'])", [("a",), ("b",)], [], [], False),
    ("TEAMS = {'x': ['a']}\n" + DEF + "return TEAMS.get(event)", [("a",), None], [], [], False),
    ("TEAMS = {'x': ['a']}\nTEAMS['y'] = event\n" + DEF + "return TEAMS.get(event)", [], [], [], True),
    (DEF + "return {'x': ['a']}.get(event, [])", [("a",), ()], [], [], False),
    (DEF + "return other(event)\ndef other(event):\n    return ['a'] if event else []", [("a",), ()], [], [], False),
    (DEF + "return destinations(event)", [], [], [], True),
    ("def other(event):\n    return ['a']\ndestinations = other", [("a",)], [], [], False),
    ("destinations = lambda event: ['a']", [("a",)], [], [], False),
    ("from acme_teams import team\n" + DEF + "return team(event)", [("a",)], [], [], False),
    ("from acme_teams import deep as d\n" + DEF + "return d(event)", [("a",)], [], [], False),
    ("from acme_teams import loop\n" + DEF + "return loop(event)", [], [], [], True),
    ("import acme_teams\n" + DEF + "return acme_teams.team(event)", [("a",)], [], [], False),
    ("import acme_teams as t\n" + DEF + "return t.gone(event)", [], [], [], True),
    ("from acme_teams import SOC\n" + DEF + "return SOC", [("a",)], [], [], False),
    ("from acme_teams import team as destinations", [("a",)], [], [], False),
    ("from acme_teams import *\ndef rule(event):\n    return True", [], [], [], False),
    # What is there, and not known.
    ("@cache\n" + DEF + "return ['a']", [], ["a"], [], True),
    ("from elsewhere import destinations", [], [], [], True),
    ("from elsewhere import other as destinations", [], [], [], True),
    ("from elsewhere import *", [], [], [], True),
    ("destinations = other", [], [], [], True),
    ("destinations: object = other()", [], [], [], True),
    ("if TEST:\n    def destinations(event):\n        return ['a']", [], ["a"], [], True),
    ("try:\n    from x import destinations\nexcept ImportError:\n    pass", [], [], [], True),
    ("try:\n    from x import destinations\nexcept E:\n    def destinations(e):\n        return []", [], [], [], True),
    ("def destinations(event):\n    return []\ndel destinations", [], [], [], True),
    ("for destinations in x:\n    pass", [], [], [], True),
    # It is called with the event alone.
    ("def destinations():\n    return []", [None], [], ["nothing, since it does not take one argument"], False),
    ("def destinations(a, b):\n    return []", [None], [], ["nothing, since it does not take one argument"], False),
    ("def destinations(a, *, b):\n    return []", [None], [], ["nothing, since it does not take one argument"], False),
    ("def destinations(event, b=1):\n    return []", [()], [], [], False),
    ("def destinations(*events):\n    return []", [()], [], [], False),
    # What cannot be reached.
    (DEF + "return ['a']\n    return ['b']", [("a",)], [], [], False),
    (DEF + "raise ValueError\n    return ['b']", [None], [], [], False),
    (DEF + "if False:\n        return ['a']\n    return ['b']", [("b",)], [], [], False),
    (DEF + "if True:\n        return ['a']\n    return ['b']", [("a",)], [], [], False),
    (DEF + "try:\n        return ['a']\n    finally:\n        return []", [()], [], [], False),
    (DEF + "if e:\n        return ['a']\n    else:\n        return []\n    return ['b']", [("a",), ()], [], [], False),
    # What goes on by an error, or does not end.
    (DEF + "if event:\n        raise ValueError\n    return []", [None, ()], [], [], False),
    (DEF + "assert event\n    return []", [None, ()], [], [], False),
    (DEF + "with suppress(E):\n        return []\n    return ['a']", [(), ("a",)], [], [], False),
    (DEF + "while True:\n        return []", [()], [], [], False),
    (DEF + "while True:\n        if event:\n            break\n    return ['a']", [("a",)], [], [], False),
    (DEF + "x = []\n    try:\n        x = ['a']\n    except* E:\n        x = []\n    return x", [(), ("a",)], [], [],
     False),
    ("try:\n    def destinations(e):\n        return ['a']\nexcept* E:\n    pass", [], ["a"], [], True),
    (DEF + "return []\n    yield", [None], [], ["a generator"], False),
    # What others give the name.
    ("def rule(event):\n    global destinations\n    destinations = f\n" + DEF + "return []", [], [], [], True),
    ("X = []\ndef rule(e):\n    global X\n    X = e\n" + DEF + "global X\n    X = []\n    return X", [], [], [], True),
    (DEF + "x = []\n    def f():\n        nonlocal x\n        x = ['a']\n    f()\n    return x", [], ["a"], [], True),
    ("def a(e):\n    return []\ndestinations = a\ndef a(e):\n    return ['a']", [], [], [], True),
    ("from acme_teams import SOC\ndef rule(e):\n    global SOC\n    SOC = e\n" + DEF + "return SOC", [], [], [], True),
    (DEF + "return []\nfrom acme_stars import *", [], [], [], True),
    ("from acme_stars import *\nfrom acme_inner import *", [], [], [], True),
    ("try:\n    from elsewhere import *\nexcept E:\n    pass", [], [], [], True),
    ("SOC = []\nfrom acme_teams import *\n" + DEF + "return SOC", [], [], [], True),
    ("X = []\n" + DEF + "if (y := X) is not None:\n        y.append('a')\n    return X", [], [], [], True),
    (DEF + "if event:\n        x = ['a']\n    return x", [("a",), None], [], [], False),
    (DEF + "x = ['a']\n    def x():\n        pass\n    return x", [], ["a"], [], True),
    # Entries between which is chosen, and what is no entry.
    (DEF + "return ['a' if event else 'b']", [], ["a", "b"], [], True),
    (DEF + "return [event.get('t') or 'a']", [], ["a"], [], True),
    (DEF + "return [T[k] for k in ['x', 'y'] if k in event]", [], [], [], True),
    (DEF + "return [f'SOC {t}' for t in ('x', 'y')]", [], [], [], True),
    (DEF + "x = event.get('t')\n    x.remove('y')\n    x.count('z')\n    return x", [], [], [], True),
    (DEF + "x = []\n    x.append('a' if event else 'b')\n    return x", [], ["a", "b"], [], True),
    # Lists that something may change.
    (DEF + "x = []\n    y = x\n    y.append('a')\n    return x", [], [], [], True),
    (DEF + "x = []\n    x[:] = ['a']\n    return x", [], [], [], True),
    (DEF + "x = ['a']\n    x[0] = event\n    return x", [], ["a"], [], True),
    (DEF + "x = []\n    fill(x, event)\n    return x", [], [], [], True),
    (DEF + "x = []\n    def add(n):\n        x.append(n)\n    return x", [], [], [], True),
    (DEF + "x = []\n    match event:\n        case {'a': x}:\n            pass\n    return x", [], [], [], True),
    (DEF + "x = []\n    with event as x:\n        pass\n    return x", [], [], [], True),
    (DEF + "out = ['a']\n    out = out + ['b']\n    return out", [], ["a", "b"], [], True),
    (DEF + "x = ['a']\n    if x:\n        return x\n    return []", [("a",), ()], [], [], False),
    ("X = []\nfor X in [['a']]:\n    pass\n" + DEF + "return X", [], [], [], True),
    ("X = ['a']\nX[0] = event\n" + DEF + "return X", [], ["a"], [], True),
    ("D = {'x': ['a']}\nD['x'].append('b')\n" + DEF + "return D.get(event)", [], [], [], True),
    ("D = {'x': ['a']}\n" + DEF + "y = D[event]\n    y.append('b')\n    return y", [], ["b"], [], True),
    ("from acme_teams import SOC\nSOC.append('b')\n" + DEF + "return SOC", [], [], [], True),
    ("import acme_teams as t\nfrom acme_teams import SOC\nt.SOC.append('b')\n" + DEF + "return SOC", [], [], [], True),
    ("from acme_teams import SOC, SOC as B\nB.append('b')\n" + DEF + "return SOC", [], [], [], True),
    # Names are those of the nearest scope, and by their aliases.
    ("from acme_teams import loop as team, team as destinations", [("a",)], [], [], False),
    ("def pick(e):\n    return ['a']\n" + DEF + "pick = event\n    return pick(event)", [], [], [], True),
    ("D = {'x': ['a']}\n" + DEF + "D = event\n    return D.get('x')", [], [], [], True),
    ("SOC = ['a']\ndef destinations(SOC):\n    return SOC", [], [], [], True),
    ("from acme_stars import *", [("a",)], [], [], False),
    # Entries of lists within what is computed, and nothing else.
    (DEF + "return [x for x in ['a']]", [], ["a"], [], True),
    (DEF + "return list(('a',))", [], ["a"], [], True),
    (DEF + "return event.deep_get('x', ['y', 'z'])", [], [], [], True),
    (DEF + "return event.get('x', ['a'])", [], ["a"], [], True),
    (DEF + "return {**OTHER, 'x': ['a']}.get(event, ['b'])", [], ["b"], [], True),
    (DEF + "return [event['x'], 'a']", [], ["a"], [], True),
    ("class destinations:\n    pass", [], [], [], True),
]  # fmt: skip
WORDS: list[Row] = [
    ("return 'HIGH' if event else 'low'", [("HIGH",), ("low",)], [], [], False),
    ("return 'high'.upper()", [("high",)], [], [], False),
    ("level = 'LOW'\n    if event:\n        level = 'HIGH'\n    return level", [("LOW",), ("HIGH",)], [], [], False),
    ("level = 'LOW'\n    level.upper()\n    return level", [("LOW",)], [], [], False),
    ("return level(event)", [("LOW",), ("high",)], [], [], False),
    ("return {1: 'LOW'}[event]", [("LOW",), None], [], [], False),
    ("return event.get('severity')", [], [], [], True),
    ("return event.get('severity') or 'DEFAULT'", [("DEFAULT",)], [], [], True),
    ("return ['HIGH']", [None], [], ["a list"], False),
    ("return 3", [None], [], ["a number"], False),
    ("return f'{event}'", [], [], [], True),
    ("raise KeyError", [None], [], [], False),
]


def module(text: str) -> Module:
    """Return a module that finds the helpers."""
    made: dict[str, Module] = {}
    for name, helper in HELPERS.items():
        made[name] = Module(f"{name}.py", parse(helper), made.get)
    return Module("rule.py", parse(text), made.get)


def told(found: Returns | None) -> tuple[list[tuple[str, ...] | None], list[str], list[str], bool]:
    """Return the parts of what was found, without places."""
    if found is None:
        return [], [], [], False
    literals = [words_of(each) for each in found.literals]
    return literals, [word for word, _ in found.named], [word for word, _ in found.wrong], found.dynamic


@pytest.mark.parametrize("row", LISTS, ids=range(len(LISTS)))
def test_lists(row: Row) -> None:
    """Every literal once, in order; errors count as None; what is anything else is not known, and says where."""
    found = returns_of(module(row[0]), "destinations", "lists")
    assert told(found) == row[1:]
    assert not row[4] or (found is not None and found.unknown.startswith("destinations() "))


@pytest.mark.parametrize("row", WORDS, ids=range(len(WORDS)))
def test_words(row: Row) -> None:
    """A severity is a word, not a list."""
    text = f"from acme_severity import level\n\n\ndef severity(event):\n    {row[0]}"
    assert told(returns_of(module(text), "severity", "words")) == row[1:]


def test_places() -> None:
    """A name is where it stands, in a helper too."""
    found = returns_of(module(DEF + "return [\n        'a',\n        'b',\n    ]"), "destinations", "lists")
    assert found is not None
    assert [str(place) for _, place in found.literals[0] or ()] == ["rule.py:3:9", "rule.py:4:9"]
    found = returns_of(module("from acme_teams import team as destinations"), "destinations", "lists")
    assert found is not None
    assert [str(place) for _, place in found.literals[0] or ()] == ["acme_teams.py:1:8"]


@pytest.mark.parametrize(
    "text",
    [
        "def destinations(event):\n" + "".join(f"    a{n} = a{n - 1}\n" for n in range(1, 3000)) + "    return a2999\n",
        "".join(f"def f{n}(e):\n    return f{n + 1}(e) or f{n + 1}(e) or f{n + 1}(e)\n" for n in range(500))
        + "destinations = f0\n",
        "def destinations(event):\n    return x\n" * 2000,
        "A = B\nB = A\ndef destinations(event):\n    return A\n",
        "def destinations(event):\n    x = x\n    return x\n",
        "def g(e):\n"
        + "    x = 1\n" * 3000
        + "    return x\ndef destinations(event):\n"
        + "    if e: return g(e)\n" * 1500,
        "A = [" + "'a', " * 20_000 + "]\n" + "A = A + A\n" * 12 + "def destinations(event):\n    return A\n",
        "A0 = ["
        + "'a', " * 2000
        + "]\n"
        + "".join(f"A{n + 1} = A{n} + A{n}\n" for n in range(12))
        + "def destinations(event):\n    return A12\n",
        "def destinations(event):\n"
        + "".join(f"    a{n} = a{n - 1} or a{n - 1}\n" for n in range(1, 40))
        + "    return a39\n",
        "def destinations(event):\n" + "".join(f"    if event == {n}: return ['n{n}']\n" for n in range(2500)),
        "from acme_teams import " + ", ".join(f"n{n}" for n in range(6000)) + "\n"
        f"{DEF}pass\n" + "".join(f"    if event: return n{n}\n" for n in range(2000)),
        "from elsewhere import *\n" * 2000
        + f"{DEF}pass\n"
        + "".join(f"    if event: return n{n}\n" for n in range(2000)),
        "def destinations(event):\n    x = []\n" + "    if event: return x\n" * 5000,
        "def destinations(event):\n    return " + " + ".join(["['a']"] * 900) + "\n",
    ],
    ids=range(14),
)
def test_it_takes_no_longer_than_a_moment(text: str) -> None:
    """However much there is to follow."""
    begun = time.thread_time()
    found = returns_of(module(text), "destinations", "lists")
    assert found is not None
    assert time.thread_time() - begun < 1


def test_there_is_none() -> None:
    """A function of another name, or of a class, is none."""
    assert returns_of(module("def rule(event):\n    return True"), "destinations", "lists") is None
    assert (
        returns_of(module("class A:\n    def destinations(self):\n        return []"), "destinations", "lists") is None
    )


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
