"""Which Textual is installed."""

import importlib.metadata
from pathlib import Path

import textual

from fdtui.tui.terminal.known_textual import is_known_textual, version_beside


def test_this_textual_is_one_it_was_tried_with() -> None:
    assert is_known_textual(), "try painter and driver with this Textual, then add it to TRIED_WITH"


def test_the_version_is_the_one_that_textual_says() -> None:
    assert version_beside(Path(textual.__path__[0])) == importlib.metadata.version("textual")


def test_a_version_that_is_not_certain_is_none(tmp_path: Path) -> None:
    package = tmp_path / "textual"
    assert not version_beside(package)
    assert not version_beside(tmp_path / "nowhere" / "textual")
    (tmp_path / "textual-8.2.8.dist-info").mkdir()
    (tmp_path / "textual_image-0.12.0.dist-info").mkdir()
    assert version_beside(package) == "8.2.8"
    (tmp_path / "textual-9.0.0.dist-info").mkdir()
    assert not version_beside(package)
