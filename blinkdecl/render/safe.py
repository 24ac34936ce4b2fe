"""Text that came from elsewhere must not move the cursor, hide, reverse or fake a line: it is made visible instead.

The command line sends every text that it prints through `safe`, at one place, before colours are added; the marks that
our own renderers put (`text.marks`) are kept there. Newlines are the layout's own; code that puts foreign text *into*
a line uses `one_line` or `quoted`, so that nothing foreign holds a mark.
"""

import re

# The noncharacters, which no text interchanges; our own renderers mark with them.
NONCHARACTERS = "\ufdd0-\ufdef"
# What a terminal obeys or hides, beside C0: DEL, C1, soft hyphen, bidirectional controls, zero-width characters, line
# and paragraph separators, interlinear and other invisible format characters, lone surrogates, tags and the rest of
# plane 14; and the noncharacters.
BEYOND_C0 = (
    "\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    f"{NONCHARACTERS}"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
HOSTILE = f"[\x00-\x09\x0b-\x1f{BEYOND_C0}]"
_HOSTILE = re.compile(HOSTILE)
_SHORT = {"\t": r"\t", "\r": r"\r"}


def _visible(match: re.Match[str]) -> str:
    character = match.group()
    number = ord(character)
    if number <= 0xFF:
        return _SHORT.get(character, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def safe(text: str) -> str:
    """Return `text` with everything but newlines harmless: an escape character becomes ``\\x1b``."""
    # isprintable is one fast pass, and true for nearly every text.
    return text if text.isprintable() else _HOSTILE.sub(_visible, text)


def one_line(text: str) -> str:
    """Return `text` harmless and on one line."""
    return text if text.isprintable() else safe(text).replace("\n", r"\n")


def quoted(text: str) -> str:
    """Return `text` between double quotes, harmless and on one line."""
    return '"' + one_line(text.replace("\\", r"\\").replace('"', r"\"")) + '"'
