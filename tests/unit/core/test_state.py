from dataclasses import replace

from fdtui.core import events
from fdtui.core.board import View, counts, neighbour
from fdtui.core.commands import why_not, why_not_intent
from fdtui.core.intents import AssignTask, MoveTask, Pending
from fdtui.core.query import Setting, read, understand
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage, WorkflowRef
from fdtui.core.sorting import columns
from fdtui.core.state import ConnectionState, Mark, State
from fdtui.core.task import SAME_ID, tasks_from_rows
from fdtui.core.update import update

SCHEMA = Schema(
    (Stage("To do", False), Stage("Doing", False), Stage("Done", True)),
    (Field("ID", FieldType.UNIQUE_ID), Field("Name"), Field("Price", FieldType.CURRENCY)),
    (Person("ada@example.com", "Ada", "Lovelace"),),
)


PLAIN = View()


def row(uid: str | None, stage: str = "To do", **more: object) -> dict[str, object]:
    return {
        "Stage": stage,
        "Assigned To": None,
        "Task URL": "",
        "ID": uid,
        "Name": f"Task {uid}",
        **more,
    }


def board(*rows: dict[str, object]) -> State:
    state = update(State(), events.WorkflowOpened(WorkflowRef("w", "W")))
    state = update(state, events.SchemaLearned(SCHEMA))
    return update(state, events.Fetched(tasks_from_rows(rows, "ID"), 0))


def shown(state: State, view: View = PLAIN) -> dict[str, list[str]]:
    return {c.stage.name: [t.key for t in c.tasks] for c in columns(state, view)}


def test_a_move_is_seen_at_once_and_a_refusal_puts_the_card_back() -> None:
    state = board(row("1"), row("2"))
    state = update(state, events.Queued(Pending(1, MoveTask("1", "Doing"))))
    assert shown(state) == {"To do": ["2"], "Doing": ["1"], "Done": []}
    assert state.mark(state.shown["1"]) is Mark.WAITING
    state = update(state, events.Refused(1, "It is locked."))
    assert shown(state)["To do"] == ["1", "2"]
    assert state.mark(state.shown["1"]) is Mark.REFUSED
    assert state.refused == {"1": "It is locked."}
    assert update(state, events.Acknowledged("1")).refused == {}


def test_several_intents_about_one_task_add_up_in_order() -> None:
    state = board(row("1"))
    for ticket, intent in enumerate(
        (MoveTask("1", "Doing"), AssignTask("1", "ada@example.com"), MoveTask("1", "Done"))
    ):
        state = update(state, events.Queued(Pending(ticket, intent)))
    assert (state.shown["1"].stage, state.shown["1"].assignee) == ("Done", "ada@example.com")
    state = update(state, events.Refused(2, "no"))
    assert (state.shown["1"].stage, state.shown["1"].assignee) == ("Doing", "ada@example.com")


def test_the_same_answer_is_no_change() -> None:
    state = board(row("1"), row("2"))
    again = events.Fetched(tasks_from_rows([row("1"), row("2")], "ID"), 0)
    assert update(state, again) is state
    other = update(state, events.Fetched(tasks_from_rows([row("1"), row("2", "Done")], "ID"), 0))
    assert other.base["1"] is state.base["1"]


def test_an_answer_asked_for_before_a_write_does_not_undo_it() -> None:
    state = board(row("1"))
    state = update(state, events.Queued(Pending(1, MoveTask("1", "Doing"))))
    moved = tasks_from_rows([row("1", "Doing")], "ID")["1"]
    state = update(state, events.Confirmed(1, moved, write=1))
    state = update(state, events.Fetched(tasks_from_rows([row("1")], "ID"), asked=0))
    assert state.shown["1"].stage == "Doing"
    state = update(state, events.Fetched(tasks_from_rows([row("1")], "ID"), asked=1))
    assert state.shown["1"].stage == "To do"


def test_two_tasks_of_one_id_are_both_shown_and_neither_can_be_changed() -> None:
    state = board(row("1"), row("1", "Done"), row("2"))
    assert sum(len(keys) for keys in shown(state).values()) == 3
    assert [task.problem for task in state.shown.values()] == [SAME_ID, SAME_ID, ""]
    assert why_not_intent(state, MoveTask("1", "Done")) == SAME_ID


def test_a_task_without_an_id_is_shown_and_cannot_be_changed() -> None:
    state = board(row(None), row(""), row(".."))
    assert len(state.shown) == 3
    assert all(why_not(state, "task.move", task) for task in state.shown.values())


def test_a_workflow_without_a_unique_id_can_only_be_read() -> None:
    state = replace(board(row("1")), schema=Schema(SCHEMA.stages, (Field("Name"),)))
    assert "no unique-id field" in why_not(state, "task.move-next", state.shown["1"])
    assert why_not(state, "task.open", state.shown["1"]) == ""


def test_tasks_in_a_stage_that_the_workflow_does_not_list_have_a_column() -> None:
    state = board(row("1"), row("2", "Limbo"))
    made = columns(state, View())
    assert [(c.stage.name, c.known) for c in made][-1] == ("Limbo", False)
    assert why_not_intent(state, MoveTask("1", "Limbo"))
    assert not why_not_intent(state, MoveTask("2", "Doing"))


def test_end_stages_can_be_hidden() -> None:
    state = board(row("1", "Done"), row("2"))
    assert list(shown(state, View(hide_end=True))) == ["To do", "Doing"]


def filtered(state: State, text: str) -> View:
    return View(passes=understand(read(text), Setting(state.schema)).passes)


def test_the_filter_finds_every_word_in_any_field() -> None:
    state = board(row("1", Price="10000.00"), row("2", **{"Assigned To": "ada@example.com"}), row("3"))
    for text, keys in {
        "task": ["1", "2", "3"],
        "$10,000": ["1"],
        "10000.00": ["1"],
        "LOVELACE task": ["2"],
        "task 9": [],
    }.items():
        assert shown(state, filtered(state, text))["To do"] == keys, text
    assert counts(columns(state, filtered(state, "$10"))) == (1, 3)


def test_the_neighbouring_stage() -> None:
    state = board(row("1"))
    assert neighbour(state, "To do", 1) == "Doing"
    assert neighbour(state, "To do", -1) is None
    assert neighbour(state, "Done", 1) is None
    assert neighbour(state, "Limbo", 1) is None


def test_the_link_keeps_the_moment_at_which_it_changed() -> None:
    state = update(board(), events.ConnectionChanged(ConnectionState.LIVE, 1.0))
    state = update(state, events.ConnectionChanged(ConnectionState.OFFLINE, 2.0, "refused"))
    state = update(state, events.ConnectionChanged(ConnectionState.OFFLINE, 3.0, "timed out"))
    assert (state.connection_since, state.connection_reason) == (2.0, "timed out")
    assert update(state, events.ConnectionChanged(ConnectionState.OFFLINE, 4.0, "timed out")) is state


def test_a_waiting_change_stays_over_a_fetched_board() -> None:
    state = board(row("1"))
    state = update(state, events.Queued(Pending(1, MoveTask("1", "Doing"))))
    state = update(state, events.Fetched(tasks_from_rows([row("1"), row("2")], "ID"), 0))
    assert shown(state)["Doing"] == ["1"]
