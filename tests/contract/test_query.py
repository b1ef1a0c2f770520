"""``?q=``: lists of tasks by the filter language, beside the filters that Flowdash documents."""

import httpx
import pytest

from fdtui.server.store import Store
from fdtui.server.store.keys import create_key
from tests.contract.conftest import NOW, TASKS, put_workflow, serving

ADA = {"Performed-By": "ada@example.com"}


def said(answer: httpx.Response) -> list[str]:
    """What is wrong with the query."""
    told: list[str] = answer.json()["errors"]["q"]
    return told


async def ids(api: httpx.AsyncClient, q: str, path: str = TASKS, **more: str) -> list[str]:
    answer = await api.get(path, params={"q": q, **more}, headers=ADA)
    assert answer.status_code == 200, answer.text
    return [row["Company ID"] for row in answer.json()]


async def test_a_query_takes_what_the_board_would_show(api: httpx.AsyncClient) -> None:
    everything = (await api.get(TASKS)).json()
    for q, holds in {
        "": lambda row: True,
        'stage:"In Progress"': lambda row: row["Stage"] == "In Progress",
        "-stage:done id:42,43": lambda row: row["Company ID"] in ("42", "43"),
        "me or id:42": lambda row: row["Assigned To"] == "ada@example.com" or row["Company ID"] == "42",
        "assignee:none": lambda row: row["Assigned To"] is None,
        "acme corp": lambda row: row["Company ID"] == "42",
    }.items():
        expected = [row["Company ID"] for row in everything if holds(row)]
        assert expected and await ids(api, q) == expected, q


async def test_it_goes_with_the_other_filters_and_with_parts(api: httpx.AsyncClient) -> None:
    both = await ids(api, "-late or late", Stage="In Progress")
    assert both == [row["Company ID"] for row in (await api.get(f"{TASKS}?Stage=In+Progress")).json()]
    assert "Done" not in {row["Stage"] for row in (await api.get(f"{TASKS}/active?q=-zzz")).json()}
    first = await api.get(TASKS, params={"q": "-stage:done", "limit": "2"})
    assert len(first.json()) == 2
    more = await api.get(
        TASKS, params={"q": "-stage:done", "limit": "100", "cursor": first.headers["next-cursor"]}
    )
    parts = {row["Company ID"] for row in (*first.json(), *more.json())}
    assert parts == set(await ids(api, "-stage:done"))


@pytest.mark.parametrize(
    ("q", "says"),
    [
        ("stge:done", "There is no field “stge” (column 1). Did you mean “Stage”?"),
        ("id:42 stage:don", "“don” is no stage (column 13). Did you mean “Done”?"),
        ('stage:"Done', 'A quotation mark is open (column 7). Close it with another ".'),
        ("stage:", "A value is missing (column 7). For no value write none."),
        ("(42", "A bracket is open (column 1). Close it with )."),
        ("close<soon", "“soon” is no day (column 7)."),
        ("x" * 10_001, "The filter is too long (column 10001)."),
    ],
    ids=["field", "stage", "quote", "value", "bracket", "day", "length"],
)
async def test_a_query_that_means_nothing_is_refused_with_its_column(
    api: httpx.AsyncClient, q: str, says: str
) -> None:
    answer = await api.get(TASKS, params={"q": q})
    assert answer.status_code == 422
    (told,) = said(answer)
    assert told.startswith(says)


async def test_each_mistake_is_named(api: httpx.AsyncClient) -> None:
    answer = await api.get(TASKS, params={"q": "stge:done close<soon"})
    assert [each.split(")")[0][-1:] for each in said(answer)] == ["1", "7"]


async def test_who_asks_must_be_said_and_nobody_gets_the_list_of_another(api: httpx.AsyncClient) -> None:
    nobody = await api.get(TASKS, params={"q": "assignee:me"})
    assert nobody.status_code == 422 and "Performed-By" in nobody.text
    lists = {}
    for who in ("ada@example.com", "grace@example.com"):
        answer = await api.get(TASKS, params={"q": "me"}, headers={"Performed-By": who})
        lists[who] = answer
        assert {row["Assigned To"] for row in answer.json()} == {who}
    tag = lists["ada@example.com"].headers["etag"]
    again = await api.get(
        TASKS, params={"q": "me"}, headers={"Performed-By": "grace@example.com", "If-None-Match": tag}
    )
    assert again.status_code == 200 and again.json() == lists["grace@example.com"].json()


async def test_a_field_of_that_name_is_a_filter_as_any_other(store: Store) -> None:
    put_workflow(
        store,
        """
        id = "qUe5ti"
        name = "Questions"
        stages = [{ name = "Open" }]
        fields = [{ id = "qId", name = "ID", type = "uniqueId" }, { id = "qQ", name = "q" }]
        """,
    )
    async with serving(store) as running:
        tasks = "/workflows/qUe5ti/tasks"
        for uid, text in (("1", "stage:nowhere"), ("2", "x")):
            await running.client.post(tasks, json={"ID": uid, "q": text})
        answer = await running.client.get(tasks, params={"q": "stage:nowhere"})
        assert [row["ID"] for row in answer.json()] == ["1"]


async def test_words_find_nothing_in_what_a_key_may_not_see(
    store: Store, hogwarts: httpx.AsyncClient
) -> None:
    """A link to a workflow that the key does not know is not there, for words either."""
    houses, asks = "/workflows/hOu5es/tasks", {"q": "66"}
    await hogwarts.put(houses, json={"House ID": 2, "Wizards": [{"Wizard ID": 666}]})
    whole = (await hogwarts.get(houses, params=asks)).json()
    assert [row["House ID"] for row in whole] == [2]
    key = create_key(store, "half", now=NOW, workflows=["hOu5es"])
    half = await hogwarts.get(houses, params=asks, headers={"Authorization": f"Bearer {key}"})
    assert (half.status_code, half.json()) == (200, [])
