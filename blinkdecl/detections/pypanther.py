"""Detections that are classes: PyPanther's rules, as far as their text says what they are. Nothing is run.

A rule is a class below pypanther's `Rule` with an id. Read are the attributes of its body and of its bases that are in
the repository, if they are literal, its methods, what ``Name.override(...)`` and ``Name.extend(...)`` change at the top
of a file, and what ``register(...)`` names there. What is computed (loops, functions, filters) cannot be known, nor
what a rule of the installed package says.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from blinkdecl.detections.attributes import UNKNOWN, literal_of, plain_name, strings_of
from blinkdecl.detections.modules import Module, bound_names
from blinkdecl.detections.returns import returns_of_method, severities_of
from blinkdecl.detections.scopes import entries_of, texts_of
from blinkdecl.model.detection import Detection, Returns, Word
from blinkdecl.model.resource import SEVERITIES

PACKAGE = "pypanther"
_ATTRIBUTES = ("id", "log_types", "default_severity", "enabled", "create_alert", "default_destinations")
_METHODS = ("destinations", "severity")
_MOST_BASES = 10


@dataclass
class _Rule:
    """A class that may be a rule: its attributes as written, nearest first, and its methods."""

    module: Module
    node: ast.ClassDef
    attributes: dict[str, tuple[Module, ast.expr]] = field(default_factory=dict)
    methods: dict[str, tuple[Module, ast.FunctionDef]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    bases: list[int] = field(default_factory=list)
    is_rule: bool = False


def read_classes(modules: Mapping[str, Module], log_types: Iterable[str]) -> Iterator[Detection]:
    """Yield the rules in these modules, which are by the dotted name under which they are imported.

    `log_types` are those that names such as ``LogType.AWS_CLOUDTRAIL`` can stand for.
    """
    logs = {plain_name(each): each for each in log_types}
    found = [_rule(modules, module, node) for module in modules.values() for node in _classes(module)]
    rules = {id(each.node): each for each in found if each.is_rule and "id" in each.attributes}
    main = _Main()
    for module in modules.values():
        for call, at_top in _calls(module):
            _read_call(modules, module, call, main, rules, at_top=at_top)
        main.computed += _assigned(module)
    ids: set[object] = set()
    for each in rules.values():
        each.unknown += [f"what is overridden in {place}" for place in main.computed[:1]]
        above = [rules[base] for base in each.bases[1:] if base in rules]
        each.unknown += [f"its {name}, which a base has overridden" for base in above for name in sorted(base.changed)]
        if id(each.node) not in main.registered:
            each.unknown.append(" ".join(("whether it is registered", *(f"({place})" for place in main.unclear[:1]))))
        detection = _detection(each, logs)
        if detection.id in ids:
            unknown = (*detection.unknown, "which of two classes with its id counts")
            detection = replace(detection, unknown=unknown)
        ids.add(detection.id)
        yield detection


def _assigned(module: Module) -> Iterator[str]:
    """Yield where a class is given something that a rule has, other than by its own body."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store() | ast.Del()) if (
                name != "self" and attribute in (*_ATTRIBUTES, *_METHODS)
            ):
                place = module.place(node)
                yield f"{place.file}:{place.line}"


@dataclass
class _Main:
    """What is said beside the classes: which are registered, and where something is said that cannot be known."""

    registered: set[int] = field(default_factory=set)
    unclear: list[str] = field(default_factory=list)
    computed: list[str] = field(default_factory=list)


def _read_call(
    modules: Mapping[str, Module],
    module: Module,
    call: ast.Call,
    main: _Main,
    rules: Mapping[int, _Rule],
    *,
    at_top: bool,
) -> None:
    """Heed a call that changes a rule or registers some."""
    place = module.place(call)
    match call.func:
        case ast.Attribute(value=value, attr="override" | "extend" as change):
            if call.args or not {each.arg for each in call.keywords} & {*_ATTRIBUTES, None}:
                return  # of a list, perhaps
            if any(each.arg is None for each in call.keywords):
                at_top = False  # what is in it, nobody knows
            target = _class_of(module, value) if at_top else None
            if target is None:
                main.computed.append(f"{place.file}:{place.line}")
            elif id(target[1]) in rules:
                _change(rules[id(target[1])], module, call, extend=change == "extend")
        case ast.Name(id="setattr" | "locals" | "vars"):
            main.computed.append(f"{place.file}:{place.line}")
        case ast.Name(id="register"):
            named = [_class_of(module, each) for each in _named(call)] if at_top else [None]
            main.registered |= {id(each[1]) for each in named if each is not None}
            if None in named or not named:
                main.unclear.append(f"{place.file}:{place.line}")


def _rule(modules: Mapping[str, Module], module: Module, node: ast.ClassDef) -> _Rule:
    """Return a class with what it inherits."""
    rule = _Rule(module, node)
    if not module.is_at_top(node):
        rule.unknown.append("whether its class is defined")
    if any(ast.unparse(each) != "panther_managed" for each in node.decorator_list[:_MOST_BASES]):
        rule.unknown.append("what its decorators do")
    waiting: list[tuple[Module, ast.ClassDef]] = [(module, node)]
    for _ in range(_MOST_BASES):
        if not waiting:
            return rule
        here, current = waiting.pop(0)
        _take_body(rule, here, current)
        rule.bases.append(id(current))
        for base in current.bases:
            if (found := _class_of(here, base)) is not None:
                waiting.append(found)
                continue
            source = _source(here, base)
            if source.partition(".")[0] == PACKAGE:
                rule.is_rule = True
                if not source.endswith(".Rule"):
                    rule.unknown.append(f"its base {ast.unparse(base)}, which is not in this repository")
            elif not isinstance(base, ast.Name) or base.id not in dir(builtins):
                rule.unknown.append(f"its base {ast.unparse(base)}, which is not in this repository")
    rule.unknown.append("what its many bases say")
    return rule


def _take_body(rule: _Rule, module: Module, node: ast.ClassDef) -> None:
    """Take what a class says; of what it says twice, the last, and what its bases say only where it says nothing."""
    own: dict[str, tuple[Module, ast.expr]] = {}
    methods: dict[str, tuple[Module, ast.FunctionDef]] = {}
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in _ATTRIBUTES:
                own[name] = module, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name in _ATTRIBUTES:
                own[name] = module, value
            case ast.FunctionDef(name=name):
                methods[name] = module, statement
            case _:
                said = {name for each in (statement, *_within(statement)) for name in bound_names(each)}
                rule.unknown += [f"its {name}" for name in sorted(said & {*_ATTRIBUTES, *_METHODS})]
    for name, written in own.items():
        rule.attributes.setdefault(name, written)
    for name, method in methods.items():
        rule.methods.setdefault(name, method)


def _within(statement: ast.stmt) -> Iterator[ast.stmt]:
    yield from (each for each in ast.walk(statement) if isinstance(each, ast.stmt))


def _change(rule: _Rule, module: Module, call: ast.Call, *, extend: bool) -> None:
    """Apply a call of `override` or `extend`: what is None is left. Which of two counts depends on their order."""
    for keyword in call.keywords:
        name = keyword.arg
        if name not in _ATTRIBUTES or (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
            continue
        if name in rule.changed:
            rule.unknown.append(f"its {name}, which is overridden more than once")
        value = keyword.value
        if extend and name in rule.attributes:
            value = ast.BinOp(rule.attributes[name][1], ast.Add(), value)
        rule.attributes[name] = module, ast.copy_location(value, keyword.value)
        rule.changed.add(name)


def _detection(rule: _Rule, logs: Mapping[str, str]) -> Detection:
    unknown = list(rule.unknown)
    given = {name: literal_of(value[1]) for name, value in rule.attributes.items()}
    unknown += [f"its {name}" for name, value in given.items() if value is UNKNOWN and name != "default_destinations"]
    severity = given.get("default_severity")
    if not (isinstance(severity, str) and severity in SEVERITIES):
        unknown += ["its default_severity"] if severity is not UNKNOWN else []
        severity = None
    types = [logs.get(plain_name(each), "") for each in strings_of(given.get("log_types"))]
    unknown += ["its log_types"] if "" in types else []
    module, node = rule.attributes["id"]
    identifier = given["id"] if isinstance(given["id"], str) else rule.node.name
    generated = _method(rule, "severity")
    return Detection(
        identifier,
        module.place(node),
        "RULE",
        severity,
        tuple(filter(None, types)),
        enabled=given.get("enabled") is not False,
        signal=given.get("create_alert") is False,
        returned=_method(rule, "destinations") or _defaults(rule, given.get("default_destinations")),
        generated=generated and severities_of(generated),
        unknown=tuple(dict.fromkeys(unknown)),
        keeps_known=True,
    )


def _method(rule: _Rule, name: str) -> Returns | None:
    if name not in rule.methods:
        return None
    module, node = rule.methods[name]
    return returns_of_method(module, node, name, "lists" if name == "destinations" else "words")


def _defaults(rule: _Rule, given: object) -> Returns | None:
    """Return the destinations of a rule without a method for them."""
    if "default_destinations" not in rule.attributes or given is None:
        return None
    module, node = rule.attributes["default_destinations"]
    words: tuple[Word, ...] = tuple((each, module.place(node)) for each in strings_of(given))
    if isinstance(given, list):
        return Returns((words,))
    named = tuple(texts_of(entries_of(node), module))
    return Returns(unknown="default_destinations is computed", named=named)


def _classes(module: Module) -> Iterator[ast.ClassDef]:
    yield from (each for each in ast.walk(module.tree) if isinstance(each, ast.ClassDef))


def _calls(module: Module) -> Iterator[tuple[ast.Call, bool]]:
    """Yield every call, and whether it is a statement at the top of the file."""
    top = {id(each.value) for each in module.tree.body if isinstance(each, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, id(node) in top


def _named(call: ast.Call) -> list[ast.expr]:
    """Return what `register` is given: a name, or a list of names."""
    given = call.args[0] if call.args else None
    return given.elts if isinstance(given, ast.List | ast.Tuple) else [given] if given is not None else []


def _class_of(module: Module, node: ast.expr) -> tuple[Module, ast.ClassDef] | None:
    """Return the class that a name stands for, if it is here."""
    if not isinstance(node, ast.Name):
        return None
    match module.bound(node.id)[-1:]:
        case [ast.ClassDef() as found]:
            return module, found
    other, original = module.imported(node.id) or (None, "")
    match other.bound(original)[-1:] if other is not None else []:
        case [ast.ClassDef() as found] if other is not None:
            return other, found
    return None


def _source(module: Module, node: ast.expr) -> str:
    """Return the dotted name behind a name that is imported, "" for what is none."""
    match node:
        case ast.Name(id=name):
            match module.bound(name)[-1:]:
                case [ast.ImportFrom(names=names) as statement]:
                    original = next((each.name for each in names if (each.asname or each.name) == name), "")
                    return f"{module.source(statement)}.{original}"
                case [ast.Import(names=names)]:
                    return next((each.name for each in names if (each.asname or each.name) == name), "")
        case ast.Attribute(value=value, attr=name):
            source = _source(module, value)
            return f"{source}.{name}" if source else ""
    return ""
