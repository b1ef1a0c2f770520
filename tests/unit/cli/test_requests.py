"""What ``--verbose`` says of a request, and what it leaves out."""

from __future__ import annotations

from fdtui.cli.requests import described
from fdtui.sync.requestlog import Request
from tests.unit.cli.conftest import Home


def test_a_request_is_one_line_without_the_text_of_a_task() -> None:
    asked = Request(
        0.0,
        "GET",
        "/api/v1/workflows/x/tasks?Company%20Name=Secret&limit=5",
        422,
        0.0123,
        4321,
        problem="Secret is wrong",
        body='{"Company Name": "Secret"}',
        request_id="r-7",
    )
    assert described(asked) == (
        "GET /api/v1/workflows/x/tasks?Company%20Name=…&limit=…: 422, 12 ms, 4,321 bytes, request r-7"
    )


def test_no_answer_is_said() -> None:
    asked = Request(0.0, "PUT", "/api/v1/workflows/x/tasks", 0, 2.0, 0, problem="timed out")
    assert described(asked) == "PUT /api/v1/workflows/x/tasks: no answer, 2000 ms"


def test_requests_are_on_stderr_before_and_after_the_name(home: Home) -> None:
    plain = home.run("task", "set", "42", "Company Name=Acme")
    assert "GET" not in plain.err
    for said in (("-v", "task", "set"), ("task", "set", "--verbose")):
        ran = home.run(*said, "42", "Company Name=Secret name")
        assert ran.code == 0
        lines = ran.err.splitlines()
        assert lines[0] == "Server: the local workspace of this profile"
        assert any(line.startswith("PUT /api/v1/workflows/2ylSaZ/tasks: 200, ") for line in lines)
        assert "Secret" not in ran.err
        assert "Secret" not in ran.out
        home.run("task", "set", "42", "Company Name=Acme")


def test_an_address_that_does_not_answer_is_named(home: Home) -> None:
    home.configure('[profiles.team]\nurl = "http://127.0.0.1:1"\napi_key = "fd_unseen"\n')
    ran = home.run("-v", "task", "list", "--profile", "team")
    assert ran.code == 6
    assert ran.err.startswith("Server: http://127.0.0.1:1\nGET /api/v1/workflows: no answer, ")
    assert "fd_unseen" not in ran.err
