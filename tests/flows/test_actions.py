"""Actions, the pane of what runs, triage and the log of requests, driven by commands."""

from fdtui.core import job
from fdtui.core.details import Action
from fdtui.core.errors import InvalidError, UnreachableError
from fdtui.core.job import Execution
from fdtui.sync.session import Session, SessionOptions
from fdtui.tui.app import FdtuiApp
from tests.flows.conftest import session_on
from tests.flows.driver import NOW, Driver, running
from tests.unit.sync.gateway import Board


class Office(Board):
    """A board whose tasks offer two actions."""

    async def actions(self, workflow: str, uid: str) -> tuple[Action, ...]:
        await self._turn("actions")
        return (Action("a1", "Approve"), Action("a2", "Send back"))


class Few(Office):
    """Only some tasks can be sent back."""

    async def actions(self, workflow: str, uid: str) -> tuple[Action, ...]:
        return (await super().actions(workflow, uid))[: 2 if uid > "001" else 1]


def statuses(driver: Driver) -> list[str]:
    return [run.status for run in driver.session.state.runs]


async def test_an_action_runs_and_the_card_moves(demo: Driver) -> None:
    await demo.go_to("57")
    await demo.give("task.actions")
    await demo.until(lambda: "Run on Wayne Enterprises as Example User" in demo.screen)
    await demo.press("1")
    await demo.until(lambda: "Executions 1" in demo.screen and "running" in demo.screen)
    await demo.until(lambda: statuses(demo) == [job.SUCCESS])
    await demo.settle()
    assert demo.session.state.base["57"].stage == "Done"
    assert "✓ Success" in demo.screen and "Approve on Wayne Enterprises: done" in demo.said


async def test_an_action_is_found_by_a_few_letters(demo: Driver) -> None:
    await demo.go_to("57")
    await demo.give("task.actions")
    await demo.until(lambda: demo.is_covered)
    await demo.type("rej")
    await demo.press("enter", "y")
    await demo.until(lambda: statuses(demo) == [job.SUCCESS])
    assert demo.session.state.runs[0].action == "Reject"


async def test_the_open_card_has_its_actions_on_digits(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway), (140, 40)) as board:
        await board.give("task.open")
        await board.until(lambda: " 1  Approve    2  Send back" in board.screen)
        await board.press("2")
        assert gateway.started == []  # on the board a digit is a count
        await board.press("escape")
        await board.give("pane.next")
        for _ in range(10):
            await board.press("2")
        await board.until(lambda: gateway.started)
        await board.settle()
        assert gateway.started == [("000", "a2", None)]
        assert "already running" in board.said and "Send back is running" in board.screen


async def test_a_requirement_that_is_missing_is_told_whole_and_gone_to(rows) -> None:
    gateway = Office(*rows(3))
    gateway.fail("start_execution", InvalidError(errors=("Name is required", "Must be assigned")))
    async with running(session_on(gateway), (140, 40)) as board:
        await board.give("task.open", "pane.next")
        await board.until(lambda: " 1  Approve" in board.screen)
        await board.press("1")
        await board.until(lambda: "✗ 1 failed" in board.screen)
        assert "✗ Approve: Name is required" in board.screen
        assert "Must be assigned" in board.screen and "Name is required" in board.said
        await board.give("task.fix")
        await board.settle()
        assert "failed" not in board.screen.splitlines()[0]
        assert board.pane.field == "Name" and board.is_covered  # its editor
        lines = board.screen.splitlines()
        at = next(at for at, line in enumerate(lines) if "✗ Name is required; Must be" in line)
        assert "Name " in lines[at - 1], board.screen  # the reason stands under the field
        await board.type("x")
        assert "✗ Name is required; Must be" in board.screen


async def test_a_lost_answer_is_told_with_what_is_known_and_asked_before_again(rows) -> None:
    gateway = Office(*rows(3))
    gateway.fail("start_execution", UnreachableError("Timed out.", sent=True))
    async with running(session_on(gateway), (140, 40)) as board:
        await board.give("task.open", "pane.next")
        await board.until(lambda: " 1  Approve" in board.screen)
        await board.press("1")
        await board.until(lambda: "? 1 unknown" in board.screen)
        await board.until(lambda: "in To do now and offers Approve, Send back" in board.screen)
        await board.give("app.cancel", "pane.next")
        await board.press("r")
        assert "It may have run already" in board.screen
        await board.press("n")
        assert len(gateway.started) == 1
        await board.press("r", "y")
        await board.until(lambda: len(gateway.started) == 2)


async def test_the_pane_opens_stays_for_failures_and_goes_when_read(rows) -> None:
    gateway = Office(*rows(3))
    gateway.answers = [Execution("e1", "Fail", ("foo is not a valid email",))]
    async with running(session_on(gateway), (100, 30)) as board:
        assert not board.is_work_open
        board.session.run_action("001", Action("a1", "Approve"))
        await board.until(lambda: "Executions 1" in board.screen)
        await board.until(lambda: statuses(board) == [job.FAIL])
        await board.until(lambda: "foo is not a valid email" in board.screen)
        await board.press("tab")
        assert board.place == "runs"
        await board.press("y")
        assert board.clipboard == "e1"
        await board.press("enter")
        assert board.current == "001" and board.place != "runs"
        assert "failed" not in board.screen.splitlines()[0]
        await board.give("runs.toggle")
        await board.press("d")
        assert board.session.state.runs == ()
        await board.give("runs.toggle")
        assert not board.is_work_open


async def test_card_keys_do_nothing_to_a_card_that_is_not_looked_at(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway)) as board:
        await board.give("runs.toggle")
        await board.give("task.move-next")
        await board.settle()
        assert "esc returns to the board" in board.said and gateway.sent == []
        await board.give("app.cancel")
        assert board.place == "board"


async def test_requests_are_told_without_the_key(demo: Driver) -> None:
    await demo.give("runs.toggle")
    await demo.press("]")
    assert "/api/v1/workflows/2ylSaZ/tasks" in demo.screen
    await demo.press("y")
    assert demo.clipboard.startswith("curl ")
    assert '"Authorization: Bearer $FDTUI_API_KEY"' in demo.clipboard
    await demo.press("j", "j", "G", "[")
    assert "No executions yet" in demo.screen


async def test_triage_shows_the_next_card_while_the_last_runs(rows) -> None:
    gateway = Office(*rows(5))
    async with running(session_on(gateway, me="ada@example.com"), (120, 40)) as board:
        await board.give("triage.start")
        assert "1 of 5" in board.screen and "Task 0" in board.screen
        await board.until(lambda: " 1  Approve" in board.screen)
        await board.press("1")
        assert "2 of 5" in board.screen and "Task 1" in board.screen
        await board.until(lambda: gateway.started == [("000", "a1", "ada@example.com")])
        assert "⟳ 1 running" in board.screen
        await board.give("task.assign-me")
        await board.settle()
        assert gateway.rows["001"]["Assigned To"] == "ada@example.com"
        await board.press("c", *"hello", "enter")
        await board.settle()
        assert gateway.said == ["hello"]
        await board.press("space", "k", "j", "s", "h")
        assert "4 of 5" in board.screen and "Snoozed until" in board.said
        await board.press("n", "n")
        assert "That was the last card" in board.screen
        assert "✓ 1 decided" in board.screen and "1 asleep" in board.screen
        await board.press("k", "q")
        assert board.current == "004" and board.place == "board"
        await board.give("triage.start")
        assert "of 4" in board.screen


async def test_an_action_that_the_settings_name_is_asked_about(rows) -> None:
    from fdtui.core.keymap import build_keymap
    from fdtui.tui.preferences import Behaviour, Look

    gateway = Office(*rows(2))
    behaviour = Behaviour(confirm=frozenset({"approve"}))
    app = FdtuiApp(
        session_on(gateway), keymap=build_keymap(), look=Look(), behaviour=behaviour, clock=lambda: NOW
    )
    async with app.run_test(size=(120, 40)) as pilot:
        board = Driver(app, pilot)
        await board.until(lambda: app.board.is_mounted and app.session.state.loaded)
        await board.give("task.actions")
        await board.until(lambda: board.is_covered)
        await board.press("1")
        assert "Approve: Task 0?" in board.screen
        await board.press("n")
        assert gateway.started == []
        await board.give("task.actions")
        await board.until(lambda: board.is_covered)
        await board.press("1", "y")
        await board.until(lambda: gateway.started)


async def test_what_an_earlier_run_left_is_shown_at_the_start(rows) -> None:
    from fdtui.core.job import Run
    from fdtui.sync.storage.protocols import MemoryRunBook

    book, gateway = MemoryRunBook(), Office(*rows(2))
    book.save(Run(7, "w", "001", "001", "Task 1", "a1", "Approve", None, NOW - 700, "e1", "Pending"))

    async def connect() -> Board:
        return gateway

    session = Session(connect, SessionOptions(every=3600), clock=lambda: NOW, runs=book)
    session.recall()
    async with running(session) as board:
        assert "⟳ 1 running" in board.screen and "Executions 1" in board.screen
        await board.give("pane.next")
        assert "Still running" in board.screen


async def test_its_key_closes_the_pane_whoever_opened_it(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway), (100, 30)) as board:
        board.session.run_action("001", Action("a1", "Approve"))
        await board.until(lambda: board.is_work_open)
        await board.give("runs.toggle")  # an execution opened it
        assert not board.is_work_open and board.place == "board"
        await board.give("runs.toggle")  # the user opens it
        assert board.place == "runs"
        await board.give("app.cancel")
        assert board.is_work_open and board.place == "board"
        await board.give("runs.toggle")  # it is to be seen, though the board has the keys
        assert not board.is_work_open


async def test_an_action_on_the_selection_runs_only_where_it_is_offered(rows) -> None:
    gateway = Few(*rows(6))
    async with running(session_on(gateway), (120, 40)) as board:
        await board.give("task.select-column", "task.actions")
        await board.until(lambda: "Run on 6 tasks" in board.screen)
        assert "4 of 6" in board.screen
        await board.press("2")
        assert "Send back: 4 tasks?" in board.screen and "2 do not offer it" in board.screen
        await board.press("y")
        await board.until(lambda: len(gateway.started) == 4)
        await board.until(lambda: "⟳ 4 running" in board.screen and "Executions 4" in board.screen)
        gateway.answers = [Execution("e", "Success")] * 3 + [Execution("e", "Fail", ("no",))]
        await board.until(lambda: "Send back on 4 tasks: 3 done, 1 not." in board.said)
        assert {uid for uid, _, _ in gateway.started} == {"002", "003", "004", "005"}


async def test_a_batch_of_actions_is_stopped(rows) -> None:
    gateway = Office(*rows(30))
    gateway.hold("start_execution")
    async with running(session_on(gateway), (120, 40)) as board:
        await board.give("task.select-column", "task.actions")
        await board.until(lambda: "Run on 30 tasks" in board.screen)
        await board.press("1", "y")
        await board.until(lambda: len(gateway.started) == 4)
        await board.give("board.stop")
        assert "Cancelled 26" in board.said
        gateway._holding.clear()
        for _ in range(4):
            gateway.release("start_execution")
        await board.settle()
        assert len(gateway.started) == 4
