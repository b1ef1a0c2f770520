"""The command of ``watch --exec``: what it is told, and what is refused."""

from __future__ import annotations

import asyncio

import pytest

from fdtui.cli.change_command import ChangeCommand, variables_of
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.values import Row, Value
from tests.unit.cli.conftest import Home

SCHEMA = Schema(fields=(Field("Due date", FieldType.DATE), Field("A-b"), Field("A b")))
ROW: Row = {"Stage": "Done", "Due date": "2026-01-31", "A-b": "first\0", "A b": "second"}
CHANGE: dict[str, Value] = {"event": "updated", "task": "7", "changes": {}, "row": ROW}


def test_fields_are_text_in_the_environment() -> None:
    assert variables_of(CHANGE, SCHEMA) == {
        "FDTUI_EVENT": "updated",
        "FDTUI_TASK": "7",
        "FDTUI_FIELD_STAGE": "Done",
        "FDTUI_FIELD_DUE_DATE": "2026-01-31",
        "FDTUI_FIELD_A_B": "first",
    }


@pytest.mark.parametrize(("said", "told"), [("", "is empty"), ("a '", "a quotation mark is not closed")])
def test_what_is_no_command_is_refused(home: Home, said: str, told: str) -> None:
    ran = home.run("watch", "--exec", said)
    assert (ran.code, told in ran.err) == (2, True)


async def test_one_that_cannot_start_is_told_and_the_next_change_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ChangeCommand("no-such-command")
    running = asyncio.create_task(command.run())
    told = ""
    async with asyncio.timeout(60):
        for _ in range(2):
            command.add(CHANGE, SCHEMA)
        while told.count("\n") < 2:
            await asyncio.sleep(0)
            told += capsys.readouterr().err
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    line = "no-such-command could not be started: No such file or directory, for task 7 (updated).\n"
    assert told == 2 * line
