"""Writes every block of every page as the code has it now."""

from tests.docs.pages import PAGES, made

if __name__ == "__main__":
    for path in PAGES:
        path.write_text(made(path), "utf-8")
