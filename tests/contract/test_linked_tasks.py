"""Every example of the page on linked tasks, and what it leaves open."""

from __future__ import annotations

import httpx
import pytest

HOUSES, WIZARDS, GHOSTS = (f"/workflows/{each}/tasks" for each in ("hOu5es", "wIz4rd", "gHo5ts"))
HARRY = {"Wizard ID": 1, "First Name": "Harry", "Last Name": "Potter"}
HERMIONE = {"Wizard ID": 2, "First Name": "Hermione", "Last Name": "Granger"}
RON = {"Wizard ID": 3, "First Name": "Ron", "Last Name": "Weasley"}


async def wizards_of(api: httpx.AsyncClient, house: int) -> list[int]:
    row = (await api.get(f"{HOUSES}/{house}")).json()
    return [each["Wizard ID"] for each in row["Wizards"]]


async def test_fetching_from_both_sides(hogwarts: httpx.AsyncClient) -> None:
    gryffindor, hufflepuff = (await hogwarts.get(HOUSES)).json()
    assert (gryffindor["House ID"], gryffindor["Name"]) == (1, "Gryffindor")
    assert gryffindor["Wizards"] == [HARRY, HERMIONE]
    assert hufflepuff["Wizards"] == []
    harry, _, riddle = (await hogwarts.get(WIZARDS)).json()
    assert {name: harry[name] for name in HARRY} == HARRY
    assert harry["House"] == {"House ID": 1, "Name": "Gryffindor"}
    assert riddle["House"] is None


async def test_linking_through_the_wizard(hogwarts: httpx.AsyncClient) -> None:
    answer = await hogwarts.post(WIZARDS, json={**RON, "House": {"House ID": 1}})
    assert answer.status_code == 201
    assert answer.json()["House"] == {"House ID": 1, "Name": "Gryffindor"}
    assert await wizards_of(hogwarts, 1) == [1, 2, 3]


async def test_linking_through_the_house(hogwarts: httpx.AsyncClient) -> None:
    await hogwarts.post(WIZARDS, json=RON)
    body = {
        "House ID": 1,
        "Name": "Gryffindor",
        "Wizards": [{"Wizard ID": 1}, {"Wizard ID": 2}, {"Wizard ID": 3}],
    }
    answer = await hogwarts.post(HOUSES, json=body)
    assert answer.status_code == 200
    assert answer.json()["Wizards"] == [HARRY, HERMIONE, RON]


async def test_switching_house_from_either_side(hogwarts: httpx.AsyncClient) -> None:
    await hogwarts.post(WIZARDS, json={**RON, "House": {"House ID": 1}})
    await hogwarts.post(WIZARDS, json={**RON, "House": {"House ID": 2}})
    assert (await wizards_of(hogwarts, 1), await wizards_of(hogwarts, 2)) == ([1, 2], [3])
    body = {"House ID": 2, "Name": "Hufflepuff", "Wizards": [{"Wizard ID": 3}, {"Wizard ID": 1}]}
    await hogwarts.put(HOUSES, json=body)
    assert (await wizards_of(hogwarts, 1), await wizards_of(hogwarts, 2)) == ([2], [1, 3])


async def test_null_removes_a_link(hogwarts: httpx.AsyncClient) -> None:
    body = {"Wizard ID": 666, "First Name": "Tom", "Last Name": "Riddle", "House": {"House ID": 1}}
    await hogwarts.put(WIZARDS, json=body)
    answer = await hogwarts.put(WIZARDS, json={**body, "House": None})
    assert (answer.status_code, answer.json()["House"]) == (200, None)
    body = {"House ID": 1, "Name": "Gryffindor", "Wizards": [{"Wizard ID": 2}]}
    await hogwarts.put(HOUSES, json=body)
    assert await wizards_of(hogwarts, 1) == [2]
    await hogwarts.put(HOUSES, json={**body, "Wizards": []})
    assert await wizards_of(hogwarts, 1) == []
    assert (await hogwarts.get(f"{WIZARDS}/2")).json()["House"] is None


async def test_other_properties_are_ignored(hogwarts: httpx.AsyncClient) -> None:
    body = {**RON, "House": {"House ID": "1", "Name": "Slytherin", "Whatever": 1}}
    assert (await hogwarts.post(WIZARDS, json=body)).json()["House"]["Name"] == "Gryffindor"


@pytest.mark.parametrize(
    "value",
    [[], {}, "1", 1, {"House ID": 9}, {"Name": "Gryffindor"}, {"House ID": None}, {"House ID": True}],
)
async def test_what_is_no_link(hogwarts: httpx.AsyncClient, value: object) -> None:
    answer = await hogwarts.put(WIZARDS, json={"Wizard ID": 1, "House": value, "First Name": "Larry"})
    assert (answer.status_code, answer.json()) == (422, {"errors": {"House": ["is invalid"]}})
    assert (await hogwarts.get(f"{WIZARDS}/1")).json()["First Name"] == "Harry"


@pytest.mark.parametrize("value", [None, {}, [None], [{"Wizard ID": 1}, {"Wizard ID": 77}], [[]]])
async def test_what_is_no_list_of_links(hogwarts: httpx.AsyncClient, value: object) -> None:
    answer = await hogwarts.put(HOUSES, json={"House ID": 1, "Wizards": value})
    assert (answer.status_code, answer.json()) == (422, {"errors": {"Wizards": ["is invalid"]}})
    assert await wizards_of(hogwarts, 1) == [1, 2]


async def test_a_change_that_names_no_link_leaves_them(hogwarts: httpx.AsyncClient) -> None:
    await hogwarts.put(HOUSES, json={"House ID": 1, "Name": "Lions"})
    assert await wizards_of(hogwarts, 1) == [1, 2]


async def test_a_one_to_one_link_moves_to_the_new_task(hogwarts: httpx.AsyncClient) -> None:
    await hogwarts.post(GHOSTS, json={"Ghost ID": "Nick", "Haunts": {"House ID": 1}})
    assert (await hogwarts.get(f"{HOUSES}/1")).json()["Ghost"] == {"Ghost ID": "Nick"}
    await hogwarts.put(HOUSES, json={"House ID": 2, "Ghost": {"Ghost ID": "Nick"}})
    assert (await hogwarts.get(f"{HOUSES}/1")).json()["Ghost"] is None
    assert (await hogwarts.get(f"{GHOSTS}/Nick")).json()["Haunts"]["House ID"] == 2


async def test_many_to_many_within_one_workflow(hogwarts: httpx.AsyncClient) -> None:
    await hogwarts.put(HOUSES, json={"House ID": 1, "Ally": [{"House ID": 2}]})
    two = (await hogwarts.get(f"{HOUSES}/2")).json()
    assert (two["Ally"], [each["House ID"] for each in two["Allied With"]]) == ([], [1])
    answer = await hogwarts.put(HOUSES, json={"House ID": 1, "Ally": [{"House ID": 1}]})
    assert answer.json() == {"errors": {"Ally": ["is invalid"]}}


async def test_deleting_unlinks(hogwarts: httpx.AsyncClient) -> None:
    await hogwarts.delete(f"{WIZARDS}/1")
    assert await wizards_of(hogwarts, 1) == [2]


async def test_a_change_over_there_changes_the_tag_here(hogwarts: httpx.AsyncClient) -> None:
    tag = (await hogwarts.get(HOUSES)).headers["etag"]
    await hogwarts.put(WIZARDS, json={"Wizard ID": 1, "Last Name": "Evans"})
    answer = await hogwarts.get(HOUSES, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.json()[0]["Wizards"][0]["Last Name"] == "Evans"


async def test_filter_by_link(hogwarts: httpx.AsyncClient) -> None:
    assert [row["Wizard ID"] for row in (await hogwarts.get(f"{WIZARDS}?House=1")).json()] == [1, 2]
    assert [row["Wizard ID"] for row in (await hogwarts.get(f"{WIZARDS}?House=")).json()] == [666]
    assert [row["House ID"] for row in (await hogwarts.get(f"{HOUSES}?Wizards=2")).json()] == [1]
