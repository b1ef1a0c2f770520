"""What can be done in the tabs of a task: write, tick, link, and look again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from fdtui.core.commands import why_not, why_not_write
from fdtui.core.details import ChecklistItem, Part, Tick
from fdtui.core.intents import Intent, RemoveItem, TickItem
from fdtui.core.safetext import quoted
from fdtui.core.task import Task
from fdtui.sync.writing.history import comment_draft
from fdtui.tui.confirm import confirm
from fdtui.tui.detail.link_commands import LinkCommands
from fdtui.tui.detail.pane import DetailPane, details_of
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.host import Host
from fdtui.tui.presentation.details import PARTS, Tab
from fdtui.tui.writing import draft_of, write_comment, write_item

OWN_SCOPES = {Tab.COMMENTS: "comments", Tab.CHECKLIST: "checklist", Tab.LINKS: "links"}
"""The tabs that have keys of their own."""
TO_THE_END = 10**9
"""A place behind the last of any list."""
WALKING_HINTS: Hints = (
    ("cursor.down", "down"), ("cursor.up", "up"), ("cursor.half-down", "half a page"),
    ("pane.tab-next", "next tab"), ("pane.next", "to the board"), ("app.cancel", "close"),
    ("app.help", "help"),
)  # fmt: skip
FIELDS: Hints = (("task.open", "edit the field"), ("task.edit", "form"))
CLICKED = {Tab.FIELDS: "task.open", Tab.CHECKLIST: "checklist.tick", Tab.LINKS: "links.open"}
"""What a click does on what the cursor stands on already."""


class NumberedActions(Protocol):
    """The actions of a task, by their places in its pane."""

    def count(self, task: Task) -> int:
        """How many are offered, as far as is known."""
        ...

    def run_number(self, task: Task, at: int) -> bool:
        """Run the one at that place; false where there is none."""
        ...


class DetailCommands:
    """Gives a meaning to the keys of the open tab; each change is one intent."""

    def __init__(
        self,
        host: Host,
        pane: DetailPane,
        *,
        actions: NumberedActions,
        take_keys: Callable[[], object],
        edit_field: Callable[[Task, str], object],
        tick_field: Callable[[Task], object],
        visit: Callable[[str, str], object],
    ) -> None:
        """``take_keys`` opens the pane and pushes this layer; ``visit`` goes to a workflow's task."""
        self._host, self._pane, self._actions = host, pane, actions
        self._links = LinkCommands(host, visit)
        self._take_keys, self._edit_field, self._tick_field = take_keys, edit_field, tick_field
        pane.key_of, pane.tab_clicked, pane.clicked = host.key_of, self._tab_clicked, self._clicked
        self._asked: tuple[str, Tab] | None = None
        self._shown: tuple[str | None, str | None] | None = None

    # The layer with the keys

    @property
    def meanings(self) -> Mapping[str, str]:
        """What the board's commands do in the open tab."""
        is_fields = self._pane.tab is Tab.FIELDS
        what = "field" if is_fields else "entry"
        means = {
            "cursor.down": f"To the next {what}.",
            "cursor.up": f"To the {what} before.",
            "cursor.half-down": "Half a page down.",
            "cursor.half-up": "Half a page up.",
            "cursor.top": f"To the first {what}.",
            "cursor.bottom": f"To the last {what}.",
            "column.next": "To the next tab.",
            "column.previous": "To the tab before.",
            "pane.next": "Back to the board.",
            "app.cancel": "Close the pane.",
            "task.move-next": "Move the task one stage to the right.",
        }
        if is_fields:
            means |= {
                "task.open": "Edit the field under the cursor.",
                "task.select": "Tick the checkbox under the cursor.",
            }
        return means

    is_modal = False
    is_typing = False

    @property
    def scopes(self) -> tuple[str, ...]:
        """The keys of the open tab, and those of the pane."""
        own = OWN_SCOPES.get(self._pane.tab)
        return ("detail",) if own is None else (own, "detail")

    def bindings(self) -> Mapping[str, Handler]:
        """What can be done in the open tab, with the task that the pane shows."""
        pane, task = self._pane, self._host.current
        half = max(1, pane.room // 2)
        keys: dict[str, Handler] = {
            "cursor.down": lambda n: pane.walk(n or 1),
            "cursor.up": lambda n: pane.walk(-(n or 1)),
            "cursor.half-down": lambda n: pane.turn_page(half * (n or 1)),
            "cursor.half-up": lambda n: pane.turn_page(-half * (n or 1)),
            "cursor.top": lambda n: pane.jump(n - 1 if n else 0),
            "cursor.bottom": lambda n: pane.jump(n - 1 if n else TO_THE_END),
            "column.next": lambda n: self.turn(n or 1),
            "column.previous": lambda n: self.turn(-(n or 1)),
        }
        if task is not None:
            keys["task.select"] = lambda _: self._tick_field(task)
            keys |= self._of_tab(task)
            for at in range(self._actions.count(task)):
                keys[f"detail.run-{at + 1}"] = partial(self._run, task, at)
        return keys

    def _of_tab(self, task: Task) -> dict[str, Handler]:
        run, field = self._host.run, self._pane.detail.field
        match self._pane.tab:
            case Tab.COMMENTS:
                return {"comments.write": lambda _: run(self._comment(task))}
            case Tab.CHECKLIST:
                return {
                    "checklist.tick": lambda _: self._tick(task, Tick.COMPLETED),
                    "checklist.skip": lambda _: self._tick(task, Tick.SKIPPED),
                    "checklist.reset": lambda _: self._tick(task, Tick.BLANK),
                    "checklist.add": lambda _: run(write_item(self._host, task, "checklist.add")),
                    "checklist.delete": lambda _: run(self._delete_item(task)),
                    "checklist.all-stages": lambda _: self._toggle_all(),
                }
            case Tab.LINKS:
                key = self._pane.aside.key
                return {
                    "links.open": lambda _: run(self._links.open(task, key)),
                    "links.add": lambda _: run(self._links.link(task, key)),
                    "links.remove": lambda _: run(self._links.unlink(task, key)),
                }
            case Tab.ACTIVITY:
                return {"task.open": lambda _: None}
            case _ if field is not None:
                return {"task.open": lambda _: self._edit_field(task, field)}
            case _:
                return {}

    def _run(self, task: Task, at: int, _: int | None) -> None:
        self._actions.run_number(task, at)

    def refuses(self, command: str) -> str:
        """What cannot be done with the task that the pane shows."""
        is_field = self._pane.tab is Tab.FIELDS and self._pane.detail.field is not None
        if command == "task.open" and is_field:
            return why_not(self._host.state, "task.edit", self._host.current)
        return ""

    def type(self, name: str, character: str | None) -> bool:
        """No other key means anything here."""
        return False

    def footer(self) -> Hints:
        """The keys of the tab, and how to walk."""
        tab = self._pane.tab
        own = declared_hints(OWN_SCOPES[tab]) if tab in OWN_SCOPES and self._host.state.writable else ()
        return (*own, *WALKING_HINTS[:2], *(FIELDS if tab is Tab.FIELDS else ()), *WALKING_HINTS[2:])

    # The tabs

    @property
    def _has_keys(self) -> bool:
        return self._host.focus.pane is self

    def open(self, tab: Tab) -> None:
        """Show a tab of the task and give it the keys; once more: back to the fields."""
        again = self._has_keys and self._pane.tab is tab
        if again and tab is Tab.COMMENTS and (task := self._host.current) is not None:
            self._host.run(self._comment(task))
        else:
            self._show(Tab.FIELDS if again else tab)

    def go_to_tab(self, tab: Tab) -> None:
        """Show a tab of the task and give it the keys, if it has them or not."""
        self._show(tab)

    def _show(self, tab: Tab) -> None:
        self._take_keys()
        self._pane.open(tab)
        self._asked = None
        if self._host.current is not None:
            self.count(self._host.current)
        self._host.draw()

    def turn(self, step: int) -> None:
        """Show the tab beside the open one."""
        self._pane.turn(step)
        self._asked = None
        self._host.draw()

    def follow_cursor(self) -> None:
        """Fetch what the open tab shows of the task under the cursor, once each time it comes there."""
        pane, task = self._pane, self._host.current
        if task is None:
            return
        now = (task.key, self._host.state.refused.get(task.key))
        if now != self._shown:
            self._shown, pane.unsent = now, draft_of(self._host, comment_draft(task.key))
        part = PARTS.get(pane.tab)
        parts = tuple(PARTS.values()) if pane.is_stacked else (part,) if part is not None else ()
        if parts and self._asked != (task.key, pane.tab):
            self._asked = (task.key, pane.tab)
            self._host.session.fetch_details(task.key, *parts)

    def refresh(self) -> None:
        """Fetch what the open tab shows once more."""
        self._asked = None
        self.follow_cursor()

    def count(self, task: Task) -> None:
        """Fetch what the names of the tabs count."""
        self._host.session.fetch_details(task.key, Part.COMMENTS, Part.CHECKLIST)

    # The mouse

    def _tab_clicked(self, tab: Tab) -> None:
        if not self._host.focus.top.is_modal:
            self._show(tab)

    def _clicked(self, name: str) -> None:
        """The first click puts the cursor there, the next one does what can be done with it."""
        if self._host.focus.top.is_modal:
            return
        has_moved = self._pane.put_cursor(name) if name else True
        if not has_moved and (command := CLICKED.get(self._pane.tab)):
            self._host.give(command)
            return
        self._take_keys()
        self._host.draw()

    # Comments

    async def _comment(self, task: Task) -> None:
        await write_comment(self._host, task, "comments.write")
        self._shown = None  # the draft is another by now
        self._host.draw()

    # Checklist

    def _do(self, task: Task, intent: Intent) -> None:
        reason = why_not_write(self._host.state, task)
        if reason:
            self._host.notify(reason, "warning")
        else:
            self._host.session.perform(intent)

    def _item(self, task: Task) -> ChecklistItem | None:
        items = details_of(self._host.state, task).checklist or ()
        key = self._pane.aside.key
        item = next((each for each in items if each.id == key and key), None)
        if item is None:
            self._host.notify("The cursor is on no item.")
        return item

    def _tick(self, task: Task, status: Tick) -> None:
        item = self._item(task)
        if item is None:
            return
        was = Tick(item.status) if item.status in set(Tick) else None
        if was is status:
            status = Tick.BLANK
        if was is not status:
            self._do(task, TickItem(task.key, item.id, status, was))

    async def _delete_item(self, task: Task) -> None:
        item = self._item(task)
        if item is None:
            return
        if not item.editable:
            self._host.notify("Template items can be skipped but not deleted.")
        elif await confirm(self._host, f"Delete {quoted(item.title)}?", yes="Delete it"):
            self._do(task, RemoveItem(task.key, item.id))

    def _toggle_all(self) -> None:
        self._pane.everything = not self._pane.everything
        self._host.draw()
