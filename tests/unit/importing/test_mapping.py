"""Columns find their fields: by name, by what they are for, and by what is said."""

from __future__ import annotations

import pytest

from fdtui.core.errors import UsageError
from fdtui.core.schema import Field, FieldType, Schema, Stage
from fdtui.importing.drafting import drafted, missing
from fdtui.importing.mapping import TO_CHECKLIST, TO_COMMENTS, corrected, guessed
from fdtui.importing.rows import ColumnRole, SourceRow

SCHEMA = Schema(
    stages=(Stage("Open"), Stage("Done", end=True)),
    fields=(
        Field("Key", FieldType.UNIQUE_ID),
        Field("Company", FieldType.TEXT),
        Field("Notes", FieldType.LONG_TEXT),
        Field("Due", FieldType.DATE),
        Field("Papers", FieldType.FILE),
        Field("Labels", FieldType.MULTIPLE_SELECT, options=("Bug",)),
    ),
)


def test_a_column_goes_to_the_field_of_its_name_or_to_the_one_it_is_for() -> None:
    columns = ["KEY", "Name", "description", "Status", "Assignee", "due", "Attachments", "Comment",
               "Subtasks", "Labels", "Colour", "Title", "Task URL"]  # fmt: skip
    assert guessed(columns, {}, SCHEMA).targets == {
        "KEY": "Key",
        "Name": "Company",
        "description": "Notes",
        "Status": "Stage",
        "Assignee": "Assigned To",
        "due": "Due",
        "Attachments": "Papers",
        "Comment": TO_COMMENTS,
        "Subtasks": TO_CHECKLIST,
        "Labels": "Labels",
        "Colour": "",
        "Title": "",  # the title has its column
        "Task URL": "",
    }


def test_what_its_program_says_of_a_column_counts_more_than_its_name() -> None:
    roles = {"description": ColumnRole.TITLE, "Notes": ColumnRole.LEFT_OUT}
    assert guessed(["description", "Notes", "Name"], roles, SCHEMA).targets == {
        "description": "Company",
        "Notes": "",
        "Name": "",
    }


def test_numbers_that_the_workflow_gives_are_not_taken_from_another_program() -> None:
    counted = Schema(fields=(Field("No", FieldType.UNIQUE_ID, autoincrement=True),))
    assert guessed(["Issue key"], {"Issue key": ColumnRole.ID}, counted).targets == {"Issue key": ""}
    assert guessed(["no"], {}, counted).targets == {"no": "No"}


def test_what_is_said_moves_a_column_and_frees_its_field() -> None:
    mapping = guessed(["Name", "Colour"], {}, SCHEMA)
    said = corrected(mapping, [("colour", "company"), ("Name", "comments")], SCHEMA)
    assert said.targets == {"Name": TO_COMMENTS, "Colour": "Company"}
    assert corrected(mapping, [("Name", "")], SCHEMA).left_out == ("Name", "Colour")
    with pytest.raises(UsageError, match="no column") as error:
        corrected(mapping, [("Nmae", "Notes")], SCHEMA)
    assert "Name" in error.value.hint
    with pytest.raises(UsageError, match="no field"):
        corrected(mapping, [("Name", "Nots")], SCHEMA)


def rows(*values: dict[str, object]) -> list[SourceRow]:
    return [SourceRow(at, dict(each)) for at, each in enumerate(values, 2)]  # type: ignore[arg-type]


def test_a_workflow_is_drafted_from_what_stands_in_the_rows() -> None:
    many = rows(
        *(
            {
                "Key": f"K-{n}",
                "Summary": f"Number {n}",
                "Status": ("Doing", "Closed", "New")[n % 3],
                "Kind": ("Bug", "Task")[n % 2],
                "Points": str(n),
                "Phone": f"0{n}23",
                "Paid": ("yes", "no")[n % 2],
                "Day": "31/Jan/26",
                "At": "31/Jan/26 2:00 PM",
                "Mail": "a@example.com",
                "Page": "https://example.com",
                "Labels": ["x", "y"],
                "Text": "a\nb",
                "Assignee": ("ada@example.com", "")[n % 2],
                "Nothing": "",
                "Comments": [{"body": "x"}],
            }
            for n in range(9)
        )
    )
    draft = drafted(many, {})
    assert {each.name: each.type for each in draft.fields} == {
        "Key": "uniqueId",
        "Summary": "text",
        "Kind": "singleSelect",
        "Points": "number",
        "Phone": "text",
        "Paid": "checkbox",
        "Day": "date",
        "At": "datetime",
        "Mail": "email",
        "Page": "url",
        "Labels": "multipleSelect",
        "Text": "longText",
    }
    assert [(each.name, each.end) for each in draft.stages] == [
        ("Doing", False), ("New", False), ("Closed", True),
    ]  # fmt: skip
    assert [each.email for each in draft.people] == ["ada@example.com"]
    assert next(each for each in draft.fields if each.name == "Kind").options == ("Bug", "Task")


def test_names_without_addresses_are_a_text_and_rows_without_ids_are_numbered() -> None:
    draft = drafted(rows({"Title": "a", "Owner": "Ada"}, {"Title": "b", "Owner": "Omar"}), {})
    assert [(each.name, each.type, each.autoincrement) for each in draft.fields] == [
        ("ID", "uniqueId", True), ("Title", "text", False), ("Owner", "text", False),
    ]  # fmt: skip
    assert ([each.name for each in draft.stages], draft.people) == (["Open", "Done"], ())
    known = (("Ada", "ada@example.com"), ("Omar", ""))
    people = drafted(rows({"Title": "a", "Owner": "Ada"}, {"Title": "b", "Owner": "Omar"}), {}, known)
    assert [each.email for each in people.people] == ["ada@example.com"]


def test_what_a_workflow_lacks_is_found() -> None:
    told = rows({"Key": "1", "Colour": "red", "Labels": ["Bug", "New"], "Status": "Waiting"})
    mapping = guessed(["Key", "Colour", "Labels", "Status"], {}, SCHEMA)
    draft = missing(told, mapping, {}, SCHEMA)
    assert draft.says == ("stage Waiting", "field Colour: text", "options of Labels: New")
