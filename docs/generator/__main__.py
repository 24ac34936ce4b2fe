"""``make docs``: write the pages that are not as their sources are."""

import sys

from docs.generator.pages import FOLDER, PAGES


def main() -> None:
    """Write what differs, and name it."""
    for name, made in PAGES.items():
        path, text = FOLDER / name, made()
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            sys.stdout.write(f"docs/{name}: written\n")


if __name__ == "__main__":
    main()
