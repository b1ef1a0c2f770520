"""What a limited key, a reading one and a webhook URL are told of a workflow that they may not know of.

Two workflows are linked from both sides. Every name and every value of the hidden one holds `CANARY`,
and no answer to anybody who may not know of it may hold that, nor may anything of it be changed.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from fdtui.server.execution.engine import Engine
from fdtui.server.http.app import ROUTES
from fdtui.server.store import Store, tables
from fdtui.server.store.activity import MAX_ENTRIES, ActivityEntry, Actor, note_all
from fdtui.server.store.keys import create_key
from fdtui.server.visibility import ELSEWHERE, OLDER_ERROR
from tests.contract.conftest import NOW, put_workflow, serving
from tests.contract.test_actions import Clock, action, engine
from tests.contract.test_jobs import done

CANARY = "zqhidden"
MINE, HIDDEN = "hard", f"{CANARY}-flow"
TASKS, THERE = f"/workflows/{MINE}/tasks", f"/workflows/{HIDDEN}/tasks"
UID, TITLE = f"{CANARY} ID", f"{CANARY} Title"
BACK = f"{CANARY} Supplies"
"""The name that a link declared over there has here."""

ACTIONS = (
    action(
        'kind = "create_linked"\nlink = "Ticket"\n'
        f'fields = {{ "{UID}" = "{CANARY}-made-{{{{ID}}}}", "{TITLE}" = "x" }}',
        id_="make",
    )
    + action(
        f'kind = "create_linked"\nlink = "Ticket"\nfields = {{ "{UID}" = "{CANARY}-1" }}', id_="fail"
    )
    + action(
        f'kind = "update_linked"\nlink = "Ticket"\nfields = {{ "Stage" = "{CANARY} No" }}', id_="fail2"
    )
    + action('kind = "email"\nto = "{{Ticket}}"\nsubject = "x"\nbody = "y"', id_="mail")
    + action('kind = "move"\nstage = "Done"', id_="ask", more='required = ["Ticket"]\nroles = ["boss"]')
)
HARD = f"""
id = "{MINE}"
name = "Hardware"
stages = [{{ name = "New", checklist = ["Look"] }}, {{ name = "Done", end = true }}]
fields = [
    {{ id = "hId", name = "ID", type = "uniqueId" }},
    {{ id = "hNm", name = "Name" }},
    {{ id = "hFs", name = "Files", type = "file" }},
    {{ id = "hTg", name = "Tags", type = "multipleSelect", options = ["a", "b"] }},
]
links = [{{ id = "hT", name = "Ticket", to = "{HIDDEN}", back = "Device", back_many = true }}]
people = [
    {{ id = "ada", email = "ada@x.org", first_name = "Ada", last_name = "L", role = "boss" }},
    {{ id = "bob", email = "bob@x.org", first_name = "Bob", last_name = "M" }},
]
roles = [{{ id = "boss", name = "Boss" }}]
"""
SYNCS = f"""
[[syncs]]
name = "supplies"
database = "$SOURCE"
query = '''SELECT '5' AS "ID", 'x' AS "Name", '{CANARY}-1' AS "{BACK}"'''
"""
SUPP = f"""
id = "{HIDDEN}"
name = "{CANARY} Support"
stages = [{{ name = "{CANARY} Open", checklist = ["{CANARY} check"] }}, {{ name = "{CANARY} Shut" }}]
fields = [
    {{ id = "{CANARY}1", name = "{UID}", type = "uniqueId" }},
    {{ id = "{CANARY}2", name = "{TITLE}", required = true }},
    {{ id = "{CANARY}3", name = "{CANARY} Mail", type = "email" }},
    {{ id = "{CANARY}4", name = "{CANARY} Papers", type = "file" }},
    {{ id = "{CANARY}5", name = "{CANARY} Kind", type = "singleSelect", options = ["{CANARY} opt"] }},
]
people = [{{ id = "{CANARY}p", email = "{CANARY}@x.org", first_name = "{CANARY}", last_name = "P" }}]
[[links]]
id = "{CANARY}L"
name = "{CANARY} Spares"
to = "{MINE}"
back = "{BACK}"
many = true
back_many = true
"""
PAPER = {"filename": f"{CANARY}.txt", "contentType": "text/plain", "base64contents": "enFoaWRkZW4="}
KINDS: dict[str, dict[str, Any]] = {
    "mine": {"workflows": [MINE]},
    "mine, reading": {"workflows": [MINE], "read_only": True},
    "none": {"workflows": []},
    "webhook": {"workflows": [MINE], "kind": "webhook"},
}


@dataclass
class Place:
    """The server, who speaks to it, and what each was told."""

    store: Store
    client: httpx.AsyncClient
    engine: Engine
    keys: dict[str, str]
    ids: dict[str, str] = field(default_factory=dict)

    async def ask(self, kind: str, method: str, path: str, body: object = None) -> httpx.Response:
        """One request as ``kind``, whose answer holds nothing hidden."""
        headers = {"Authorization": f"Bearer {self.keys[kind]}"}
        if kind == "webhook":
            headers, path = {"Authorization": ""}, f"/workflows/{self.keys[kind]}/tasks"
            del self.client.headers["authorization"]
        answer = await self.client.request(
            method, path, json=body, headers=headers if kind != "webhook" else {}
        )
        if kind == "webhook":
            self.client.headers["authorization"] = f"Bearer {self.keys['all']}"
        sent = json.dumps(body, ensure_ascii=False) + path
        told = f"{dict(answer.headers)} {answer.text}"
        if CANARY not in sent:
            assert CANARY not in told.lower(), (kind, method, path, body, told)
        else:  # what one says oneself may be said back, once
            assert told.lower().count(CANARY) <= sent.lower().count(CANARY), (kind, path, body, told)
        return answer

    def rows(self) -> dict[str, list[Any]]:
        """Everything that is stored of the hidden workflow, and every link."""

        def work(tx: Any) -> dict[str, list[Any]]:
            theirs = select(tables.tasks.c.id).where(tables.tasks.c.workflow == HIDDEN)
            of_task = (tables.comments, tables.checklist_items, tables.blobs)
            found = {
                each.name: tx.execute(select(each).where(each.c.task.in_(theirs))).all()
                for each in of_task
            }
            for each in (
                tables.tasks,
                tables.activity,
                tables.executions,
                tables.jobs,
                tables.schedules,
            ):
                found[each.name] = tx.execute(select(each).where(each.c.workflow == HIDDEN)).all()
            columns = tables.workflows.c
            wanted = select(columns.definition, columns.next_uid).where(columns.id == HIDDEN)
            found["workflows"] = tx.execute(wanted).all()
            found["links"] = sorted(tx.execute(select(tables.links)).all())
            return found

        return self.store.read(work)


@pytest.fixture
async def place(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    source = tmp_path / f"{CANARY}.db"
    source.touch()
    monkeypatch.setenv("SOURCE", f"sqlite:///{source}")
    put_workflow(store, HARD + ACTIONS + SYNCS)
    put_workflow(store, SUPP)
    keys = {kind: create_key(store, kind, now=NOW, **more) for kind, more in KINDS.items()}
    with engine(store, Clock()) as running:
        async with serving(store, wake=running.wake) as served:
            keys["all"] = served.client.headers["authorization"].removeprefix("Bearer ")
            here = Place(store, served.client, running, keys)
            await fill(here)
            yield here


async def fill(place: Place) -> None:
    """Tasks on both sides, linked both ways, with everything that can hang on one."""
    api = place.client
    for number in "123":
        body = {
            UID: f"{CANARY}-{number}",
            TITLE: f"{CANARY} title {number}",
            f"{CANARY} Mail": f"{CANARY}@y.org",
            f"{CANARY} Papers": [PAPER],
            f"{CANARY} Kind": f"{CANARY} opt",
            "Assigned To": f"{CANARY}@x.org",
        }
        assert (await api.post(THERE, json=body)).status_code == 201
    for number in "1234":
        linked = {
            "Ticket": {UID: f"{CANARY}-1"},
            BACK: [{UID: f"{CANARY}-1"}, {UID: f"{CANARY}-2"}],
        }
        more = {} if number == "4" else linked
        answer = await api.post(
            TASKS, json={"ID": number, "Name": f"Disk {number}", "Tags": ["a"], **more}
        )
        assert answer.status_code == 201, answer.text
    assert (
        await api.put(f"{TASKS}/2", json={"Ticket": {UID: f"{CANARY}-2"}, BACK: []})
    ).status_code == 200
    there = f"{THERE}/{CANARY}-1"
    assert (await api.post(f"{there}/comments", json={"body": f"{CANARY} said"})).status_code == 201
    days = {"start_date": "2020-01-01", "end_date": "2020-01-31"}
    for flow in (MINE, HIDDEN):
        made = await api.post(f"/workflows/{flow}/analytics/exports", json=days)
        place.ids[f"export {flow}"] = made.json()["id"]
    row = (await api.get(there)).json()
    place.ids["blob"] = row[f"{CANARY} Papers"][0]["blobId"]
    assert (await api.get(f"/files/{place.ids['blob']}")).content == CANARY.encode()
    for number, name in enumerate(("fail", "fail2", "mail")):
        answer = await api.post(
            f"/workflows/{MINE}/executions", json={"task_id": str(number % 3 + 1), "action_id": name}
        )
        place.ids[name] = answer.json()["id"]
    assert place.engine.settle(20)
    for name in ("fail", "fail2", "mail"):
        answer = await api.get(f"/workflows/{MINE}/executions/{place.ids[name]}")
        assert answer.json()["status"] == "Fail", answer.text
        assert ELSEWHERE not in answer.text
    assert CANARY in (await api.get(TASKS)).text
    begun = (await api.post(f"/workflows/{MINE}/data_syncs")).json()["id"]
    ended = await done(api, f"/workflows/{MINE}/data_syncs/{begun}")
    assert (ended["status"], ended["errors"]) == ("Fail", [f"{BACK} is invalid"])
    place.ids["sync"] = begun


def bodies(template: str) -> Iterable[object]:
    """What is sent to a route: what it is for, and every way to reach over the link."""
    if template.endswith("/batch"):
        alone = [dict(each) for each in _tasks()]
        yield from ({"tasks": [each]} for each in alone)
        yield {"tasks": alone}
    elif "comments" in template:
        yield {"body": "hello"}
    elif "checklist" in template:
        yield {"title": "do", "Stage": "New"}
        yield {"title": "do", "Stage": f"{CANARY} Open", "Assigned To": f"{CANARY}@x.org"}
    elif "/tasks" in template:
        yield from _tasks()
    elif "executions" in template:
        for who in (None, "ada@x.org", "bob@x.org", f"{CANARY}@x.org"):
            yield {"task_id": "4", "action_id": "ask", "performed_by": who}
        yield {"task_id": f"{CANARY}-1", "action_id": "make"}
    elif "exports" in template:
        yield {"start_date": "2020-01-01", "end_date": "2020-01-31"}
    else:
        yield {}


def _tasks() -> Iterable[dict[str, object]]:
    names = ("Ticket", BACK, "Device", f"{CANARY} Spares")
    values: tuple[object, ...] = (
        {UID: f"{CANARY}-1"},
        {UID: f"{CANARY}-9"},
        {"ID": "1"},
        None,
        [],
        [{UID: f"{CANARY}-3"}],
        [{UID: f"{CANARY}-1", TITLE: "changed"}],
        "1",
    )
    yield {"ID": "1", "Name": "Renamed"}
    yield {"ID": "1", "Files": [{"blobId": "BLOB"}]}
    for name in names:
        for value in values:
            yield {"ID": "1", name: value}
            yield {"ID": "new", name: value}
            yield {"ID": "3", "Name": "x", name: value}


def paths(template: str, ids: dict[str, str]) -> Iterable[str]:
    """The addresses of a route: of one's own things, and of the hidden ones by their own ids."""
    for flow, uid in ((MINE, "1"), (MINE, f"{CANARY}-1"), (HIDDEN, f"{CANARY}-1"), (HIDDEN, "1")):
        for execution in ("fail", "fail2", "mail"):
            for export in (MINE, HIDDEN):
                path = template.replace("{workflow}", flow).replace("{uid}", uid)
                path = path.replace("{blob}", ids["blob"]).replace("{execution}", ids[execution])
                path = path.replace("{export}", ids[f"export {export}"])
                path = path.replace("{user}", f"{CANARY}p").replace("{item}", "no")
                yield path.replace("{sync}", ids["sync"])


QUERIES = (
    "",
    "?Ticket=",
    f"?Ticket={CANARY}-1",
    "?Ticket=1",
    f"?{BACK}=",
    f"?{BACK}={CANARY}-1",
    "?Name=Disk%201",
)


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_hidden_is_told_or_changed(place: Place, kind: str) -> None:
    before = place.rows()
    for method, template, _ in ROUTES:
        for path in dict.fromkeys(paths(template, place.ids)):
            if method == "GET" and kind != "webhook":
                queries = QUERIES if path.endswith(("/tasks", "/active")) else ("",)
                for query in queries:
                    await place.ask(kind, "GET", path + query)
                    await place.ask(kind, "HEAD", path + query)
            elif method == "DELETE" and kind != "webhook":
                await place.ask(kind, "DELETE", path.replace("/tasks/1", "/tasks/4"))
            elif method in ("POST", "PUT") and (kind != "webhook" or template.endswith("/tasks")):
                for body in bodies(template):
                    text = json.dumps(body).replace("BLOB", place.ids["blob"])
                    await place.ask(kind, method, path, json.loads(text))
    assert place.engine.settle(20)
    assert place.rows() == before


async def test_a_link_to_what_is_hidden_is_not_there(place: Place) -> None:
    row = (await place.ask("mine", "GET", f"{TASKS}/1")).json()
    assert row.keys() == {"Stage", "Assigned To", "Task URL", "ID", "Name", "Files", "Tags"}
    link = {"Ticket": {UID: f"{CANARY}-1"}}
    for body in (link, {"Ticket": None}, {BACK: []}):
        answer = await place.ask("mine", "PUT", f"{TASKS}/1", body)
        name = next(iter(body))
        assert (answer.status_code, answer.json()) == (
            422,
            {"errors": {name: ["is not a field of this workflow"]}},
        )
    answer = await place.ask(
        "mine", "PUT", f"{TASKS}/1", {**row, "Task URL": row["Task URL"], "Name": "New"}
    )
    assert answer.status_code == 422  # as it always was: an address is no value
    del row["Task URL"]
    assert (await place.ask("mine", "PUT", f"{TASKS}/1", {**row, "Name": "New"})).status_code == 200
    whole = (await place.client.get(f"{TASKS}/1")).json()
    assert whole["Ticket"][UID] == f"{CANARY}-1"
    assert [each[UID] for each in whole[BACK]] == [f"{CANARY}-1", f"{CANARY}-2"]


async def test_the_ids_of_the_log_do_not_count_what_others_do(place: Place) -> None:
    log = (await place.ask("mine", "GET", f"/workflows/{MINE}/activity")).json()
    ids = [each["id"] for each in log]
    assert len(set(ids)) == len(ids) > 5
    query = select(tables.activity.c.number)
    numbers = set(place.store.read(lambda tx: tx.execute(query).scalars().all()))
    assert not numbers & {int(each) for each in ids if str(each).isdecimal()}
    at = 3
    later = (await place.ask("mine", "GET", f"/workflows/{MINE}/activity?since={ids[at]}")).json()
    assert later == log[at + 1 :]
    theirs = (await place.client.get(f"/workflows/{HIDDEN}/activity")).json()[0]["id"]
    for foreign in (theirs, *sorted(numbers)[:3], 0):
        answer = await place.ask("mine", "GET", f"/workflows/{MINE}/activity?since={foreign}")
        assert (answer.status_code, answer.json()) == (422, {"errors": {"since": ["is invalid"]}})


async def test_a_log_that_is_hidden_for_long_is_read_to_its_end(place: Place) -> None:
    path = f"/workflows/{MINE}/activity"
    last = (await place.ask("mine", "GET", path)).json()[-1]["id"]
    hidden = ActivityEntry(MINE, "task.updated", "x", "x", after={BACK: [f"{CANARY}-1"]})

    def work(tx: Any) -> None:
        note_all(tx, Actor("x", NOW), [hidden] * (2 * MAX_ENTRIES + 1))

    place.store.write(work)
    assert (await place.ask("mine", "GET", f"{path}?since={last}")).json() == []
    assert (await place.ask("mine", "PUT", f"{TASKS}/1", {"Name": "Seen"})).status_code == 200
    later = (await place.ask("mine", "GET", f"{path}?since={last}")).json()
    assert [each["after"] for each in later] == [{"Name": "Seen"}]


async def test_one_key_is_not_told_from_the_memory_of_another(place: Place) -> None:
    for _ in range(2):
        assert CANARY in (await place.client.get(TASKS)).text
        await place.ask("mine", "GET", TASKS)
    tag = (await place.client.get(TASKS)).headers["etag"]
    own = await place.ask("mine", "GET", TASKS)
    assert own.headers["etag"] != tag
    await place.client.put(f"{THERE}/{CANARY}-1", json={TITLE: f"{CANARY} changed"})
    again = await place.ask("mine", "GET", TASKS)
    assert again.headers["etag"] == own.headers["etag"]  # not even that something changed
    assert (await place.client.get(TASKS)).headers["etag"] != tag


async def test_an_action_may_do_what_its_author_wrote_and_tells_nothing_of_it(place: Place) -> None:
    runs = f"/workflows/{MINE}/executions"
    body = {"task_id": "4", "action_id": "ask"}
    answer = await place.ask("mine", "POST", runs, body)
    assert answer.json() == {"status": "Fail", "errors": ["Ticket is required"]}
    made = await place.ask("mine", "POST", runs, {"task_id": "4", "action_id": "make"})
    assert place.engine.settle(20)
    done = await place.ask("mine", "GET", f"{runs}/{made.json()['id']}")
    assert done.json()["status"] == "Success"
    assert (await place.client.get(f"{TASKS}/4")).json()["Ticket"][UID] == f"{CANARY}-made-4"
    assert (await place.ask("mine", "POST", runs, body)).status_code == 201  # linked, though not shown
    for name in ("fail", "fail2", "mail"):
        failed = (await place.ask("mine", "GET", f"{runs}/{place.ids[name]}")).json()
        assert (failed["status"], failed["errors"]) == ("Fail", [ELSEWHERE])
        told = (await place.client.get(f"{runs}/{place.ids[name]}")).json()["errors"]
        assert told != [ELSEWHERE]
    log = (await place.ask("mine", "GET", f"/workflows/{MINE}/activity")).json()
    assert [each["after"]["errors"] for each in log if "errors" in each["after"]] == [[ELSEWHERE]] * 3
    assert not [each for each in log if each["what"] == "task.updated" and "Ticket" in each["after"]]
    whole = (await place.client.get(f"/workflows/{MINE}/activity")).json()
    assert [each["after"]["Ticket"] for each in whole if each["after"].get("Ticket")]
    assert not [each for each in whole if "about" in each["after"]]


async def test_a_data_sync_does_what_its_author_wrote_and_tells_nothing_of_it(place: Place) -> None:
    begun = (await place.ask("mine", "POST", f"/workflows/{MINE}/data_syncs")).json()["id"]
    for job in (begun, place.ids["sync"]):
        path = f"/workflows/{MINE}/data_syncs/{job}"
        assert (await done(place.client, path))["errors"] == [f"{BACK} is invalid"]
        for kind in ("mine", "mine, reading"):
            assert (await place.ask(kind, "GET", path)).json()["errors"] == [ELSEWHERE]

    def age(tx: Any) -> None:
        tx.execute(update(tables.jobs).values(output=f"{BACK} is invalid"))

    place.store.write(age)  # as a database of an older version holds it
    assert (await place.ask("mine", "GET", path)).json()["errors"] == [OLDER_ERROR]
    assert (await place.client.get(path)).json()["errors"] == [f"{BACK} is invalid"]


async def test_what_failed_before_it_was_noted_of_whom_it_speaks_is_for_keys_of_everything(
    place: Place,
) -> None:
    """A database of an older version holds mere sentences, and may have lost the link since."""
    told = json.dumps([f"{CANARY} Title is required"])
    before = {"id": "x", "action": "Go", "status": "Fail", "errors": json.loads(told)}

    def age(tx: Any) -> None:
        failed = tables.executions.c.status == "Fail"
        tx.execute(update(tables.executions).where(failed).values(errors=told))
        finished = tables.activity.c.what == "execution.finished"
        tx.execute(update(tables.activity).where(finished).values(after=json.dumps(before)))

    place.store.write(age)
    for path in (f"/workflows/{MINE}/executions", f"/workflows/{MINE}/executions/{place.ids['fail']}"):
        answer = (await place.ask("mine", "GET", path)).json()
        failed = [
            each for each in ([answer] if isinstance(answer, dict) else answer) if "errors" in each
        ]
        assert failed and all(each["errors"] == [OLDER_ERROR] for each in failed)
        assert CANARY in (await place.client.get(path)).text
    log = (await place.ask("mine", "GET", f"/workflows/{MINE}/activity")).json()
    hidden = [each["after"]["errors"] for each in log if "errors" in each["after"]]
    assert hidden and hidden == [[OLDER_ERROR]] * len(hidden)


async def test_who_may_know_of_both_sees_both(place: Place) -> None:
    both = create_key(place.store, "both", now=NOW, workflows=[MINE, HIDDEN])
    headers = {"Authorization": f"Bearer {both}"}
    for path in (TASKS, f"{TASKS}/1", f"/workflows/{MINE}/activity"):
        ours = await place.client.get(path)
        theirs = await place.client.get(path, headers=headers)
        assert (theirs.content, theirs.headers["etag"]) == (ours.content, ours.headers["etag"])
