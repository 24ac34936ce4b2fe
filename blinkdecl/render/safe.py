"""Text that came from elsewhere must not move the cursor, hide, reverse or fake a line, nor order a CI system about.

It is made visible instead. The command line sends every text that it prints through `safe`, at one place, before
colours are added; the marks that our own renderers put (`text.marks`) are kept there. Newlines are the layout's own;
code that puts foreign text *into* a line uses `one_line` or `quoted`, so that nothing foreign holds a mark.

What CI systems take for commands, in the log of any step:

    ::error::x        GitHub, at the start of a line, after any white space
    ##[error]x        GitHub's and Azure's older form, anywhere in a line
    ##vso[...]        Azure DevOps, anywhere
    ##teamcity[...]   TeamCity, anywhere

One character of such a command is written as an escape (``\\x3a:error::x``, ``\\x23#[error]x``), as a terminal's are.
Only a whole text knows where its lines start, after wrapping: that is for `safe`. The markers of GitLab's sections
need a carriage return and ESC, of which none is left.
"""

import re

# The noncharacters, which no text interchanges; our own renderers mark with them.
NONCHARACTERS = "\ufdd0-\ufdef"
# What a terminal obeys or hides, beside C0: DEL, C1, soft hyphen, bidirectional controls, zero-width characters, line
# and paragraph separators, interlinear and other invisible format characters, lone surrogates, tags and the rest of
# plane 14; the noncharacters; and letters that have no shape: joiners, fillers, variation selectors but for the two
# that make an emoji one.
BEYOND_C0 = (
    "\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    f"{NONCHARACTERS}"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# ASCII that a terminal only shows, and newlines.
PRINTABLE = bytes((ord("\n"), *range(0x20, 0x7F)))
HOSTILE = f"[\x00-\x09\x0b-\x1f{BEYOND_C0}]"
_HOSTILE = re.compile(HOSTILE)
_SHORT = {"\t": r"\t", "\r": r"\r"}
# The first sign of `##[`, `##vso[` and their like.
_COMMAND = re.compile(r"#(?=#\w*\[)")
_LINE_COMMAND = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)


def _visible(match: re.Match[str]) -> str:
    character = match.group()
    number = ord(character)
    if number <= 0xFF:
        return _SHORT.get(character, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def _within_a_line(text: str) -> str:
    # Fast passes first: they are true, and false, for nearly every text.
    if not (text.isascii() and text.isprintable()):
        text = _HOSTILE.sub(_visible, text)
    return _COMMAND.sub(r"\\x23", text) if "##" in text else text


def is_harmless(text: str) -> bool:
    """Whether a text is printable ASCII without a command: nearly every one is, and no pattern sees it as soon."""
    return text.isascii() and not text.encode().translate(None, PRINTABLE) and "::" not in text and "##" not in text


def safe(text: str) -> str:
    """Return `text` with everything but newlines harmless: an escape character becomes ``\\x1b``."""
    if is_harmless(text):
        return text
    text = _within_a_line(text)
    return _LINE_COMMAND.sub(r"\1\\x3a", text) if "::" in text else text


def one_line(text: str) -> str:
    """Return `text` on one line and harmless within it; where that stands at the start of a line, `safe` is due."""
    if text.isascii() and text.isprintable() and "##" not in text:  # nearly every one: half the time
        return text
    return _within_a_line(text).replace("\n", r"\n")


def quoted(text: str) -> str:
    """Return `text` between double quotes, harmless and on one line."""
    return '"' + one_line(text.replace("\\", r"\\").replace('"', r"\"")) + '"'
