"""Who receives what, as one HTML page that needs nothing else: a heat map, and the same as tables.

The map is an inline SVG for the eye, with the number in each field, so that no colour is needed to read it, and a
description; anyone who listens instead of looking gets the table below it, which names the destinations too.
"""

from collections.abc import Callable
from html import escape
from textwrap import wrap

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.coverage import drill_sentences, rule_text, silence_text
from blinkdecl.render.text.impact import sides_text
from blinkdecl.render.text.layout import place
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text, joined

_LABEL, _FIELD, _LINE, _PAD = 380, 92, 18, 12
_LABEL_CHARACTERS, _LABEL_LINES = 42, 6
_MOST_NAMES = 50

_STYLE = """
:root { color-scheme: light dark; --text: #1b1f24; --page: #ffffff; --line: #d0d7de; --quiet: #57606a;
  --none: #ffe3e0; --one: #dcecff; --two: #b3d6ff; --more: #8cbfff; --field: #1b1f24; --bad: #a40e26; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --page: #0d1117; --line: #30363d; --quiet: #9aa4ae;
  --none: #5a1e1b; --one: #14365c; --two: #1b4a80; --more: #245fa3; --field: #f0f6fc; --bad: #ff9a91; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--page); margin: 2rem auto;
  max-width: 62rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
p.quiet, caption { color: var(--quiet); } caption { text-align: left; padding-bottom: .4rem; }
svg { width: 100%; height: auto; } svg text { font: 14px system-ui, sans-serif; fill: var(--text); }
svg .count { fill: var(--field); text-anchor: middle; } svg .head { text-anchor: middle; font-weight: 600; }
.silent { fill: var(--line); }
.none { fill: var(--none); } .one { fill: var(--one); } .two { fill: var(--two); } .more { fill: var(--more); }
rect { stroke: var(--page); stroke-width: 2; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
.name { white-space: nowrap; }
.broken { color: var(--bad); font-weight: 600; }
"""


def coverage_html(document: View) -> str:
    """Return the page; of a document without a matrix, because something was wrong, a page that says what."""
    found = document.get("coverage")
    parts = [_problems(document)] if document["diagnostics"] else []
    if found is not None:
        what = f"Each field counts the destinations ({_text(found['against'])}) that receive such alerts."
        parts = [
            f'<p class="quiet">{what}</p>',
            *parts,
            _drill(found),
            _map(found),
            _table(found),
            _rules(found),
            _silences(found),
        ]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Who receives which alerts</title><style>{_STYLE}</style></head>",
            "<body><main>",
            "<h1>Who receives which alerts</h1>",
            *filter(None, parts),
            "</main></body></html>",
        ]
    )


def _map(found: View) -> str:
    """Return the heat map: a row for each line of the matrix, a column for each severity."""
    severities = list(found["matrix"][0]["destinations"])
    width = _LABEL + _FIELD * len(severities)
    rows, top = [], 2 * _LINE
    for index, severity in enumerate(severities):
        rows.append(f'<text class="head" x="{_middle(index)}" y="{_LINE}">{_text(severity)}</text>')
    for line in found["matrix"]:
        label = wrap(
            alerts_text(line), _LABEL_CHARACTERS, max_lines=_LABEL_LINES, placeholder=" ...", break_on_hyphens=False
        )
        height = _LINE * len(label) + _PAD
        rows += [
            f'<text x="0" y="{top + _LINE * (number + 1)}">{_text(each)}</text>' for number, each in enumerate(label)
        ]
        rows += [
            _field(index, top, height, severity, names, silent=severity in line["silent"])
            for index, (severity, names) in enumerate(line["destinations"].items())
        ]
        top += height
    empty = [severity in line["silent"] for line in found["matrix"] for severity in _empty(line)]
    told = f"{counted(empty.count(False), 'field')} of {len(severities) * len(found['matrix'])} have no destination."
    told += f" {counted(empty.count(True), 'more field')} are meant to have none." if True in empty else ""
    return "\n".join(
        [
            f'<svg role="img" aria-labelledby="map-title map-text" viewBox="0 0 {width} {top}">',
            '<title id="map-title">Destinations by severity and kind of alert</title>',
            f'<desc id="map-text">{told} The table below has the same numbers, and names.</desc>',
            *rows,
            "</svg>",
        ]
    )


def _empty(line: View) -> list[str]:
    """Return the severities at which nobody receives the alerts of a line."""
    return [severity for severity, names in line["destinations"].items() if not names]


def _field(index: int, top: int, height: int, severity: str, names: list[str], *, silent: bool) -> str:
    count = len(names)
    colour = ("none", "one", "two")[count] if count < 3 else "more"
    said, shown = _names(names, _text) if names else "nobody", str(count or "nobody")
    if silent and not names:
        colour, said, shown = "silent", "nobody, as declared", "-"
    return (
        f'<g><title>{_text(severity)}: {said}</title><rect class="{colour}" x="{_LABEL + index * _FIELD}" y="{top}"'
        f' width="{_FIELD}" height="{height}"/><text class="count" x="{_middle(index)}"'
        f' y="{top + height // 2 + 5}">{shown}</text></g>'
    )


def _middle(index: int) -> int:
    return _LABEL + index * _FIELD + _FIELD // 2


def _table(found: View) -> str:
    severities = "".join(f'<th scope="col">{_text(each)}</th>' for each in found["matrix"][0]["destinations"])
    rows = []
    for line in found["matrix"]:
        told = (
            _names(names, _name) if names else f"nobody{', as declared' if severity in line['silent'] else ''}"
            for severity, names in line["destinations"].items()
        )
        cells = "".join(f"<td>{each}</td>" for each in told)
        rows.append(f'<tr><th scope="row">{_prose(alerts_text(line))}</th>{cells}</tr>')
    return "\n".join(
        [
            '<h2>By name</h2><div class="scroll"><table>',
            "<caption>The destinations of each kind of alert</caption>",
            f'<thead><tr><th scope="col">Alerts</th>{severities}</tr></thead>',
            "<tbody>",
            *rows,
            "</tbody></table></div>",
        ]
    )


def _rules(found: View) -> str:
    if not found["rules"]:
        return ""
    rows = []
    for each in found["rules"]:
        state = "kept" if each["kept"] else '<span class="broken">broken</span>'
        asked, at = _prose(rule_text(each)), _prose(place(each["position"]))
        rows.append(f"<tr><td>{state}</td><td>{asked}</td><td>{at}</td></tr>")
    head = "".join(f'<th scope="col">{each}</th>' for each in ("Rule", "Asks for", "Place"))
    table = f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>'
    return "\n".join(["<h2>Coverage rules</h2>", table, *rows, "</tbody></table></div>"])


def _drill(found: View) -> str:
    """Return what would be down, and who receives what then."""
    drill = found["drill"]
    if drill is None:
        return ""
    parts = [
        f"<h2>Without {_prose(', '.join(drill['without']))}</h2>",
        *(f"<p>{_prose(each)}</p>" for each in drill_sentences(drill)),
    ]
    rows = [
        f"<tr>{''.join(f'<td>{_prose(each)}</td>' for each in (joined(row['severities']), alerts_text(row)))}"
        f"{''.join(f'<td>{_prose(each)}</td>' for each in sides_text(row))}</tr>"
        for row in drill["routing"]
    ]
    if rows:
        head = "".join(f'<th scope="col">{each}</th>' for each in ("Severity", "Alerts", "Now", "Then"))
        parts += ['<div class="scroll"><table><caption>Who receives which alerts, now and then</caption>']
        parts += [f"<thead><tr>{head}</tr></thead><tbody>", *rows, "</tbody></table></div>"]
    return "\n".join([*parts, "<p>What follows is what is left.</p>"])


def _silences(found: View) -> str:
    items = [f"<li>{_prose(silence_text(each))} ({_prose(place(each['position']))})</li>" for each in found["silences"]]
    return "\n".join(["<h2>Declared to reach nobody</h2><ul>", *items, "</ul>"]) if items else ""


def _problems(document: View) -> str:
    items = []
    for each in document["diagnostics"]:
        notes = "".join(f"<br>{_text(note['label'])}: {_prose(note['text'])}" for note in each["notes"])
        at = f" ({_prose(place(each['position']))})" if each["position"] else ""
        head = f'<strong class="broken">{_prose(each["summary"])} [{_text(each["code"])}]</strong>'
        items.append(f"<li>{head}{at}{notes}</li>")
    return "\n".join(["<h2>Problems</h2><ul>", *items, "</ul>"])


def _names(names: list[str], shown: Callable[[str], str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(shown(each.removeprefix("destination.")) for each in names[:_MOST_NAMES]) + more


def _name(name: str) -> str:
    """Return a name of which no browser breaks the line, as it does after a hyphen."""
    return f'<span class="name">{_text(name)}</span>'


def _prose(text: str) -> str:
    """Return text with names in it, of which no browser breaks the line within a word."""
    return " ".join(_name(word) if "-" in word else _text(word) for word in one_line(text).split(" "))


def _text(text: str) -> str:
    return escape(one_line(text))
