"""The columns that are kept from state to state are those that one would make of each state anew."""

from collections.abc import Callable, Iterable
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.board import Column, ColumnCards, View
from fdtui.core.frozen import replace
from fdtui.core.grouping import CardGroup, GroupOrder, group_of
from fdtui.core.ordering import RowOrder
from fdtui.core.schema import Field, FieldType, Schema, Stage
from fdtui.core.search import CardReader, is_found, words_of
from fdtui.core.sort_terms import read_sort, sort_keys
from fdtui.core.sorting import BoardSorter
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskChanges, TaskMap

KIND = Field("Kind", FieldType.SINGLE_SELECT, options=("x", "q"))
POINTS = Field("Points", FieldType.NUMBER)
SCHEMA = Schema(
    (Stage("A"), Stage("B"), Stage("Z", end=True)),
    (Field("ID", FieldType.UNIQUE_ID), Field("Title"), KIND, POINTS),
)
KEYS = st.sampled_from("abcdefgh")
STAGES = st.sampled_from(("A", "B", "Z", "Elsewhere", ""))


def holding(text: str) -> Callable[[Task], bool]:
    """What passes the cards that hold all words of ``text``."""
    words, reader = words_of(text), CardReader(SCHEMA)
    return lambda task: is_found(reader.text_of(task), words)


def is_even(task: Task) -> bool:
    """A test that reads no words."""
    return ord(task.key[0]) % 2 == 0


def all_of(*tests: Callable[[Task], bool]) -> Callable[[Task], bool]:
    return lambda task: all(test(task) for test in tests)


FILTERS = [
    View(),
    *(View(passes=holding(text)) for text in ("a", "b x", "q")),
    *(View(passes=holding(text), words=words_of(text)) for text in ("a", "b x", "q")),
    *(
        View(passes=all_of(holding(text), is_even), words=words_of(text), rest=is_even)
        for text in ("a", "x")
    ),
]
ORDERS = [
    None,
    *(
        RowOrder(sort_keys(read_sort(text), SCHEMA.fields), SCHEMA)
        for text in ("title", "title desc", "title, id desc")
    ),
    GroupOrder(KIND, (), SCHEMA),
    GroupOrder(KIND, sort_keys(read_sort("id desc"), SCHEMA.fields), SCHEMA, POINTS),
]
VIEWS = st.builds(
    lambda view, hide_end, order: replace(view, hide_end=hide_end, order=order),
    st.sampled_from(FILTERS),
    st.booleans(),
    st.sampled_from(ORDERS),
)
STEPS = st.lists(
    st.tuples(
        st.lists(st.tuples(KEYS, STAGES, st.sampled_from("xyq"))),
        st.frozensets(KEYS),
        VIEWS,
        st.booleans(),
    ),
    max_size=8,
)


def made(key: str, stage: str, text: str) -> Task:
    """A task; of the texts, one is an option of its kind no more, and one says none."""
    kind = {"q": None, "y": "gone"}.get(text, text)
    row = {"ID": key, "Stage": stage, "Title": text, "Kind": kind, "Points": ord(key) / 4}
    return Task(key, key, row)


def made_anew(state: State, view: View) -> tuple[Column, ...]:
    """As plainly as it can be said."""
    cards: dict[str, list[Task]] = {stage.name: [] for stage in SCHEMA.stages}
    for each in state.shown.values():
        cards.setdefault(each.stage, []).append(each)
    if (order := view.order) is not None:
        cards = {
            name: sorted(tasks, key=lambda each: order.of(each.row)) for name, tasks in cards.items()
        }
    ends = {"Z"} if view.hide_end else set()
    return tuple(
        Column(
            SCHEMA.stage(name) or Stage(name),
            ColumnCards.of(each for each in tasks if view.passes is None or view.passes(each)),
            len(tasks),
            SCHEMA.stage(name) is not None,
        )
        for name, tasks in cards.items()
        if name not in ends
    )


def sections_of(cards: Iterable[Task], order: RowOrder | None) -> list[tuple[CardGroup, int, float]]:
    """The groups of cards that are in order: each with its size and the sum of its points."""
    if not isinstance(order, GroupOrder):
        return []
    made = []
    for group, same in groupby(cards, lambda task: group_of(KIND, task.row.get("Kind"), SCHEMA)):
        points = [float(str(task.row["Points"])) for task in same]
        made.append((group, len(points), sum(points) if order.summed else 0.0))
    return made


@given(STEPS, st.integers(1, 5), st.booleans())
def test_kept_columns_are_as_those_made_anew(
    steps: list[tuple[list[tuple[str, str, str]], frozenset[str], View, bool]],
    slice_: int,
    is_packed: bool,
) -> None:
    first = {key: made(key, "A", "x") for key in "hdb"}
    sorter, tasks = BoardSorter(), TaskMap.packed(first) if is_packed else TaskMap()
    for fresh, gone, view, is_whole in steps:
        edited = TaskChanges(tasks)
        for key in gone:
            edited.drop(key)
        for key, stage, text in fresh:
            edited.put(made(key, stage, text))
        tasks = edited.result
        state = State(schema=SCHEMA, base=tasks, loaded=True)
        sorter.columns(state, view)
        sorter.search(slice_)
        sorter.sort(slice_)
        if is_whole:
            while sorter.is_sorting:
                sorter.sort(slice_)
            while sorter.is_searching:
                sorter.search(slice_)
            columns = sorter.columns(state, view)
            assert columns == made_anew(state, view)
            for column in columns:
                told = [(each.group, len(each), each.total) for each in column.tasks.sections]
                assert told == sections_of(column.tasks, view.order)


def test_a_column_that_did_not_change_is_the_same_object() -> None:
    tasks = TaskMap({str(n): Task(str(n), str(n), {"Stage": "AB"[n % 2]}) for n in range(10)})
    sorter = BoardSorter()
    first, second, _ = sorter.columns(State(schema=SCHEMA, base=tasks), View())
    after = State(schema=SCHEMA, base=tasks.with_changes({"0": Task("0", "0", {"Stage": "Z"})}))
    left, same, right = sorter.columns(after, View())
    assert same.tasks is second.tasks
    assert list(left.tasks) == list(first.tasks[1:])
    assert [each.key for each in right.tasks] == ["0"]


def test_a_filter_finds_the_top_of_each_column_first() -> None:
    tasks = TaskMap({str(n): Task(str(n), str(n), {"Stage": "AB"[n > 500]}) for n in range(1000)})
    sorter, state, view = BoardSorter(), State(schema=SCHEMA, base=tasks), View(passes=holding("b"))
    sorter.columns(state, view)
    sorter.search(200)
    assert sorter.is_searching
    assert [each.key for each in sorter.columns(state, view)[1].tasks[:3]] == ["501", "502", "503"]
    sorter.search()
    assert not sorter.is_searching
    assert [len(each.tasks) for each in sorter.columns(state, view)] == [0, 499, 0]


def test_until_an_order_is_through_the_cards_stand_as_before() -> None:
    def listed(titles: str) -> TaskMap:
        return TaskMap.packed(
            {
                key: Task(key, key, {"ID": key, "Stage": "A", "Title": title})
                for key, title in zip("abc", titles, strict=True)
            }
        )

    def shown(tasks: TaskMap) -> list[str]:
        columns = sorter.columns(State(schema=SCHEMA, base=tasks, loaded=True), view)
        return [each.key for each in columns[0].tasks]

    sorter, first, second = BoardSorter(), listed("231"), listed("132")
    view = View(order=RowOrder(sort_keys(read_sort("title"), SCHEMA.fields), SCHEMA))
    assert shown(first) == ["a", "b", "c"]
    sorter.sort()
    assert shown(first) == ["c", "a", "b"]
    assert shown(second) == ["c", "a", "b"], "another listing, which is not sorted yet"
    sorter.sort()
    assert shown(second) == ["a", "c", "b"]
