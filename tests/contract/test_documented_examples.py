"""Every example of Flowdash's Tasks API page, sent as it stands there to the demo workspace."""

from __future__ import annotations

import base64

import httpx

from tests.contract.conftest import TASKS

ACME = {
    "Stage": "In Progress",
    "Assigned To": None,
    "Company ID": "42",
    "Company Name": "Acme Corp",
    "Number of Employees": "10",
    "Contract Value": "10000.00",
    "Expected Close Date": "2020-01-31",
    "International?": False,
}
XYZ = {
    "Stage": "Not Started",
    "Assigned To": None,
    "Company ID": "43",
    "Company Name": "XYZ Inc.",
    "Number of Employees": "300",
    "Contract Value": "500000.00",
    "Expected Close Date": "2020-03-31",
    "International?": True,
}
CREATE = {
    "Company ID": "42",
    "Company Name": "Acme Corp",
    "Number of Employees": 10,
    "Contract Value": 10000,
    "Expected Close Date": "2020-01-31",
    "International?": False,
    "Stage": "In Progress",
    "Assigned To": "user@example.com",
}


def shown(row: dict[str, object]) -> dict[str, object]:
    """``row`` without what the page's sample leaves out, and without the host's name."""
    return {name: value for name, value in row.items() if name not in ("Task URL", "Documents")}


async def test_a_list_holds_every_task_as_documented(wire: httpx.AsyncClient) -> None:
    answer = await wire.get(TASKS)
    rows = answer.json()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert [shown(row) for row in rows[:2]] == [ACME, XYZ]
    assert [row["Task URL"].partition("/workflows/")[2] for row in rows[:2]] == [
        "2ylSaZ/tasks/ooCwnZ",
        "2ylSaZ/tasks/gqCQRO",
    ]
    assert list(rows[0]) == ["Stage", "Assigned To", "Task URL", *list(ACME)[2:], "Documents"]


async def test_task_url_is_at_the_host_that_was_asked(wire: httpx.AsyncClient) -> None:
    row = (await wire.get(f"{TASKS}/42")).json()
    assert (
        row["Task URL"] == str(wire.base_url).replace("/api/v1/", "") + "/workflows/2ylSaZ/tasks/ooCwnZ"
    )


async def test_active_lists_the_tasks_outside_end_stages(wire: httpx.AsyncClient) -> None:
    rows = (await wire.get(f"{TASKS}/active")).json()
    everything = (await wire.get(TASKS)).json()
    assert rows == [row for row in everything if row["Stage"] != "Done"]
    assert len(rows) < len(everything)


async def test_filter_unassigned_and_not_started(wire: httpx.AsyncClient) -> None:
    rows = (await wire.get(f"{TASKS}?Assigned%20To=&Stage=Not%20Started")).json()
    assert [shown(row) for row in rows] == [XYZ]


async def test_filter_stage_and_company_id(wire: httpx.AsyncClient) -> None:
    rows = (await wire.get(f"{TASKS}?Stage=In%20Progress&Company%20ID=42")).json()
    assert [shown(row) for row in rows] == [ACME]


async def test_reading_file_attachments(wire: httpx.AsyncClient) -> None:
    [document] = (await wire.get(f"{TASKS}/57")).json()["Documents"]
    assert set(document) == {"blobId", "contentType", "filename"}
    assert (document["contentType"], document["filename"]) == ("application/pdf", "nda.pdf")


async def test_get_by_unique_id(wire: httpx.AsyncClient) -> None:
    answer = await wire.get(f"{TASKS}/42")
    assert answer.status_code == 200
    assert shown(answer.json()) == ACME


async def test_a_created_task_is_answered_with_201(wire: httpx.AsyncClient) -> None:
    assert (await wire.delete(f"{TASKS}/42")).status_code == 204
    answer = await wire.post(TASKS, json=CREATE)
    assert answer.status_code == 201
    expected = {**ACME, "Assigned To": "user@example.com", "Contract Value": "10000"}
    assert shown(answer.json()) == expected
    assert (await wire.get(f"{TASKS}/42")).json()["Contract Value"] == "10000.00"


async def test_create_only_stage_and_assignee_need_a_unique_id_too(api: httpx.AsyncClient) -> None:
    body = {"Stage": "In Progress", "Assigned To": "user@example.com"}
    answer = await api.post(TASKS, json=body)
    assert (answer.status_code, answer.json()) == (422, {"errors": {"Company ID": ["is required"]}})
    assert shown((await api.put(f"{TASKS}/43", json=body)).json()) == {**XYZ, **body}


async def test_post_of_the_example_to_the_task_that_is_there_updates_it(wire: httpx.AsyncClient) -> None:
    answer = await wire.post(TASKS, json=CREATE)
    assert answer.status_code == 200
    assert answer.json()["Task URL"].endswith("/tasks/ooCwnZ")
    assert answer.json()["Assigned To"] == "user@example.com"


async def test_a_date_in_another_format_is_invalid(wire: httpx.AsyncClient) -> None:
    answer = await wire.post(
        TASKS, json={**CREATE, "Company ID": "1", "Expected Close Date": "31/01/2020"}
    )
    assert answer.status_code == 422
    assert answer.json() == {"errors": {"Expected Close Date": ["is invalid"]}}
    assert (await wire.get(f"{TASKS}/1")).status_code == 404


async def test_update_number_of_employees(wire: httpx.AsyncClient) -> None:
    answer = await wire.post(TASKS, json={"Company ID": "42", "Number of Employees": "20"})
    assert answer.status_code == 200
    assert shown(answer.json()) == {**ACME, "Number of Employees": "20"}


async def test_update_built_ins(wire: httpx.AsyncClient) -> None:
    body = {"Company ID": "42", "Assigned To": "user@example.com", "Stage": "In Progress"}
    assert shown((await wire.post(TASKS, json=body)).json()) == {
        **ACME,
        "Assigned To": "user@example.com",
    }
    answer = await wire.put(TASKS, json={"Company ID": "42", "Assigned To": None})
    assert shown(answer.json()) == ACME


async def test_post_creates_and_put_does_not(wire: httpx.AsyncClient) -> None:
    body = {"Company ID": "4711", "Company Name": "Nobody"}
    answer = await wire.put(TASKS, json=body)
    assert (answer.status_code, answer.json()) == (404, {"errors": ["There is no such task."]})
    answer = await wire.post(TASKS, json=body)
    assert (answer.status_code, answer.json()["Stage"]) == (201, "Not Started")
    assert (await wire.put(TASKS, json=body)).status_code == 200


async def test_remove_a_file(wire: httpx.AsyncClient) -> None:
    [document] = (await wire.get(f"{TASKS}/57")).json()["Documents"]
    answer = await wire.put(TASKS, json={"Company ID": "57", "Documents": []})
    assert (answer.status_code, answer.json()["Documents"]) == (200, [])
    assert (await wire.get(f"/files/{document['blobId']}")).status_code == 404


async def test_upload_base64_and_download(wire: httpx.AsyncClient) -> None:
    upload = {
        "contentType": "text/plain",
        "filename": "hello.txt",
        "base64contents": "aGVsbG8sIHdvcmxkIQ==",
    }
    answer = await wire.post(TASKS, json={"Company ID": "42", "Documents": [upload]})
    [document] = answer.json()["Documents"]
    assert (document["contentType"], document["filename"]) == ("text/plain", "hello.txt")
    download = await wire.get(f"/files/{document['blobId']}")
    assert download.content == b"hello, world!"
    assert download.headers["content-type"] == "text/plain"
    assert download.headers["content-disposition"].startswith("attachment")
    assert download.headers["x-content-type-options"] == "nosniff"
    both = [document, {**upload, "filename": "again.txt"}]
    answer = await wire.put(TASKS, json={"Company ID": "42", "Documents": both})
    assert [each["filename"] for each in answer.json()["Documents"]] == ["hello.txt", "again.txt"]
    assert answer.json()["Documents"][0] == document
    assert (await wire.get(f"/files/{document['blobId']}")).content == base64.b64decode(
        upload["base64contents"]
    )


async def test_the_page_is_no_json_where_it_says_and_so_on(api: httpx.AsyncClient) -> None:
    page = '[\n    {\n        "Documents": [],\n        ...\n    }\n]'
    headers = {"Content-Type": "application/json"}
    answer = await api.post(TASKS, content=page, headers=headers)
    assert answer.status_code == 400
    assert "line 4, column 9" in answer.json()["errors"][0]


async def test_a_deleted_task_answers_404(wire: httpx.AsyncClient) -> None:
    answer = await wire.delete(f"{TASKS}/42")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await wire.get(f"{TASKS}/42")).status_code == 404
    assert (await wire.delete(f"{TASKS}/42")).status_code == 404
