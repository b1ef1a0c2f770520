"""The dialog's keys are those that are declared; while a value is edited, what prints is text."""

from fdtui.core.commands import IN_SCOPE, Scope
from fdtui.core.keymap import build_keymap
from fdtui.sync.storage.protocols import MemoryDrafts
from fdtui.sync.writing.draft_keeper import DraftKeeper
from fdtui.tui.conflicts.dialog import ConflictDialog
from fdtui.tui.conflicts.drafts import ConflictDrafts
from fdtui.tui.conflicts.model import Choice
from fdtui.tui.focus import FocusStack
from fdtui.tui.preferences import UNICODE
from tests.unit.tui.conflicts.test_model import FIELDS, dispute


def opened(keeper: DraftKeeper) -> ConflictDialog:
    names = frozenset(each.name for each in FIELDS)
    return ConflictDialog(
        "Conflict", dispute(), UNICODE, drafts=ConflictDrafts(keeper, "flow", "1", names)
    )


def keeper() -> DraftKeeper:
    return DraftKeeper(MemoryDrafts(), lambda: 7.0, lambda _, run: run())


def press(dialog: ConflictDialog, *names: str) -> None:
    stack = FocusStack(build_keymap(changes={"conflict.mine": ("o",)}), dialog)
    for name in names:
        given = stack.press(name, name if len(name) == 1 else None)
        if given is not None:
            given.layer.bindings()[given.command](given.count)


def test_every_declared_command_is_bound() -> None:
    assert {each.id for each in IN_SCOPE[Scope.CONFLICT]} == set(opened(keeper()).bindings())


def test_keys_can_be_rebound_and_mean_nothing_else_then() -> None:
    dialog = opened(keeper())
    press(dialog, "m")
    assert dialog.resolution.sides == [Choice.THEIRS, Choice.THEIRS]
    press(dialog, "o", "j", "o")
    assert dialog.resolution.sides == [Choice.MINE, Choice.MINE]


def test_letters_of_commands_are_text_while_a_value_is_edited() -> None:
    dialog = opened(keeper())
    press(dialog, "down", "e", "ctrl+u", "q", "T", "e", "enter")
    assert dialog.resolution.wanted() == {"Name": "qTe"} and not dialog.is_typing


def test_what_was_typed_is_there_again_in_the_next_dialog_until_a_side_is_chosen() -> None:
    kept = keeper()
    first = opened(kept)
    press(first, "down", "e", "x", "escape")
    again = opened(kept)
    press(again, "down", "e", "enter")
    assert again.resolution.wanted() == {"Name": "cx"}
