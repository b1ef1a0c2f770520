"""Writes every block of every page, and what ships in ``share/``, as the code has it now."""

from tests.docs.manual import shipped
from tests.docs.pages import PAGES, made

if __name__ == "__main__":
    for path in PAGES:
        path.write_text(made(path), "utf-8")
    for path, text in shipped().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
