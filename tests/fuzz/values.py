"""Values that programs trip over, as they are written in JSON, in YAML and in texts of any kind."""

_DEEP = 300
_LONG = 70_000

# JSON texts: what `json.dumps` cannot write is among them.
JSON = (
    "null", "true", "false", "0", "-1", "1", "1.5", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "-0",
    "9" * 19, "9" * 400, "9" * 5000, '""', '"\\u0000"', '"\\ud800"', '"\\udfff\\ud800"', '"\\u202e"', '" "', '"\\n"',
    '"' + "x" * _LONG + '"', "[]", "{}", "[null]", "[[]]", "[{}]", '{"": null}', '[""]', "[1]", "[true]",
    '{"a": 1, "a": 2}', "[" * _DEEP + "]" * _DEEP, '{"a":' * _DEEP + "1" + "}" * _DEEP, "[" * 100_000,
    '{"name": null}', '{"__schema": null}', '["HIGH", "HIGH"]', '"HIGH"', '"https://[::1"', '"http://127.0.0.1:99999/"',
    '"2026-02-30"', '"9999-12-31T23:59:59Z"', '"destination.x"', '"trigger.x"', '{"env": "A", "file": "B"}',
    '{"command": []}', '{"env": ""}', '{"until": "2026-02-30"}',
)  # fmt: skip

YAML = (
    "", "~", "null", "true", "yes", "-1", "0", "012", "1e400", ".inf", ".nan", "9" * 18, "9" * 5000, '""', "''",
    '"\\0"', '"\\uD800"', '"\\U0010FFFF"', '"\\x1b[2J"', "\u202e", "\ufeff", "\u0085", "x" * _LONG, "[]", "{}", "[[]]",
    "[~]", "{a: 1, a: 2}", "{<<: {a: 1}}", "{? [a] : b}", "{? : }", "!!python/object:os.system x", "!!binary aGk=",
    "!<tag:yaml.org,2002:set> {a}", "! x", "&a x", "*a", "&a [*a]", "&a {b: *a}", "[" * _DEEP, "[" * 12_000,
    "[" * 60 + "]" * 60, "{a: " * 60 + "}" * 60, "|", ">-\n    x", "| 9", "- x", "? x", ": x", "#", "%TAG ! x",
    "--- x", "...", "@", "`", "${var.x}", "$${", "${", "${var.}", "${var.x${var.x}}", "${env.X}", "${var.big}" * 50,
    "{env: A}", "{env: ${var.x}}", "{file: /dev/null}", "{command: [true]}", "{command: []}", "{env: A, file: B}",
    "https://[::1", "https://xn--a/", "2026-02-30", "10 s", "9" * 400 + "s", "../x", "**", "*.yaml", "[HIGH, HIGH]",
)  # fmt: skip

TEXT = (
    "", "\0", "\n", "\r\n", "\t", " ", "\x7f", "\x1b[2J", "\u202e", "\ufeff", "é", "ß", "İ", "\u0661", "\u00b2",
    "\u2488", "\U0001f600", "0", "-1", "1e400", "9" * 19, "9" * 400, "9" * 5000, "99999", "65536", "x" * 300,
    "x" * 5000, ":", "::", "/", "//", "\\", "@", "?", "#", "%", "%00", "%zz", "[", "]", "[::1]",
    "[::1", "::ffff:127.0.0.1",
    "127.1", "0x7f.1", "xn--", "xn--a", "xn--" + "9" * 60, "." * 60, "*", "'", '"', "=", "&", ",", ";",
    "+0000", "-9999",
    "localhost", "https://", "HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Content-Length: -1\r\n",
    "Content-Length: " + "9" * 5000 + "\r\n", "Transfer-Encoding: chunked\r\n", "Content-Encoding: gzip\r\n",
    "Retry-After: " + "9" * 5000 + "\r\n", "Retry-After: Mon, 99 Foo 99999 99:99:99 GMT\r\n", "<!--", "-->", "<?", "?>",
    "<html>", "\\ud800", "null", "(" * 250, "lambda: ", "def destinations(event):\n", "    return ['a']\n", "if x:\n",
    "not " * 300, "[" * 150, "x if y else " * 200, "with x:\n", "try:\n", "class A:\n", "match x:\n", "del x\n", "f'{",
)  # fmt: skip

BYTES = (
    b"\xff",
    b"\x80",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\0",
    b"\xf4\x90\x80\x80",
)
