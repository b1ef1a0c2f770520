"""What stands on the screen, by our names for it. Each noun looks at the screen anew when asked.

Only this file and the driver know what the screen is made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.tui.actions.picker import ActionPicker
from fdtui.tui.board.filter import FilterBar
from fdtui.tui.board.help import Help
from fdtui.tui.files.path_picker import PathPicker
from fdtui.tui.forms.inline import InlineView
from fdtui.tui.forms.view import FormView
from fdtui.tui.toolkit.picker import Picker
from fdtui.tui.toolkit.question import Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.geometry import Region

    from fdtui.tui.forms.form import Slot
    from fdtui.tui.presentation.details import Tab
    from fdtui.tui.toolkit.item import Item
    from fdtui.tui.toolkit.overlay import Overlay
    from tests.flows.driver import Driver


class CardNoun:
    """A card, by its unique id or its title."""

    def __init__(self, driver: Driver, said: str) -> None:
        self._driver, self._said = driver, said

    @property
    def stage(self) -> str | None:
        """The stage of its column; ``None`` where the board shows no such card."""
        schema = self._driver.session.state.schema
        for column in self._driver._columns:
            for task in column.tasks:
                if self._said in (task.uid, schema.title_in(task.row)):
                    return column.stage.name
        return None

    def is_in(self, stage: str) -> None:
        """Fail unless it stands in the column ``stage``."""
        assert self.stage == stage, f"{self._said} is in {self.stage}\n{self._driver.screen}"


class AskedNoun:
    """A question, or a list of answers, that lies over the board."""

    def __init__(self, driver: Driver, words: str) -> None:
        self._driver, self._words = driver, words

    @property
    def _question(self) -> Question:
        top = self._driver.board.host.overlay
        assert isinstance(top, Question), self._driver.screen
        assert self._words in self._driver.words, f"no “{self._words}”:\n{self._driver.screen}"
        return top

    @property
    def is_topmost(self) -> bool:
        """Whether nothing lies over it."""
        return (
            isinstance(self._driver.board.host.overlay, Question) and self._words in self._driver.words
        )

    @property
    def marked(self) -> str:
        """The id of the answer that ``enter`` would give."""
        return self._question.item.id

    def is_safe(self) -> None:
        """Fail unless ``enter`` would change nothing."""
        assert self._question.at == 0, self._driver.screen

    async def answer(self, key: str) -> None:
        """Answer with a key, once it was there long enough to be read."""
        assert self._question
        await self._driver.press(key)


class ListNoun:
    """A list to choose from, that lies over the board."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    @property
    def _picker(self) -> Picker:
        top = self._driver.board.host.overlay
        assert isinstance(top, Picker), self._driver.screen
        return top

    @property
    def identity(self) -> int:
        """Another number for every list that was opened."""
        return id(self._picker)

    @property
    def heading(self) -> str:
        return self._picker.heading

    @property
    def items(self) -> Sequence[Item]:
        """What can be chosen."""
        return self._picker.items


class DialogNoun:
    """What lies over the board, as it is placed and as it means to look."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    @property
    def _overlay(self) -> Overlay:
        overlay = self._driver.board.host.overlay
        assert overlay is not None, self._driver.screen
        return overlay

    @property
    def region(self) -> Region:
        """Where it stands on the screen."""
        return self._overlay.region

    @property
    def inside(self) -> Region:
        """The same without its frame."""
        return self._overlay.content_region

    @property
    def lines(self) -> list[str]:
        """Its own lines, whatever lies below or above them."""
        return [self._overlay.render_line(y).text for y in range(self.inside.height)]

    @property
    def is_framed(self) -> bool:
        """Whether it has an edge of its own on all sides."""
        return not isinstance(self._overlay, FilterBar | Help | InlineView)

    @property
    def is_in_place(self) -> bool:
        """Whether it is a field of the pane."""
        return isinstance(self._overlay, InlineView)

    @property
    def question(self) -> str:
        """What it asks; empty where it is no question."""
        return self._overlay.heading if isinstance(self._overlay, Question) else ""

    @property
    def is_list(self) -> bool:
        """Whether it is a list to choose from."""
        return isinstance(self._overlay, Picker)

    @property
    def is_paths(self) -> bool:
        """Whether files of a folder are chosen in it."""
        return isinstance(self._overlay, PathPicker)


class ActionListNoun:
    """The list of a task's actions."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    @property
    def _picker(self) -> ActionPicker | None:
        top = self._driver.board.host.overlay
        return top if isinstance(top, ActionPicker) else None

    @property
    def is_open(self) -> bool:
        return self._picker is not None

    @property
    def searched(self) -> str:
        """What was typed to search it."""
        assert self._picker is not None and self._picker.edit is not None
        return self._picker.edit.text

    @property
    def marked(self) -> str | None:
        """The id of the action that ``enter`` would run."""
        assert self._picker is not None
        return self._picker.item.id if self._picker.item is not None else None


class FieldNoun:
    """A field of the open form."""

    def __init__(self, form: FormNoun, name: str) -> None:
        self._form, self._name = form, name

    async def type(self, text: str) -> FieldNoun:
        """Go there, and type."""
        self._form.go_to(self._name)
        await self._form.driver.type(text)
        return self

    async def press(self, *keys: str) -> FieldNoun:
        """Go there, and press keys."""
        self._form.go_to(self._name)
        await self._form.driver.press(*keys)
        return self

    @property
    def text(self) -> str:
        """What stands in its editor."""
        return self._form.slot(self._name).entry.text

    def shows(self, words: str) -> None:
        """Fail unless ``words`` stand on the screen, the field being in view."""
        assert words in self._form.driver.screen, self._form.driver.screen


class FormNoun:
    """The form that lies over the board."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    @property
    def is_open(self) -> bool:
        return self._found is not None

    @property
    def _found(self) -> FormView | None:
        """The form, whatever lies over it."""
        overlays = self.driver.board.host.overlays
        return next((each for each in overlays if isinstance(each, FormView)), None)

    @property
    def _view(self) -> FormView:
        assert self._found is not None, self.driver.screen
        return self._found

    @property
    def is_topmost(self) -> bool:
        """Whether nothing lies over it."""
        return isinstance(self.driver.board.host.overlay, FormView)

    @property
    def said(self) -> str:
        """What stands on its message line."""
        return self._view.said

    def walk(self) -> Iterator[None]:
        """Go to each field in turn, and then to the line that saves."""
        for at in range(len(self._view.form.slots) + 1):
            self._view.form.go(at)
            self._view.changed()
            yield

    def slot(self, name: str) -> Slot:
        """The editor of the field ``name``, its name and its cursor."""
        return next(each for each in self._view.form.slots if each.entry.field.name == name)

    def field(self, name: str) -> FieldNoun:
        """The field ``name``."""
        return FieldNoun(self, name)

    def go_to(self, name: str) -> None:
        """Put the cursor on the field ``name``."""
        self._view.form.go([each.entry.field.name for each in self._view.form.slots].index(name))
        self._view.changed()

    @property
    def current(self) -> str | None:
        """The field that is typed into."""
        slot = self._view.form.slot
        return None if slot is None else slot.entry.field.name


class PaneNoun:
    """The fields in the detail pane."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    @property
    def field(self) -> str | None:
        """The field under the cursor."""
        return self._driver.board.widgets.detail.detail.field

    @property
    def tab(self) -> Tab:
        """The tab that is open."""
        return self._driver.board.widgets.detail.tab

    @property
    def item(self) -> str | None:
        """The key of what is under the cursor in a tab's list."""
        return self._driver.board.widgets.detail.aside.key

    @property
    def region(self) -> Region:
        """Where it stands on the screen."""
        return self._driver.board.widgets.detail.region

    @property
    def tabs_region(self) -> Region:
        """Where the names of its tabs stand on the screen."""
        return self._driver.board.widgets.detail.strip.region

    def step(self) -> bool:
        """Go to the next field; false at the last one."""
        return self._driver.board.widgets.detail.detail.step_field(1)
