"""``make docs``: write the pages that are not as their sources are."""

import sys

from docs.generator.pages import PAGES, ROOT


def main() -> None:
    """Write what differs, and name it."""
    for name, made in PAGES.items():
        path, text = ROOT / name, made()
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            sys.stdout.write(f"{name}: written\n")


if __name__ == "__main__":
    main()
