"""The style of every page: light and dark, on paper, and on a phone, where a table becomes a list of cards."""

import base64
import hashlib

# Columns of the deepest indentation that a block of lines keeps.
DEEPEST = 12
_INDENTS = "\n".join(f".block .i{n} {{ padding-left: {n + 2}ch; }}" for n in range(DEEPEST + 1))
_SHEET = """
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --page: #ffffff; --panel: #f6f8fa;
  --line: #d0d7de; --link: #0550ae; --bad: #a40e26; --bad-field: #ffebe9; --warn: #7d4e00; --warn-field: #fff4d6;
  --good: #116329; --still: #eaeef2; --new: #0550ae; --new-field: #ddf4ff; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9aa4ae; --page: #0d1117; --panel: #161b22;
  --line: #30363d; --link: #79c0ff; --bad: #ff9a91; --bad-field: #3d1513; --warn: #f0c674; --warn-field: #33270d;
  --good: #7ee787; --still: #21262d; --new: #79c0ff; --new-field: #10243e; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); background: var(--page);
  margin: 0 auto; max-width: 76rem; padding: 1.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .6rem; padding-top: .25rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .35rem; }
p, ul, dl { margin: .5rem 0; } ul { padding-left: 1.25rem; }
a { color: var(--link); text-decoration: none; } a:hover, a:focus { text-decoration: underline; }
code, pre, .block { font: .88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre, .block { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem;
  margin: .5rem 0; white-space: pre-wrap; }
.block > div { text-indent: -2ch; min-height: 1.5em; } .block .name { text-indent: 0; }
.quiet { color: var(--quiet); }
.facts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; color: var(--quiet); font-size: .9rem;
  margin: .25rem 0 1rem; }
.facts div { display: flex; gap: .4rem; }
.facts dt::after { content: ":"; } .facts dd { margin: 0; color: var(--text); }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .9rem; margin: .75rem 0; }
.panel { border-left: 4px solid var(--line); background: var(--panel); border-radius: 0 6px 6px 0; padding: .6rem .9rem;
  margin: .75rem 0; }
.panel p:first-child { margin-top: 0; } .panel > p:last-child, .panel > ul:last-child { margin-bottom: 0; }
.panel.bad { border-color: var(--bad); background: var(--bad-field); }
.panel.warn { border-color: var(--warn); background: var(--warn-field); }
.panel.good { border-color: var(--good); }
strong.bad, .bad > .state { color: var(--bad); } .warn > .state { color: var(--warn); } .good { color: var(--good); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; color: var(--quiet); padding: 0 0 .4rem; }
th, td { border: 1px solid var(--line); padding: .35rem .55rem; text-align: left; vertical-align: top; }
thead th { background: var(--panel); font-weight: 600; }
tbody th { font-weight: 500; min-width: 11rem; max-width: 20rem; }
td.broken { background: var(--bad-field); } td.broken .state { color: var(--bad); font-weight: 600; }
td.nobody { background: var(--warn-field); } td.nobody .state { color: var(--warn); font-weight: 600; }
td.silent { background: var(--still); color: var(--quiet); }
td.changed { box-shadow: inset 3px 0 0 var(--new); }
.name { display: inline-block; }
td.word { white-space: nowrap; }
meter { display: block; width: 100%; max-width: 10rem; height: .9em; print-color-adjust: exact; }
meter::-webkit-meter-optimum-value { background: var(--link); } meter::-moz-meter-bar { background: var(--link); }
.was { display: block; color: var(--quiet); font-size: .92em; }
table.matrix { table-layout: fixed; } table.matrix thead th:first-child { width: 24%; }
ul.names { list-style: none; margin: 0; padding: 0; } ul.names li { margin: 0 0 .1rem; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.25rem; font-size: .88rem; color: var(--quiet); margin: .5rem 0; }
.legend i { display: inline-block; width: .9em; height: .9em; border: 1px solid var(--line); border-radius: 3px;
  margin-right: .4em; vertical-align: -.1em; }
.legend .broken { background: var(--bad-field); } .legend .nobody { background: var(--warn-field); }
.legend .silent { background: var(--still); } .legend .changed { border-left: 3px solid var(--new); }
details { margin: .35rem 0; } summary { cursor: pointer; } td details { margin: 0; }
details > summary .quiet { font-weight: 400; }
.add { color: var(--good); } .del { color: var(--bad); } .mod { color: var(--warn); }
:target { outline: 2px solid var(--new); outline-offset: 2px; }
@media (max-width: 44rem) {
  body { padding: 1rem .8rem 3rem; font-size: 16px; } h1 { font-size: 1.35rem; }
  table, thead, tbody, tr, th, td, caption { display: block; width: auto; max-width: none; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  tr { border: 1px solid var(--line); border-radius: 8px; margin: 0 0 .75rem; overflow: hidden; }
  th, td { border: 0; border-top: 1px solid var(--line); }
  tbody th { background: var(--panel); border-top: 0; min-width: 0; max-width: none; }
  td[data-head] { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .25rem .75rem; }
  td[data-head]::before { content: attr(data-head); color: var(--quiet); font-size: .88em; }
}
@media print { body { max-width: none; padding: 0; font-size: 11px; } nav { display: none; } a { color: inherit; }
  tr, .panel { break-inside: avoid; } h2, h3 { break-after: avoid; } }
"""
STYLE = f"{_SHEET}{_INDENTS}\n"

# Nothing is loaded, sent or run; this very style is all that may apply.
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src "
    f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
