"""The welcome: one step at a time, in the middle of the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from textual.app import ComposeResult
from textual.strip import Strip

from fdtui.core.errors import FdtuiError
from fdtui.core.keymap import Keymap
from fdtui.core.schema import WorkflowRef
from fdtui.tui.dialogs import Dialogs, DialogScreen
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.footer import Footer
from fdtui.tui.preferences import Glyphs, Look
from fdtui.tui.toolkit.cells import Line, cut_line, line_width
from fdtui.tui.toolkit.line_editor import LineEditor
from fdtui.tui.toolkit.lined import Lined
from fdtui.tui.toolkit.picker import Item, Picker
from fdtui.tui.toolkit.theme import paint_of
from fdtui.tui.welcome.steps import Menu, Option, StepForm, StepRow

WELCOME_WIDTH = 66
FLOWDASH_URL = "https://app.flowdash.com"


class StepView(Lined):
    """Draws the rows of a step."""

    DEFAULT_CSS = """
    StepView { width: 1fr; height: 1fr; background: $fd-background; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__("step")
        self._glyphs = glyphs
        self.step: Menu | StepForm | None = None
        self.is_covered = False
        """Whether a list lies over the step, which is not drawn then."""
        self._rows: list[StepRow] = []
        self._top = 0

    def look_again(self) -> None:
        """Take the step's lines as they are now."""
        if self.step is None:
            return
        size = self.size or self.app.size
        self._rows, seen = self.step.rows(max(20, min(WELCOME_WIDTH, size.width - 4)), self._glyphs)
        room = max(1, size.height - 4)
        self._top = max(0, min(seen - room + 1, len(self._rows) - room)) if seen >= room else 0
        self.refresh()

    def on_resize(self) -> None:
        """Wrap again."""
        self.look_again()

    def render_line(self, y: int) -> Strip:
        """The name on top, then the step."""
        width, height = self.size
        paint = paint_of(self.app.theme)
        room = max(1, min(WELCOME_WIDTH, width - 4))
        left = max(0, (width - room) // 2)
        if y == 0:
            return self._strip(((" fdtui ", "bold on_accent@accent"),), 0)
        at = y - 2 - max(0, (height - 4 - len(self._rows)) // 4) + self._top
        if self.is_covered or y < 2 or y > height - 2 or not 0 <= at < len(self._rows):
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


class StepLayer:
    """The layer below the lists: the keys of the step that is shown, and those that leave it."""

    is_modal = True

    def __init__(self, steps: Sequence[Menu | StepForm], leave: Callable[[], None]) -> None:
        """``leave`` goes back one step, from the first one out of the program."""
        self._steps, self._leave = steps, leave

    @property
    def scopes(self) -> tuple[str, ...]:
        """Those of the step."""
        return self._steps[-1].scopes

    @property
    def is_typing(self) -> bool:
        """In a form."""
        return self._steps[-1].is_typing

    def bindings(self) -> Mapping[str, Handler]:
        """What can be done in the step, and the way back."""
        keys = self._steps[-1].bindings() | {"welcome.leave": lambda _: self._leave()}
        if len(self._steps) > 1:
            keys |= dict.fromkeys(("welcome.back", "connect.back"), lambda _: self._leave())
        return keys

    def refuses(self, command: str) -> str:
        """Nothing is refused: what makes no sense is not bound."""
        return ""

    def type(self, name: str, character: str | None) -> bool:
        """A key that is no command is for the step."""
        return self._steps[-1].type(name, character)

    def footer(self) -> Hints:
        """The keys of the step; how to quit where there is no way back."""
        bound, is_first = self.bindings(), len(self._steps) == 1
        hints = [hint for hint in declared_hints(*self.scopes) if hint[0] in bound]
        return tuple(hint for hint in hints if is_first or hint[0] != "welcome.leave")


class WelcomeScreen(DialogScreen):
    """Leads through the steps; calls back with what was chosen."""

    BLANK = True
    DEFAULT_CSS = """
    WelcomeScreen { background: $fd-background; layers: below above; overflow: hidden; }
    """

    def __init__(
        self,
        templates: Sequence[tuple[str, str, str]],
        look: Look,
        keymap: Keymap,
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
        self._is_checking = False
        self._url, self._key = LineEditor(FLOWDASH_URL, offered=True), LineEditor(secret=True)
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
        self._form = StepForm(
            "Connect to Flowdash",
            "The address of your install, and an API key of your workspace. The key is kept in a file "
            "that only you can read.",
            (("Address", self._url), ("API key", self._key)),
            self._try_key,
        )
        self._steps: list[Menu | StepForm] = [self._menu]
        layer = StepLayer(self._steps, self._leave)
        self.dialogs = Dialogs(self, look, keymap, layer, drawn=self._show)

    def compose(self) -> ComposeResult:
        """One view for all steps, and the keys below."""
        yield StepView(self._glyphs)
        yield Footer("footer")

    def on_mount(self) -> None:
        """Show the first step."""
        self.dialogs.draw_footer()

    @property
    def step(self) -> Menu | StepForm:
        """The step that has the keys."""
        return self._steps[-1]

    def _show(self) -> None:
        view = self.query_one(StepView)
        view.step = self.step
        view.is_covered = bool(self.dialogs.overlays)
        view.look_again()

    def _leave(self) -> None:
        if len(self._steps) > 1:
            self._steps.pop()
        else:
            self.app.exit()

    def _go(self, step: Menu | StepForm) -> None:
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
            self.dialogs.run(self._ask_for_workflow())

    async def _ask_for_workflow(self) -> None:
        """Try the key, and let one of its workflows be chosen."""
        url, key = self._url.text.strip(), self._key.text.strip()
        workflows = await self._checked(url, key)
        if workflows is None or self.step is not self._form:
            return
        items = [Item(each.id, each.name, note=each.id) for each in workflows]
        item = await self.dialogs.ask(Picker("Which workflow?", items, self._glyphs))
        if item is not None:
            self._connect(url, key, item.id)

    async def _checked(self, url: str, key: str) -> tuple[WorkflowRef, ...] | None:
        self._is_checking = True
        self._form.told = ("Checking…", "dim")
        self._show()
        try:
            workflows = await self._check(url, key)
        except FdtuiError as error:
            self._form.told = (f"{self._glyphs.refused} {error}", "bad")
            return None
        else:
            self._form.told = ("", "dim")
            return workflows
        finally:
            self._is_checking = False
            self._show()

    def paste(self, text: str) -> None:
        """See `DialogScreen.paste`."""
        if self.dialogs.overlays:
            super().paste(text)
        else:
            self.step.paste(text)
