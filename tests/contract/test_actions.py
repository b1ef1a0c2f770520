"""The Actions API, and the engine behind it: real databases, real receivers."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from fdtui.server.execution.engine import Engine
from fdtui.server.execution.mail import MailServer
from fdtui.server.store import Store
from tests.contract.conftest import NOW, put_workflow, serving
from tests.unit.server.execution.receiver import Came, receiving
from tests.unit.server.execution.smtp_sink import smtp_sink

FLOW = """
id = "flow"
name = "Flow"
stages = [
    { name = "New", checklist = ["Look", "Ask"] }, { name = "Doing" }, { name = "Done", end = true },
]
fields = [
    { name = "ID", type = "uniqueId" }, { name = "Name" }, { name = "Value", type = "currency" },
    { name = "Due", type = "date" }, { name = "Email", type = "email" },
    { name = "Good?", type = "checkbox" },
]
roles = [{ name = "Boss" }, { name = "Clerk" }, { name = "Admin", admin = true }]
people = [
    { id = "uH", email = "harry@hogwarts.edu", first_name = "Harry", last_name = "Potter", role="Boss" },
    { id = "uR", email = "ron@hogwarts.edu", first_name = "Ron", last_name = "Weasley", role = "Clerk" },
    { id = "uM", email = "minerva@hogwarts.edu", first_name = "Minerva", role = "Admin" },
]
links = [{ name = "Bills", many = true, to = "bills", back = "Flow" }]
"""
BILLS = """
id = "bills"
name = "Bills"
stages = [{ name = "Open" }, { name = "Paid", end = true }]
fields = [{ name = "No", type = "uniqueId", autoincrement = true }, { name = "For" }]
"""
TASK = "/workflows/flow/tasks/1"
EXECUTIONS = "/workflows/flow/executions"


class Clock:
    """Time that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Running:
    """A server with its engine, and a client."""

    store: Store
    client: httpx.AsyncClient
    engine: Engine
    clock: Clock

    async def run(self, action: str, task: object = "1", **more: object) -> dict[str, Any]:
        """Do an action and wait for its end."""
        answer = await self.client.post(EXECUTIONS, json={"task_id": task, "action_id": action, **more})
        assert answer.status_code == 201, answer.text
        assert answer.json().keys() == {"id", "status"}
        assert answer.json()["status"] == "Pending"
        assert self.engine.settle(20)
        done: dict[str, Any] = (await self.client.get(f"{EXECUTIONS}/{answer.json()['id']}")).json()
        assert done.pop("id") == answer.json()["id"]
        return done

    async def task(self) -> dict[str, Any]:
        row: dict[str, Any] = (await self.client.get(TASK)).json()
        return row


@contextmanager
def engine(store: Store, clock: Clock, **options: Any) -> Iterator[Engine]:
    started = Engine(store, clock, poll=60, **options)
    started.start()
    try:
        yield started
    finally:
        started.stop()
    names = {thread.name for thread in threading.enumerate()}
    assert "fdtui-engine" not in names


@asynccontextmanager
async def flow(store: Store, actions: str, **options: Any) -> AsyncIterator[Running]:
    put_workflow(store, FLOW + actions)
    put_workflow(store, BILLS)
    clock = Clock()
    with engine(store, clock, **options) as running:
        async with serving(store, wake=running.wake) as served:
            body = {"ID": "1", "Name": "Acme", "Value": "10000"}
            assert (await served.client.post("/workflows/flow/tasks", json=body)).status_code == 201
            yield Running(store, served.client, running, clock)


def action(*steps: str, more: str = "", id_: str = "act") -> str:
    written = [f'[[actions]]\nid = "{id_}"\nname = "Name of {id_}"\n{more}']
    written += [f"[[actions.steps]]\n{step}" for step in steps]
    return "\n".join(written) + "\n"


def call(url: str, more: str = "") -> str:
    return f'kind = "call"\nurl = "{url}"\n{more}'


MOVE = 'kind = "move"\nstage = "Done"'


async def test_actions_are_offered_by_stage(store: Store) -> None:
    more = action(MOVE, id_="a") + action(MOVE, id_="b", more='stages = ["Done"]')
    async with flow(store, more) as running:
        answer = await running.client.get(f"{TASK}/actions")
        assert answer.json() == [{"id": "a", "name": "Name of a"}]
        await running.run("a")
        answer = await running.client.get(f"{TASK}/actions")
        assert [each["id"] for each in answer.json()] == ["a", "b"]
        assert (await running.client.get("/workflows/flow/tasks/nope/actions")).status_code == 404


async def test_an_action_tells_the_question_it_has(store: Store) -> None:
    asking = action('kind = "delete"', id_="a", more='confirm = "Delete for good?"')
    async with flow(store, asking + action(MOVE, id_="b", more='confirm = " "')) as running:
        first, second = (await running.client.get(f"{TASK}/actions")).json()
        assert first == {"id": "a", "name": "Name of a", "confirm": "Delete for good?"}
        assert second == {"id": "b", "name": "Name of b"}
        assert (await running.run("a"))["status"] == "Success"  # told to clients, never enforced


REQUIRING = 'required = ["Name"]\nchecklist = true\nassigned = true\n' + (
    '[[actions.conditions]]\nwhen = "name~honorable"\nmessage = "Name must include honorable prefix"\n'
)


async def test_the_documented_sentences(store: Store) -> None:
    async with flow(store, action(MOVE, more=REQUIRING)) as running:
        await running.client.put(TASK, json={"Name": None})
        body = {"task_id": "1", "action_id": "act", "performed_by": "harry@hogwarts.edu"}
        answer = await running.client.post(EXECUTIONS, json=body)
        assert answer.status_code == 422
        assert answer.json() == {
            "status": "Fail",
            "errors": [
                "Name is required",
                "Checklist must be completed",
                "Must be assigned",
                "Name must include honorable prefix",
            ],
        }
        assert (await running.client.get(EXECUTIONS)).json() == []
        changes = {"Name": "The honorable Acme", "Assigned To": "ron@hogwarts.edu"}
        await running.client.put(TASK, json=changes)
        for item in (await running.client.get(f"{TASK}/checklist_items")).json():
            path = f"{TASK}/checklist_items/{item['id']}"
            await running.client.put(path, json={"status": "Skipped"})
        assert await running.run("act", performed_by="harry@hogwarts.edu") == {"status": "Success"}


@pytest.mark.parametrize(
    ("email", "status", "says"),
    [
        ("harry@hogwarts.edu", 201, None),
        ("minerva@hogwarts.edu", 201, None),
        ("ron@hogwarts.edu", 403, "Ron Weasley has no permission for Name of act"),
        ("tom@hogwarts.edu", 403, "tom@hogwarts.edu is not a user of this workflow"),
        (None, 201, None),
    ],
)
async def test_who_may(store: Store, email: str | None, status: int, says: str | None) -> None:
    async with flow(store, action(MOVE, more='roles = ["Boss"]')) as running:
        body = {"task_id": "1", "action_id": "act", "performed_by": email}
        answer = await running.client.post(EXECUTIONS, json=body)
        assert answer.status_code == status
        if says:
            assert answer.json() == {"status": "Fail", "errors": [says]}


async def test_what_cannot_be_asked_for(store: Store) -> None:
    async with flow(store, action(MOVE, more='stages = ["Doing"]')) as running:

        async def ask(**body: object) -> tuple[int, Any]:
            answer = await running.client.post(EXECUTIONS, json=body)
            return answer.status_code, answer.json()

        assert await ask(task_id="1", action_id="act") == (
            422,
            {"status": "Fail", "errors": ["Name of act is not available at the stage New"]},
        )
        assert (await ask(task_id="2", action_id="act"))[0] == 404
        assert (await ask(task_id="1", action_id="nope"))[0] == 404
        assert await ask() == (
            422,
            {"errors": {"task_id": ["is required"], "action_id": ["is required"]}},
        )
        assert await ask(task_id=[1], action_id="act") == (422, {"errors": {"task_id": ["is invalid"]}})
        assert await ask(task_id="1", action_id="act", id="mine") == (
            422,
            {"errors": {"id": ["is not a field of this workflow"]}},
        )
        assert (await ask(task_id="1", action_id="act", performed_by=3))[0] == 422
        for id_ in ("nope", "%00", "'%20OR%20''='", "%ED%A0%80"):
            status = (await running.client.get(f"{EXECUTIONS}/{id_}")).status_code
            assert status == (400 if id_.startswith("%ED") else 404)
            status = (await running.client.get(f"{TASK}/checklist_items/{id_}")).status_code
            assert status == (400 if id_.startswith("%ED") else 404)
        assert (await running.client.get(f"{EXECUTIONS}?task_id=%00")).json() == []
        assert (await ask(task_id="\0", action_id="act"))[0] == 422
        assert (await ask(task_id="1", action_id="\0"))[0] == 404
        assert (await ask(task_id="1", action_id="act", performed_by="\0"))[0] == 403


async def test_steps_that_change_the_task(store: Store) -> None:
    steps = (
        'kind = "assign"\nto = "{{user.email}}"',
        'kind = "update"\nfields = { Name = "{{Name}}, {{Value}}, {{user.name}}, {{today}}, {{Stage}}",'
        ' "Good?" = true, Due = 2020-02-01, Value = "{{Value}}" }',
        MOVE,
    )
    async with flow(store, action(*steps)) as running:
        assert await running.run("act", performed_by="harry@hogwarts.edu") == {"status": "Success"}
        row = await running.task()
        assert (
            row.items()
            >= {
                "Stage": "Done",
                "Assigned To": "harry@hogwarts.edu",
                "Name": "Acme, 10000.00, Harry Potter, 2020-01-15, New",
                "Good?": True,
                "Due": "2020-02-01",
                "Value": "10000.00",
            }.items()
        )


async def test_a_task_is_addressed_by_a_number_too(store: Store) -> None:
    async with flow(store, action('kind = "delete"')) as running:
        assert await running.run("act", task=1) == {"status": "Success"}
        assert (await running.client.get(TASK)).status_code == 404


async def test_a_failing_step_keeps_the_steps_before(store: Store) -> None:
    steps = (
        'kind = "update"\nfields = { Name = "first" }',
        'kind = "update"\nfields = { Email = "{{Name}}" }',
        MOVE,
    )
    async with flow(store, action(*steps)) as running:
        assert await running.run("act") == {"status": "Fail", "errors": ["Email is invalid"]}
        row = await running.task()
        assert (row["Name"], row["Stage"]) == ("first", "New")


async def test_a_stage_change_in_days(store: Store) -> None:
    async with flow(store, action('kind = "schedule"\nstage = "Done"\ndays = 3')) as running:
        await running.run("act")
        assert (await running.task())["Stage"] == "New"
        running.clock.now += timedelta(days=3, seconds=-1)
        running.engine.wake()
        assert running.engine.settle(20)
        assert (await running.task())["Stage"] == "New"
        running.clock.now += timedelta(seconds=1)
        running.engine.wake()
        assert running.engine.settle(20)
        assert (await running.task())["Stage"] == "Done"


async def test_linked_tasks_are_created_and_updated(store: Store) -> None:
    make = action('kind = "create_linked"\nlink = "Bills"\nfields = { For = "{{Name}}" }', id_="make")
    pay = action(
        'kind = "update_linked"\nlink = "Bills"\nfields = { Stage = "Paid", For = "{{ID}}" }', id_="pay"
    )
    async with flow(store, make + pay) as running:
        for _ in range(2):
            assert await running.run("make") == {"status": "Success"}
        assert [each["For"] for each in (await running.task())["Bills"]] == ["Acme", "Acme"]
        assert await running.run("pay") == {"status": "Success"}
        bills = (await running.client.get("/workflows/bills/tasks")).json()
        assert [(each["Stage"], each["For"], each["Flow"]["ID"]) for each in bills] == [
            ("Paid", "1", "1")
        ] * 2


async def test_an_api_call_applies_the_changes_it_is_answered(store: Store) -> None:
    def answer(_: Came) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b'{"task": {"Due": "2020-02-01", "Stage": "Doing"}}'

    with receiving(answer) as receiver:
        step = call(f"{receiver.url}/hook", 'headers = { Authorization = "secret" }')
        async with flow(store, action(step), allow=receiver.allow) as running:
            done = await running.run("act", performed_by="harry@hogwarts.edu")
            assert done == {"status": "Success"}
            row = await running.task()
            assert (row["Due"], row["Stage"]) == ("2020-02-01", "Doing")
            listed = (await running.client.get(EXECUTIONS, params={"task_id": "1"})).json()
            [came] = receiver.came
            assert came.path == "/hook"
            assert came.headers["authorization"] == "secret"
            assert came.headers["content-type"] == "application/json"
            assert came.headers["idempotency-key"] == f"{listed[0]['id']}-1"
            told = json.loads(came.body)
            assert told.keys() == {"action", "user", "task"}
            assert told["action"] == "Name of act"
            assert told["user"] == {
                "id": "uH",
                "email": "harry@hogwarts.edu",
                "first_name": "Harry",
                "last_name": "Potter",
            }
            assert told["task"]["Name"] == "Acme"
            assert told["task"]["Stage"] == "New"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((500, {}, b"{}"), "The API call was answered with the status 500"),
        ((302, {"Location": "/"}, b""), "The API call was answered with the status 302"),
        ((200, {}, b'{"task": {"Stage": "Nope"}}'), "Stage is not a stage of this workflow"),
        ((200, {}, b'{"task": {"Nope": 1}}'), "Nope is not a field of this workflow"),
        ((200, {}, b'{"task": 3}'), "The API call was answered with a task that is not a JSON object"),
        ((200, {}, b"not json"), None),
        ((204, {}, b""), None),
        ((200, {}, b'{"other": 1}'), None),
    ],
)
async def test_what_an_api_call_may_answer(
    store: Store, answer: tuple[int, dict[str, str], bytes], says: str | None
) -> None:
    with receiving(lambda _: answer) as receiver:
        async with flow(store, action(call(receiver.url), MOVE), allow=receiver.allow) as running:
            done = await running.run("act")
            assert done == ({"status": "Fail", "errors": [says]} if says else {"status": "Success"})
            assert (await running.task())["Stage"] == ("New" if says else "Done")
            assert len(receiver.came) == 1


async def test_calls_cannot_reach_inside(store: Store) -> None:
    with receiving() as receiver:
        async with flow(store, action(call(receiver.url))) as running:
            done = await running.run("act")
            port = receiver.port
            says = f"The API call failed: 127.0.0.1:{port} is not a public address."
            assert done == {"status": "Fail", "errors": [says]}
            assert receiver.came == []


async def test_a_post_to_slack(store: Store) -> None:
    with receiving() as receiver:
        step = f'kind = "slack"\nurl = "{receiver.url}/services/T0"\ntext = "<b> {{{{Name}}}}"'
        async with flow(store, action(step), allow=receiver.allow) as running:
            await running.client.put(TASK, json={"Name": "<!channel> & {{Value}}"})
            assert await running.run("act") == {"status": "Success"}
            [came] = receiver.came
            assert json.loads(came.body) == {"text": "<b> &lt;!channel&gt; &amp; {{Value}}"}


async def test_an_email_is_sent_with_the_fields_filled_in(store: Store) -> None:
    step = (
        'kind = "email"\nto = "{{Email}}, b@example.com"\nsubject = "{{Name}}"\nbody = "Worth {{Value}}"'
    )
    async with smtp_sink() as sink:
        mail = MailServer("127.0.0.1", sink.port, sender="flow@example.com")
        async with flow(store, action(step), mail=mail) as running:
            changes = {"Email": "a@example.com", "Name": "Äcme\r\nBcc: evil@example.com"}
            await running.client.put(TASK, json=changes)
            answer = await running.client.post(EXECUTIONS, json={"task_id": "1", "action_id": "act"})
            letter = await sink.next()
            assert letter.sender == "flow@example.com"
            assert letter.recipients == ["a@example.com", "b@example.com"]
            assert letter.message["Subject"] == "Äcme Bcc: evil@example.com"
            assert letter.message["Bcc"] is None
            assert letter.message["Idempotency-Key"] == f"{answer.json()['id']}-1"
            assert letter.message.get_content().strip() == "Worth 10000.00"
            assert running.engine.settle(20)
            path = f"{EXECUTIONS}/{answer.json()['id']}"
            assert (await running.client.get(path)).json()["status"] == "Success"


async def test_an_email_to_nobody(store: Store) -> None:
    step = 'kind = "email"\nto = "{{Name}}"\nsubject = "x"'
    async with flow(store, action(step), mail=MailServer("127.0.0.1", 1)) as running:
        await running.client.put(TASK, json={"Name": "foo"})
        done = await running.run("act")
        assert done == {"status": "Fail", "errors": ["foo is not a valid email"]}


async def test_executions_of_one_task_go_one_after_the_other(store: Store) -> None:
    release = threading.Event()

    def hold(_: Came) -> tuple[int, dict[str, str], bytes]:
        release.wait(20)
        return 200, {}, b"{}"

    with receiving(hold) as receiver:
        actions = action(call(receiver.url), id_="slow") + action(MOVE, id_="quick")
        async with flow(store, actions, allow=receiver.allow) as running:
            await running.client.post("/workflows/flow/tasks", json={"ID": "2"})
            for task, what in (("1", "slow"), ("1", "quick"), ("2", "quick")):
                await running.client.post(EXECUTIONS, json={"task_id": task, "action_id": what})
            receiver.arrived.acquire(timeout=20)

            async def stages() -> list[str]:
                rows = (await running.client.get("/workflows/flow/tasks")).json()
                return [row["Stage"] for row in rows]

            while (await stages())[1] == "New":  # another thread does it meanwhile
                pass
            assert await stages() == ["New", "Done"]
            release.set()
            assert running.engine.settle(20)
            assert await stages() == ["Done", "Done"]


async def test_an_action_is_checked_again_when_its_turn_comes(store: Store) -> None:
    put_workflow(store, FLOW + action(MOVE, more='stages = ["New"]'))
    put_workflow(store, BILLS)
    clock = Clock()
    async with serving(store) as served:
        await served.client.post("/workflows/flow/tasks", json={"ID": "1"})
        ids = [
            (await served.client.post(EXECUTIONS, json={"task_id": "1", "action_id": "act"})).json()[
                "id"
            ]
            for _ in range(2)
        ]
        with engine(store, clock) as running:
            assert running.settle(20)
            found = [(await served.client.get(f"{EXECUTIONS}/{each}")).json() for each in ids]
            assert [each["status"] for each in found] == ["Success", "Fail"]
            assert found[1]["errors"] == ["Name of act is not available at the stage Done"]


async def test_stopping_ends_a_call_and_tells(store: Store) -> None:
    release = threading.Event()

    def hold(_: Came) -> tuple[int, dict[str, str], bytes]:
        release.wait(20)
        return 200, {}, b"{}"

    with receiving(hold) as receiver:
        actions = action(call(receiver.url), MOVE)
        async with flow(store, actions, allow=receiver.allow) as running:
            body = {"task_id": "1", "action_id": "act"}
            execution = (await running.client.post(EXECUTIONS, json=body)).json()["id"]
            receiver.arrived.acquire(timeout=20)
            running.engine.stop()
            release.set()
            done = (await running.client.get(f"{EXECUTIONS}/{execution}")).json()
            assert done["status"] == "Fail"
            assert done["errors"][0].startswith("interrupted:")
            assert (await running.task())["Stage"] == "New"


async def test_the_list_of_executions_is_ours(store: Store) -> None:
    async with flow(store, action(MOVE)) as running:
        await running.run("act", performed_by="ron@hogwarts.edu")
        [told] = (await running.client.get(EXECUTIONS, params={"task_id": "1"})).json()
        assert told.pop("id")
        assert told == {
            "status": "Success",
            "task_id": "1",
            "action": {"id": "act", "name": "Name of act"},
            "performed_by": "ron@hogwarts.edu",
            "created_at": "2020-01-15T12:00:00.000000Z",
            "finished_at": "2020-01-15T12:00:00.000000Z",
        }
        assert (await running.client.get(EXECUTIONS, params={"task_id": "2"})).json() == []
        assert (await running.client.get(EXECUTIONS, params={"taskid": "2"})).status_code == 422


async def test_what_an_execution_did_is_in_the_log_in_order(store: Store) -> None:
    steps = ('kind = "assign"\nto = "{{user.email}}"', MOVE)
    async with flow(store, action(*steps)) as running:
        await running.run("act", performed_by="ron@hogwarts.edu")
        log = (await running.client.get(f"{TASK}/activity")).json()
        assert [(each["who"], each["what"], list(each["after"])) for each in log[1:]] == [
            ("ron@hogwarts.edu", "execution.created", ["id", "action"]),
            ("ron@hogwarts.edu", "task.updated", ["Assigned To"]),
            ("ron@hogwarts.edu", "task.updated", ["Stage"]),
            ("ron@hogwarts.edu", "execution.finished", ["id", "action", "status"]),
        ]
        await running.run("act")
        log = (await running.client.get(f"{TASK}/activity")).json()
        assert {each["who"] for each in log[5:]} == {"test"}
