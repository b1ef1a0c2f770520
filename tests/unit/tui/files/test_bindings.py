"""Every key of the files pane, of choosing a path and of previews does something somewhere."""

from pathlib import Path

import pytest

from fdtui.core.commands import BY_ID, IN_SCOPE, Scope
from fdtui.tui.files.open_preview import TextPreview
from fdtui.tui.files.path_picker import PathPicker
from fdtui.tui.files.picture_view import PictureView
from fdtui.tui.preferences import UNICODE
from fdtui.tui.terminal.encode import Shown
from fdtui.tui.toolkit.overlay import Overlay


async def nothing(columns: int, rows: int) -> Shown:
    return Shown()


LAYERS: dict[str, Overlay] = {
    "paths": PathPicker("Attach", Path("/"), UNICODE),
    "preview": TextPreview("a.txt", lambda width: [], UNICODE),
    "picture": PictureView("a.png", (), nothing, UNICODE, pictures=None),
}


@pytest.mark.parametrize(
    ("layer", "scope"),
    [("paths", Scope.PATHS), ("preview", Scope.PREVIEW), ("picture", Scope.PREVIEW)],
)
def test_what_is_declared_is_bound(layer: str, scope: Scope) -> None:
    bound = set(LAYERS[layer].bindings())
    assert {each.id for each in IN_SCOPE[scope]} <= bound <= set(BY_ID)


def test_a_folder_is_not_ticked_and_what_is_typed_is_deleted_first() -> None:
    picker = PathPicker("Save in", Path("/"), UNICODE, only_folders=True)
    assert "paths.tick" not in picker.bindings() and "paths.parent" in picker.bindings()
    picker.edit.paste("a")
    assert "paths.parent" not in picker.bindings()
