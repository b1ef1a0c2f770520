"""What the help says of the language is true."""

from datetime import date

import pytest

from fdtui.core.query import Setting, read, understand
from fdtui.core.query.guide import GUIDE, Example
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage
from fdtui.core.task import Task

SCHEMA = Schema(
    (Stage("Open"), Stage("In Review")),
    (
        Field("Bug ID", FieldType.UNIQUE_ID),
        Field("Title"),
        Field("Severity", FieldType.SINGLE_SELECT, options=("Critical", "High", "Low")),
        Field("Contract Value", FieldType.CURRENCY),
        Field("Expected Close Date", FieldType.DATE),
    ),
    (Person("ada@example.com", "Ada", "Lovelace"), Person("grace@example.com", "Grace", "Hopper")),
)
SHOWN = {
    "Bug ID": "42",
    "Title": "Acme Corp invoice",
    "Stage": "In Review",
    "Assigned To": "ada@example.com",
    "Severity": "Critical",
    "Contract Value": "10000",
    "Expected Close Date": "2020-01-29",
}
SETTING = Setting(SCHEMA, "ada@example.com", date(2020, 1, 30), changed=frozenset("1"))
NOT_HIDING = {"assignee:none": {"Assigned To": None}}
HIDDEN = {
    "Bug ID": "7",
    "Title": "Acme",
    "Stage": "Open",
    "Assigned To": "grace@example.com",
    "Severity": "Low",
    "Contract Value": "9999.99",
    "Expected Close Date": "2020-03-01",
}


@pytest.mark.parametrize("example", GUIDE, ids=lambda each: each.query)
def test_each_example_is_understood_and_means_something(example: Example) -> None:
    query = understand(read(example.query), SETTING)
    assert not query.problems
    assert query.passes(Task("1", "1", {**SHOWN, **NOT_HIDING.get(example.query, {})}))
    assert not query.passes(Task("2", "2", HIDDEN))
