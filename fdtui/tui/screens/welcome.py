"""The welcome: one step at a time, in the middle of the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip

from fdtui.core.errors import FdtuiError
from fdtui.core.schema import WorkflowRef
from fdtui.tui.cells import Line, cut_line, line_width
from fdtui.tui.edit import LineEdit
from fdtui.tui.keys import key_name
from fdtui.tui.look import Glyphs, Look
from fdtui.tui.steps import Form, Menu, Option, Row
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.lined import Lined
from fdtui.tui.widgets.picker import Item, Picker

WIDTH = 66
_LIST_KEYS = (("enter", "choose"), ("esc", "back"))
HOME = "https://app.flowdash.com"


class StepView(Lined):
    """Draws the rows of a step."""

    DEFAULT_CSS = """
    StepView { width: 1fr; height: 1fr; background: $fd-background; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__("step")
        self._glyphs = glyphs
        self.step: Menu | Form | None = None
        self.is_covered = False
        """Whether a list lies over the step, which is not drawn then."""
        self._rows: list[Row] = []
        self._top = 0

    def look_again(self) -> None:
        """Take the step's lines as they are now."""
        if self.step is None:
            return
        size = self.size or self.app.size
        self._rows, seen = self.step.rows(max(20, min(WIDTH, size.width - 4)), self._glyphs)
        room = max(1, size.height - 5)
        self._top = max(0, min(seen - room + 1, len(self._rows) - room)) if seen >= room else 0
        self.refresh()

    def on_resize(self) -> None:
        """Wrap again."""
        self.look_again()

    def render_line(self, y: int) -> Strip:
        """The name on top, then the step, then the keys."""
        width, height = self.size
        paint = paint_of(self.app.theme)
        room = max(1, min(WIDTH, width - 4))
        left = max(0, (width - room) // 2)
        if y == 0:
            return self._strip(((" fdtui ", "bold on_accent@accent"),), 0)
        if y == height - 1 and self.step is not None:
            known = _LIST_KEYS if self.is_covered else self.step.keys
            keys = [piece for key, word in known for piece in _key(key, word)]
            line = cut_line(tuple(keys), width)
            return paint.strip((*line, (" " * (width - line_width(line)), "dim")), width, "panel")
        at = y - 2 - max(0, (height - 5 - len(self._rows)) // 4) + self._top
        if self.is_covered or y < 2 or y > height - 3 or not 0 <= at < len(self._rows):
            return paint.blank(width)
        row = self._rows[at]
        line = cut_line(row.line, room)
        ground = row.ground
        side, fill = (" " * left, "text@background"), (" " * (room - line_width(line)), "text")
        rest = (" " * max(0, width - left - room), "text@background")
        return paint.strip((side, *line, fill, rest), width, ground)

    def _strip(self, line: Line, left: int) -> Strip:
        width = self.size.width
        line = cut_line(((" " * left, "text"), *line), width)
        return paint_of(self.app.theme).strip((*line, (" " * (width - line_width(line)), "text")), width)


class WelcomeScreen(Screen[None], inherit_bindings=False):
    """Leads through the steps; calls back with what was chosen."""

    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    BLANK = True
    DEFAULT_CSS = """
    WelcomeScreen { background: $fd-background; layers: below above; overflow: hidden; }
    """

    def __init__(
        self,
        templates: Sequence[tuple[str, str, str]],
        look: Look,
        *,
        check: Callable[[str, str], Awaitable[tuple[WorkflowRef, ...]]],
        local: Callable[[str, bool], None],
        demo: Callable[[], None],
        connect: Callable[[str, str, str], None],
    ) -> None:
        super().__init__(id="welcome")
        self._glyphs = look.glyphs
        self._check, self._local, self._demo, self._connect = check, local, demo, connect
        self._template = ""
        self._picker: Picker | None = None
        self._is_checking = False
        self._url, self._key = LineEdit(HOME, offered=True), LineEdit(secret=True)
        options = [Option(*template) for template in templates]
        self._menu = Menu(
            "Welcome",
            "A board for Flowdash workflows, in the terminal. How do you want to begin?",
            (
                Option("local", "Start a local workspace", "Kept on this machine; no account needed."),
                Option("demo", "Look at the demo", "Sample workflows and tasks; gone when you quit."),
                Option("connect", "Connect to Flowdash", "Your team's board: an address, an API key."),
            ),
            self._begin,
        )
        self._menu.keys = (("enter", "choose"), ("j k", "move"), ("q", "quit"))
        self._which = Menu("A local workspace", "Which workflow to begin with?", options, self._chosen)
        self._how = Menu(
            "A local workspace",
            "With something on the board?",
            (
                Option("examples", "With examples", "A few dozen tasks to try things with."),
                Option("empty", "Empty", "The stages and fields, and no tasks yet."),
            ),
            self._filled,
        )
        self._form = Form(
            "Connect to Flowdash",
            "The address of your install, and an API key of your workspace. The key is kept in a file "
            "that only you can read.",
            (("Address", self._url), ("API key", self._key)),
            self._try_key,
        )
        self._steps: list[Menu | Form] = [self._menu]

    def compose(self) -> ComposeResult:
        """One view for all steps."""
        yield StepView(self._glyphs)

    def on_mount(self) -> None:
        """Show the first step."""
        self._show()

    @property
    def step(self) -> Menu | Form:
        """The step that has the keys."""
        return self._steps[-1]

    def _show(self) -> None:
        view = self.query_one(StepView)
        view.step = self.step
        view.is_covered = self._picker is not None
        view.look_again()

    def _go(self, step: Menu | Form) -> None:
        self._steps.append(step)

    def _begin(self, choice: str) -> None:
        if choice == "demo":
            self._demo()
        elif choice == "connect":
            self._form.at = 0
            self._go(self._form)
        else:
            self._go(self._which)

    def _chosen(self, template: str) -> None:
        self._template = template
        self._go(self._how)

    def _filled(self, choice: str) -> None:
        self._local(self._template, choice == "examples")

    def _try_key(self) -> None:
        if not self._is_checking:
            self._is_checking = True
            self._form.told = ("Checking…", "dim")
            self.run_worker(self._ask(), group="check", exclusive=True)

    async def _ask(self) -> None:
        url, key = self._url.text.strip(), self._key.text.strip()
        try:
            workflows = await self._check(url, key)
        except FdtuiError as error:
            self._form.told = (f"{self._glyphs.refused} {error}", "bad")
        else:
            self._form.told = ("", "dim")
            if self.step is self._form:
                self._pick(url, key, workflows)
        finally:
            self._is_checking = False
            self._show()

    def _pick(self, url: str, key: str, workflows: Sequence[WorkflowRef]) -> None:
        self._close()
        self._picker = Picker(
            "Which workflow?",
            [Item(each.id, each.name, note=each.id) for each in workflows],
            self._glyphs,
            chosen=lambda item: self._connect(url, key, item.id),
            closed=self._close,
        )
        self.mount(self._picker)

    def _close(self) -> None:
        if self._picker is not None:
            picker, self._picker = self._picker, None
            picker.remove()

    def on_resize(self) -> None:
        """Keep the list in its place."""
        if self._picker is not None:
            self._picker.place()

    def on_key(self, event: events.Key) -> None:
        """Keys go to the list, else to the step."""
        event.stop()
        event.prevent_default()
        name = key_name(event)
        if event.key == "ctrl+c" or (name == "q" and self.step is self._menu):
            self.app.exit()
        elif self._picker is not None:
            self._picker.press(name, event.character)
        elif name == "escape" or (name in ("q", "h", "left") and isinstance(self.step, Menu)):
            if len(self._steps) > 1:
                self._steps.pop()
        else:
            self.step.press(name, event.character)
        self._show()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes where one types."""
        event.stop()
        (self._picker or self.step).paste(event.text)
        self._show()


def _key(key: str, word: str) -> Line:
    return ((f" {key}", "bold accent"), (f" {word} ", "dim"))
