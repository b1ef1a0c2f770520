"""The cards of a column in groups: counted, summed, folded, walked, selected, kept."""

from fdtui.core.schema import Field, Person, Schema, Stage
from fdtui.core.views import Arrangement
from fdtui.sync.storage.views import MemoryViews, SavedView
from tests.flows.conftest import session_on
from tests.flows.driver import running
from tests.flows.test_filter import bug, loaded
from tests.flows.test_sort import session_with
from tests.unit.sync.gateway import Board

SCHEMA = Schema(
    (Stage("Open", False), Stage("Done", True)),
    (
        Field("ID", "uniqueId"),
        Field("Title"),
        Field("Severity", "singleSelect", options=("Critical", "Minor")),
        Field("Cost", "currency"),
        Field("Due Date", "date"),
    ),
    (Person("ada@example.com", "Ada", "Lovelace"), Person("grace@example.com", "Grace", "Hopper")),
)


class Costs(Board):
    """Bugs that cost money."""

    async def stages(self, workflow: str) -> tuple[Stage, ...]:
        return SCHEMA.stages

    async def fields(self, workflow: str) -> tuple[Field, ...]:
        return SCHEMA.fields

    async def users(self, workflow: str) -> tuple[Person, ...]:
        return SCHEMA.people


def cost(
    uid: str, stage: str, severity: str | None, who: str | None, money: str | None
) -> dict[str, str | None]:
    return {**bug(uid, stage, severity or "", who, None), "Severity": severity, "Cost": money}


ROWS = (
    cost("1", "Open", "Minor", "grace@example.com", "1.10"),
    cost("2", "Open", "Critical", None, "2000.00"),
    cost("3", "Open", "Minor", "ada@example.com", "2.20"),
    cost("4", "Done", "Minor", "ada@example.com", None),
    cost("5", "Open", None, "ada@example.com", "4.00"),
)


async def test_cards_are_grouped_by_a_choice_and_a_number_is_summed() -> None:
    async with running(session_on(Costs(*ROWS)), size=(118, 40)) as board:
        await loaded(board)
        await board.give("board.group")
        assert "no groups" in board.screen and "choice" in board.screen and "person" in board.screen
        await board.type("sev")
        await board.press("ctrl+t")
        assert "sum of Cost" in board.screen
        await board.press("enter")
        assert board.titles("Open") == ["2", "1", "3", "5"]
        assert board.heads == [
            "▾ Critical 1 · $2,000.00",
            "▾ Minor 2 · $3.30",
            "▾ no Severity 1 · $4.00",
        ]
        kept = board.session.last_view()
        assert kept is not None and (kept.shows.group, kept.shows.sum) == ("Severity", "Cost")
        await board.go_to("3")
        await board.give("task.move-next")
        await board.until(lambda: board.titles("Done") == ["3", "4"])
        assert board.heads[1] == "▾ Minor 1 · $1.10"
        await board.give("board.group")
        await board.press("home", "pageup", "enter")
        assert board.heads == [] and board.titles("Open") == ["1", "2", "5"]


async def test_a_filter_and_a_sort_work_within_the_groups() -> None:
    async with running(session_on(Costs(*ROWS)), size=(118, 40)) as board:
        await loaded(board)
        await board.give("board.group")
        await board.type("assig")
        await board.press("enter")
        assert board.heads == ["▾ AL Ada Lovelace 2", "▾ GH Grace Hopper 1", "▾ unassigned 1"]
        await board.give("board.sort")
        await board.type("id")
        await board.press("enter")
        await board.give("board.sort")
        await board.press("enter")
        assert board.titles("Open") == ["5", "3", "1", "2"]
        board.filter("cost<3")
        await board.settle()
        assert board.heads == ["▾ AL Ada Lovelace 1", "▾ GH Grace Hopper 1"]


async def test_the_cursor_walks_over_folded_groups_and_a_selection_leaves_them_out() -> None:
    session = session_on(Costs(*ROWS))
    async with running(session, size=(118, 40)) as board:
        await loaded(board)
        board.session.save_view(SavedView(Arrangement(group="severity")))
        await board.give("board.group")
        await board.type("sev")
        await board.press("enter")
        await board.go_to("1")
        await board.give("board.collapse-group")
        assert board.current is None
        assert board.heads == ["▾ Critical 1", "› Minor 2", "▾ no Severity 1"]
        await board.give("task.open")
        assert "No card is under the cursor." in board.said
        await board.give("cursor.down")
        assert board.current == "5"
        await board.give("cursor.top")
        assert board.current == "2"
        await board.press("3", "space")
        assert board.selected == {"2", "5"}
        await board.give("app.cancel", "task.select-column")
        assert board.selected == {"2", "5"}
        await board.give("app.cancel", "cursor.top", "cursor.next-group", "board.collapse-group")
        assert board.current == "1"
        await board.give("cursor.next-group")
        assert board.current == "5"
        await board.give("cursor.previous-group", "cursor.previous-group")
        assert board.current == "2"
        await board.give("cursor.bottom")
        assert board.current == "5"


async def test_a_card_that_is_sought_unfolds_its_group() -> None:
    async with running(session_on(Costs(*ROWS)), size=(118, 40)) as board:
        await loaded(board)
        await board.give("board.group")
        await board.type("sev")
        await board.press("enter")
        await board.go_to("3")
        await board.give("board.collapse-group")
        assert board.host.go_to("3")
        assert board.current == "3" and board.heads[1] == "▾ Minor 2"


async def test_groups_and_folds_are_there_at_the_next_start() -> None:
    gateway, views = Costs(*ROWS), MemoryViews()
    async with running(session_with(gateway, views), size=(118, 40)) as board:
        await loaded(board)
        shows = Arrangement(group="severity", folded_groups=("Minor", "gone"), density="line")
        board.session.save_view(SavedView(shows))
    async with running(session_with(gateway, views), size=(118, 40)) as board:
        await loaded(board)
        await board.until(lambda: board.heads == ["▾ Critical 1", "› Minor 2", "▾ no Severity 1"])


async def test_keys_for_groups_say_how_to_make_some() -> None:
    async with running(session_on(Costs(*ROWS))) as board:
        await loaded(board)
        for command in ("board.collapse-group", "cursor.next-group", "cursor.previous-group"):
            await board.give(command)
            key = board.key_of("board.group")
            assert board.said.endswith(f"The cards are not grouped; {key} groups them.")


async def test_a_workflow_without_a_choice_of_its_own_is_grouped_by_people() -> None:
    async with running(session_on(Board())) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.give("board.group")
        assert "Assigned To" in board.screen
        assert "group.sum" not in board.bound


async def test_a_click_on_a_head_folds_its_group_and_one_on_a_card_below_goes_to_it() -> None:
    async with running(session_on(Costs(*ROWS)), size=(118, 40)) as board:
        await loaded(board)
        await board.give("board.group")
        await board.type("sev")
        await board.press("enter")
        lines = board.screen.splitlines()
        head = next(y for y, line in enumerate(lines) if "▾ Critical" in line)
        card = next(y for y, line in enumerate(lines) if "bug 3" in line)
        await board.pilot.click(offset=(6, card))
        assert board.current == "3"
        await board.pilot.click(offset=(6, head))
        assert board.heads == ["› Critical 1", "▾ Minor 2", "▾ no Severity 1"]
        await board.pilot.click(offset=(6, head))
        assert board.heads[0] == "▾ Critical 1"
