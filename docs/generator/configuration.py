"""``docs/configuration.md``: every property of the YAML, as schemas/ describes it."""

from collections.abc import Mapping, Sequence

from blinkdecl.config.document.schema import schema
from blinkdecl.config.document.schema_errors import flow
from docs.generator.markdown import code, escaped, fence, link, page, table
from docs.generator.shapes import Part, Shape, merged, shapes, takes
from docs.generator.yaml_text import block

_PROJECT, _WHOLE, _SECRETS = "blinkdecl.yaml", "A whole file", "References to secrets"
# The headings of what stands in several places, and of the files.
_HEADINGS: Mapping[str, str] = {
    "": _PROJECT,
    "secret_keys": _SECRETS,
    "destination_lifecycle": "destinations.NAME.lifecycle",
    "trigger_lifecycle": "triggers.NAME.lifecycle",
    "test_alert": "destinations.NAME.test_alert",
    "environment_file": "environments/NAME.yaml",
    "included_file": "Files that include names",
}
_TESTS: Mapping[str, str] = {"": "Files ...routes.test.yaml"}
# Characters of an example in a table.
_LONGEST = 80
# What people look for first comes first; the rest is in the order of the schema.
_FIRST, _LAST = (_PROJECT, "triggers.NAME", "destinations.NAME"), (_SECRETS,)
_INTRODUCTION = """\
Everything that the YAML may say, as the [schema](../schemas/config.schema.json) has it. `blinkdecl help PROPERTY`
explains a property in the terminal, `blinkdecl schema` prints the schema for an editor. In a heading such as
`coverage[]`, brackets stand for an entry of a list, and `NAME` for a name that you choose."""
_WHOLE_TEXT = """\
Every section of `blinkdecl.yaml`, to see where things go. Only `version` is required; triggers and destinations are
mostly in files of their own, which `include` names."""


def configuration_page() -> str:
    """Return the page."""
    config, routes = schema("config"), schema("routes")
    files = [{"$ref": f"#/$defs/{name}"} for name in ("included_file", "environment_file")]
    ours = {each.key: each for each in sorted(_shapes(config, [config, *files], _HEADINGS).values(), key=_rank)}
    tests = _shapes(routes, [routes], _TESTS)
    headings = [each.heading for each in (*ours.values(), *tests.values())]
    contents = [f"- {link(_WHOLE, _WHOLE)}", *(f"- {link(_shown(each), each)}" for each in headings)]
    return page(
        "The configuration",
        _INTRODUCTION,
        "\n".join(contents),
        f"## {_WHOLE}\n\n{_WHOLE_TEXT}\n\n{fence('yaml', whole_file())}",
        *(_section(config, each, ours) for each in ours.values()),
        *(_section(routes, each, tests) for each in tests.values()),
    )


def whole_file() -> str:
    """Return the first example of every section of the project file, as one file."""
    config = schema("config")
    examples = {name: merged(config, each)["examples"][0] for name, each in config["properties"].items()}
    return "\n\n".join(block({name: each}) for name, each in examples.items())


def _shapes(schema: Part, parts: Sequence[Part], headings: Mapping[str, str]) -> dict[str, Shape]:
    """Return each mapping in parts of a schema, once, by its key."""
    found: dict[str, Shape] = {}
    for each in (shape for part in parts for shape in shapes(schema, part, "", headings)):
        found.setdefault(each.key, each)
    return found


def _rank(shape: Shape) -> tuple[bool, int, str]:
    first = next((number for number, name in enumerate(_FIRST) if shape.heading.startswith(name)), len(_FIRST))
    return shape.heading in _LAST, first, shape.heading if first < len(_FIRST) else ""


def _shown(heading: str) -> str:
    """Return a heading as it is printed: names of properties and files as code, sentences as they are."""
    return heading if " " in heading else code(heading)


def _section(schema: Part, shape: Shape, known: Mapping[str, Shape]) -> str:
    """Return a heading, what the mapping is, its properties, and the example of the whole."""
    path = "" if shape.heading in (_PROJECT, *_TESTS.values()) or " " in shape.heading else shape.heading
    required = shape.part.get("required", ())

    def linked(key: str, text: str) -> str:
        return link(text, known[key].heading)

    rows = [
        (
            code(name),
            takes(schema, each, f"{path}.{name}" if path else name, linked),
            _default(merged(schema, each), required=name in required),
            escaped(merged(schema, each)["description"]),
            _example(merged(schema, each), name),
        )
        for name, each in shape.part["properties"].items()
    ]
    examples = (
        [] if shape.heading == _PROJECT else [fence("yaml", block(each)) for each in shape.part.get("examples", ())]
    )
    heads = ("property", "takes", "default", "what it is", "example")
    parts = [f"## {_shown(shape.heading)}", escaped(shape.part["description"]), table(heads, rows)]
    return "\n\n".join([*parts, *examples])


def _default(whole: Part, *, required: bool) -> str:
    if required:
        return "**required**"
    return code(flow(whole["default"])) if "default" in whole and whole["default"] != "" else ""


def _example(whole: Part, name: str) -> str:
    """Return the first example on one line; what is too long for one is below, in the mapping's own section."""
    line = f"{name}: {flow(whole['examples'][0])}"
    return code(line) if len(line) <= _LONGEST else ""
