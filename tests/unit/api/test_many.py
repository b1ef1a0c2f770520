"""Many tasks at once: batches on our own server, one by one on any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fdtui.api import many
from fdtui.core.answers import ManyAtOnce
from fdtui.core.errors import InvalidError, NotAllowedError, UnclearError, UsageError
from fdtui.core.values import Row
from fdtui.sync.options import SessionOptions
from fdtui.wiring.embedded import embedded
from tests.bench.server import WORKFLOW
from tests.unit.api.raw_server import Opener, RawServer, answer

HERE = answer({"id": "1", "name": "Here"})
KEEPS = {"Idempotency_Kept_For": "86400"}
OURS = answer({"id": "1", "name": "Here"}, **KEEPS)


def rows(count: int) -> list[Row]:
    return [{"ID": f"T-{n}", "Title": f"Number {n}", "Amount": n} for n in range(count)]


async def test_our_server_takes_batches_and_judges_each_task(tmp_path: Path) -> None:
    from fdtui.server.store import workspace
    from fdtui.server.workflow.definition import parse

    gateway = embedded(
        f"sqlite:///{tmp_path / 'x.db'}",
        SessionOptions(),
        fill=lambda store: store.write(lambda tx: workspace.add(tx, parse(WORKFLOW))),
    )
    sent = rows(many.MAX_BATCH_TASKS + 5)
    sent[1:1] = [{"ID": "bad", "Amount": "much", "No": 1}, {"ID": "half", "Title": "\ud800"}]
    told = [each async for each in gateway.create_many("w", sent)]
    assert [each.uid for each in told if each.error is None] == [f"T-{n}" for n in range(1005)]
    refused, unsaid = told[1].error, told[2].error
    assert isinstance(refused, InvalidError)
    assert set(refused.fields) == {"Amount", "No"}
    assert isinstance(unsaid, UsageError)
    listing = await gateway.tasks("w")
    assert listing is not None
    assert [row["ID"] for row in listing.rows] == [f"T-{n}" for n in range(1005)]
    again = [each async for each in gateway.create_many("w", rows(2), how=ManyAtOnce(only_new=True))]
    assert [getattr(each.error, "status", 0) for each in again] == [412, 412]
    await gateway.aclose()


async def test_a_server_without_batches_gets_one_after_the_other(
    server: RawServer, open_client: Opener
) -> None:
    server.will(
        HERE, answer({"ID": "T-0"}, "201 Created"), answer({"errors": {"ID": ["is taken"]}}, "422 No")
    )
    told = [each async for each in open_client().create_many("w", rows(2), once="all")]
    assert [each.row for each in told] == [{"ID": "T-0"}, None]
    assert isinstance(told[1].error, InvalidError)
    assert [each.target for each in server.requests[1:]] == ["/api/v1/workflows/w/tasks"] * 2
    assert [each.headers["idempotency-key"] for each in server.requests[1:]] == ["all-0-0", "all-0-1"]


async def test_a_server_that_keeps_names_but_has_no_batches_gets_them_one_by_one(
    server: RawServer, open_client: Opener
) -> None:
    made = [answer({"ID": f"T-{n}"}, "201 Created", **KEEPS) for n in range(2)]
    server.will(OURS, answer({"errors": ["no"]}, "404 Not Found", **KEEPS), *made)
    told = [each async for each in open_client().create_many("w", rows(2))]
    assert [each.row for each in told] == [{"ID": "T-0"}, {"ID": "T-1"}]


async def test_what_concerns_all_is_raised_after_what_is_done_was_told(
    server: RawServer, open_client: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "MAX_BATCH_TASKS", 1)
    done = answer({"results": [{"status": 201, "task_id": "T-0"}]}, **KEEPS)
    server.will(OURS, done, answer({"errors": ["no"]}, "403 Forbidden"))
    told = []
    with pytest.raises(NotAllowedError):
        async for each in open_client().create_many("w", rows(3)):
            told.append(each.uid)  # noqa: PERF401 - it ends with an error
    assert told == ["T-0"]
    assert [len(json.loads(each.body)["tasks"]) for each in server.requests[1:]] == [1, 1]


@pytest.mark.parametrize(
    "results",
    [[], [{"status": 201}, {"status": 201}], [{"task_id": "T-0"}], ["made"], None],
)
async def test_an_answer_that_does_not_show_what_was_done_is_unclear(
    server: RawServer, open_client: Opener, results: object
) -> None:
    server.will(OURS, answer({"results": results}, **KEEPS))
    with pytest.raises(UnclearError):
        _ = [each async for each in open_client().create_many("w", rows(1))]


async def test_a_batch_is_never_bigger_than_the_server_takes(
    server: RawServer, open_client: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "_MAX_BATCH_BYTES", 200)
    monkeypatch.setattr(many, "_MAX_BATCH_KEYS", 4)
    long: list[Row] = [{"ID": "1", "Title": "x" * 150}, {"ID": "2", "Title": "x" * 150}]
    wide: list[Row] = [{"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1}]
    ok = answer({"results": [{"status": 201, "task_id": "T"}]}, **KEEPS)
    server.will(OURS, *[ok] * 4)
    assert len([each async for each in open_client().create_many("w", [*long, *wide])]) == 4
