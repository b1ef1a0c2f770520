"""What a state shows, made out of what the one before it did, is what one would make of it anew."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fdtui.core import events
from fdtui.core.intents import CreateTask, DeleteTask, Intent, MoveTask, Pending, SetFields
from fdtui.core.schema import Field, FieldType, Schema, Stage
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap, differing
from fdtui.core.update import update

SCHEMA = Schema((Stage("A"), Stage("B")), (Field("ID", FieldType.UNIQUE_ID), Field("Title")))
KEYS = st.sampled_from("abcdefgh")
INTENTS: st.SearchStrategy[Intent] = st.one_of(
    st.builds(MoveTask, KEYS, st.sampled_from("AB")),
    st.builds(lambda key, text: SetFields(key, (("Title", text),)), KEYS, st.sampled_from("xy")),
    st.builds(DeleteTask, KEYS),
    st.builds(
        lambda key: CreateTask(key, (("ID", key), ("Stage", "A"))), st.sampled_from(("\0n", "\0m"))
    ),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("do"), INTENTS),
        st.tuples(st.just("confirm"), st.integers(0, 5)),
        st.tuples(st.just("refuse"), st.integers(0, 5)),
        st.tuples(st.just("hear"), KEYS),
        st.tuples(st.just("gone"), KEYS),
        st.tuples(st.just("save"), st.none()),
        st.tuples(st.just("draw"), st.none()),
    ),
    max_size=14,
)


def task(key: str, stage: str = "A") -> Task:
    return Task(key, key, {"ID": key, "Stage": stage, "Title": key})


def stepped(state: State, what: str, value: object, count: int) -> State:
    """The next state."""
    waiting = (
        state.pending[int(value) % len(state.pending)] if type(value) is int and state.pending else None
    )
    event: events.Event | None = None
    if what == "do":
        event = events.Queued(Pending(count, value))  # type: ignore[arg-type]
    elif what == "confirm" and waiting is not None:
        is_new = isinstance(waiting.intent, CreateTask)
        made = task(f"made {count}") if is_new else state.shown.get(waiting.key)
        event = events.Confirmed(waiting.ticket, made, count)
    elif what == "refuse" and waiting is not None:
        event = events.Refused(waiting.ticket, "why")
    elif what == "hear":
        event = events.Changed({str(value): task(str(value), "B")}, (), count)
    elif what == "gone":
        event = events.Changed({}, (str(value),), count)
    elif what == "save":
        event = events.Saved(frozenset(each.ticket for each in state.pending))
    return state if event is None else update(state, event)


@given(STEPS, st.booleans())
def test_what_is_shown_is_base_and_pending(steps: list[tuple[str, object]], is_packed: bool) -> None:
    first = {key: task(key) for key in "abcde"}
    base = TaskMap.packed(first) if is_packed else TaskMap(first)
    state = State(schema=SCHEMA, base=base, loaded=True)
    drawn = state
    for count, (what, value) in enumerate(steps):
        state = stepped(state, what, value, count)
        if what == "draw":
            shown, anew = state.shown, replace(state).shown
            assert list(shown.items()) == list(anew.items())
            for key in shown.keys() | drawn.shown.keys():
                if key not in differing(drawn.shown, shown):
                    assert shown.get(key) is drawn.shown.get(key)
            drawn = state
    assert list(state.shown.items()) == list(replace(state).shown.items())


def test_one_of_many_that_wait_costs_only_itself() -> None:
    """Its task alone is another object, however long the queue is."""
    base = TaskMap.packed({str(n): task(str(n)) for n in range(300)})
    queue = tuple(Pending(n, MoveTask(str(n), "B"), saved=True) for n in range(200))
    state = State(schema=SCHEMA, base=base, pending=queue, loaded=True)
    before = {key: state.shown[key] for key in state.shown}
    answered = update(state, events.Confirmed(7, task("7", "B"), 1))
    queued = update(answered, events.Queued(Pending(900, MoveTask("250", "B"))))
    assert set(differing(state.shown, queued.shown)) == {"7", "250"}
    assert all(queued.shown[key] is each for key, each in before.items() if key not in {"7", "250"})


def test_what_earlier_runs_left_is_put_on_the_board_at_once() -> None:
    base = TaskMap({key: task(key) for key in "abc"})
    first = Pending(1, MoveTask("c", "B"))
    state = State(schema=SCHEMA, base=base, pending=(first,), refused={"a": "why", "c": "why"})
    found = (Pending(2, MoveTask("a", "B")), Pending(3, SetFields("a", (("Title", "x"),))))
    after = update(state, events.Recollected(found))
    assert after.pending == (first, *found)
    assert dict(after.refused) == {"c": "why"}
    assert [each.stage for each in after.shown.values()] == ["B", "A", "B"]
