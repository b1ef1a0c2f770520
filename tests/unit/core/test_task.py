"""What a task is called in a sentence."""

import pytest

from fdtui.core.fields import FieldType
from fdtui.core.schema import Field, Schema
from fdtui.core.task import task_from_row, title_of
from fdtui.core.values import Row

NAME, ID = Field("Company name", FieldType.TEXT), Field("Company ID", FieldType.UNIQUE_ID)


@pytest.mark.parametrize(
    ("row", "called"),
    [
        ({"Company ID": "7", "Company name": "Acme"}, "Acme"),
        ({"Company ID": "7", "Company name": ""}, "7"),
        ({"Company ID": "7", "Company name": None}, "7"),
        ({"Company ID": "7"}, "7"),
        ({}, "the task"),
    ],
)
def test_a_task_is_called_by_its_title_else_by_its_unique_id(row: Row, called: str) -> None:
    schema = Schema(fields=(NAME, ID))
    assert title_of(task_from_row(row, "Company ID"), schema) == called


def test_without_a_text_the_unique_id_is_the_title() -> None:
    schema = Schema(fields=(ID,))
    assert title_of(task_from_row({"Company ID": 7}, "Company ID"), schema) == "7"
    assert title_of(task_from_row({}, "Company ID"), schema, "The new task") == "The new task"
