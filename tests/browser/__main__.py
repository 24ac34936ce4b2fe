"""Render every page at each width in both schemes, check it, and keep the pictures in ``tests/browser/pictures``."""

import sys
from pathlib import Path

from tests.browser.chromium import Chromium, chromium
from tests.browser.pages import HOSTILE, page
from tests.browser.stacks import stacks_page

PICTURES = Path(__file__).parent / "pictures"
WIDTHS = (1280, 768, 390, 320)
# Of a report, and of many stacks.
HEADINGS = ("Where alerts go", "6 stacks", "12 stacks", "1000 stacks")
# Too wide; nothing in the page may be, not only the page.
_WIDER = """[...document.querySelectorAll("body *")].filter(each => {
  const box = each.getBoundingClientRect();
  return box.width > 1 && box.right > document.documentElement.clientWidth + 1;
}).map(each => each.tagName + "." + each.className).slice(0, 5).join(" ")"""
_SMALLEST = """Math.min(...[...document.querySelectorAll("td, th, p, li, summary")]
  .map(each => parseFloat(getComputedStyle(each).fontSize)))"""


def check(browser: Chromium, name: str, file: Path, *, width: int, dark: bool) -> None:
    """Look at one page as one person would."""
    browser.open(file, width=width, dark=dark)
    assert browser.evaluate("document.title").partition(",")[0] in HEADINGS, name
    assert browser.evaluate("document.documentElement.scrollWidth") <= width, name
    wider = browser.evaluate(_WIDER)
    assert wider == "", f"{name} at {width}: {wider}"
    assert browser.evaluate(_SMALLEST) >= 11, name
    assert browser.evaluate("document.querySelectorAll('img, script, iframe, object, form').length") == 0, name
    light = browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert light is not dark, name
    if name.endswith("hostile"):
        told = browser.evaluate("document.body.textContent")
        assert HOSTILE.partition(" \u202e")[0] in told
    browser.picture(PICTURES / f"{name}-{width}-{'dark' if dark else 'light'}.png")


def main() -> None:
    """Check all of them."""
    PICTURES.mkdir(exist_ok=True)
    pages = {"few": page(5), "many": page(500), "hostile": page(12, hostile=True)}
    pages |= {
        "stacks-few": stacks_page(6),
        "stacks-many": stacks_page(1000),
        "stacks-hostile": stacks_page(12, hostile=True),
    }
    with chromium() as browser:
        for name, text in pages.items():
            file = PICTURES / f"{name}.html"
            file.write_text(text, encoding="utf-8")
            for width in WIDTHS:
                for dark in (False, True):
                    check(browser, name, file, width=width, dark=dark)
    told = f"{len(pages)} pages at {len(WIDTHS)} widths, light and dark: they render, hold their text, and fit"
    sys.stdout.write(f"{told}\n")


if __name__ == "__main__":
    main()
