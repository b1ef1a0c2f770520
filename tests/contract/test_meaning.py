"""Values that are written in many ways and mean one thing: numbers, e-mails, nothing, options."""

from __future__ import annotations

import httpx
import pytest

from fdtui.server.store import Store
from tests.contract.conftest import put_workflow, serving
from tests.contract.test_actions import MOVE, action, flow

WORKFLOW = """
id = "mEan1n"
name = "Meaning"
stages = [{ name = "New" }, { name = "Done", end = true }]
fields = [
    { id = "no", name = "No", type = "uniqueId" },
    { id = "sum", name = "Sum", type = "currency" },
    { id = "cnt", name = "Count", type = "number" },
    { id = "day", name = "Day", type = "date" },
    { id = "mom", name = "Moment", type = "datetime" },
    { id = "sel", name = "Choice", type = "singleSelect", options = ["a", "b"] },
    { id = "tag", name = "Tags", type = "multipleSelect", options = ["api", "db", "ui, ux", "ui"] },
    { id = "who", name = "Owner", type = "person" },
    { id = "eml", name = "Mail", type = "email" },
    { id = "tel", name = "Phone", type = "phone" },
    { id = "url", name = "Page", type = "url" },
    { id = "txt", name = "Text" },
]
people = [{ id = "u1", email = "Ada@Example.com", first_name = "Ada" }]
"""
TASKS = "/workflows/mEan1n/tasks"


async def made(api: httpx.AsyncClient, uid: str, **values: object) -> dict[str, object]:
    answer = await api.post(TASKS, json={"No": uid, **values})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.parametrize(
    ("given", "told", "money", "number"),
    [
        ("10000.005", "10000.005", "10000.01", "10000.005"),
        (10000, "10000", "10000.00", "10000"),
        ("-0", "-0", "0.00", "0"),
        ("1e3", "1e3", "1000.00", "1000"),
        ("0010", "0010", "10.00", "10"),
        ("+5", "+5", "5.00", "5"),
        ("-0.004", "-0.004", "0.00", "-0.004"),
        ("-2.345", "-2.345", "-2.35", "-2.345"),
        (".5", ".5", "0.50", "0.5"),
        ("1.", "1.", "1.00", "1"),
        ("1E-2", "1E-2", "0.01", "0.01"),
    ],
)
async def test_a_number_is_kept_in_one_form(
    store: Store, given: object, told: str, money: str, number: str
) -> None:
    put_workflow(store, WORKFLOW)
    async with serving(store) as served:
        answer = await made(served.client, "1", Sum=given, Count=given)
        assert (answer["Sum"], answer["Count"]) == (told, told)  # the answer repeats what was given
        row = (await served.client.get(f"{TASKS}/1")).json()
        assert (row["Sum"], row["Count"]) == (money, number)


async def test_an_e_mail_is_one_whatever_its_letters(store: Store) -> None:
    put_workflow(store, WORKFLOW)
    async with serving(store) as served:
        api = served.client
        loud = "ADA@EXAMPLE.COM"
        answer = await made(api, "1", Owner=loud, Mail="Bob@Example.com", **{"Assigned To": loud})
        assert (answer["Owner"], answer["Assigned To"]) == ("Ada@Example.com", "Ada@Example.com")
        assert answer["Mail"] == "Bob@Example.com"
        for name in ("Owner", "Assigned To", "Mail"):
            text = "bob@example.COM" if name == "Mail" else "ada@example.com"
            found = (await api.get(TASKS, params={name: text})).json()
            assert [each["No"] for each in found] == ["1"], name
        item = {"title": "Call", "Stage": "New", "Assigned To": loud}
        answer = (await api.post(f"{TASKS}/1/checklist_items", json=item)).json()
        assert answer["Assigned To"] == "Ada@Example.com"


async def test_who_performs_is_known_whatever_the_letters(store: Store) -> None:
    more = action(MOVE, more='roles = ["Clerk"]')
    async with flow(store, more) as running:
        assert await running.run("act", performed_by="RON@hogwarts.EDU") == {"status": "Success"}
        log = (await running.client.get("/workflows/flow/activity")).json()
        assert {each["who"] for each in log} == {"test", "ron@hogwarts.edu"}


EMPTY = ("Sum", "Count", "Day", "Moment", "Choice", "Owner", "Mail", "Phone", "Page", "Assigned To")


async def test_an_empty_text_is_nothing_where_a_text_means_nothing(store: Store) -> None:
    put_workflow(store, WORKFLOW)
    async with serving(store) as served:
        answer = await made(served.client, "1", Text="", **dict.fromkeys(EMPTY, ""))
        assert {name: answer[name] for name in EMPTY} == dict.fromkeys(EMPTY)
        row = (await served.client.get(f"{TASKS}/1")).json()
        assert {name: row[name] for name in EMPTY} == dict.fromkeys(EMPTY)
        assert row["Text"] == ""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("api", ["1", "2"]),
        ("ui, ux", ["1", "3"]),
        ('"ui, ux"', ["1", "3"]),
        ("ui", ["4"]),
        ("api,ui, ux", ["1"]),
        ("ui, ux,api", ["1"]),
        ("db", []),
        ("ap", []),
    ],
)
async def test_one_value_inside_several_is_found(store: Store, asked: str, found: list[str]) -> None:
    put_workflow(store, WORKFLOW)
    async with serving(store) as served:
        for uid, tags in (("1", ["api", "ui, ux"]), ("2", ["api"]), ("3", ["ui, ux"]), ("4", ["ui"])):
            await made(served.client, uid, Tags=tags)
        rows = (await served.client.get(TASKS, params={"Tags": asked})).json()
        assert [each["No"] for each in rows] == found
