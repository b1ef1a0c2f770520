"""One model for each body of a fixed shape, and what is wrong with one, in Flowdash's own words.

A body is what `strictjson` read: pydantic's own reader of JSON would take a key that stands twice.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    RootModel,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from fdtui.core import fields, moments
from fdtui.core.errors import InvalidError
from fdtui.core.values import Row

B = TypeVar("B", bound="FixedBody")


def _sound(text: str) -> str:
    """A text that every database can store; raises `PydanticCustomError`."""
    if "\0" in text:
        raise PydanticCustomError("invalid", "NUL")
    return text


def _day(text: str) -> str:
    if len(text) != 10 or moments.as_date(text) is None:
        raise PydanticCustomError("invalid", "no day")
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_sound)]
Day = Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


class FixedBody(BaseModel):
    """An object that is sent, with its own keys and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class NewComment(FixedBody):
    """What is said about a task; ``@Full Name`` mentions somebody."""

    body: Text


class NewExecution(FixedBody):
    """An action to be run on a task."""

    task_id: Annotated[str, Field(min_length=1)] | int
    action_id: Annotated[str, Field(min_length=1)] | int
    performed_by: str | None = None
    """The e-mail of whoever does it; by default the key itself does."""


class NewExport(FixedBody):
    """The days, both included, that an export is about."""

    start_date: Day
    end_date: Day

    def days(self) -> tuple[date, date]:
        """The two days; raises `InvalidError` where they are the wrong way round."""
        start, end = date.fromisoformat(self.start_date), date.fromisoformat(self.end_date)
        if end < start:
            raise InvalidError({"end_date": [fields.INVALID]})
        return start, end


class NewItem(BaseModel):
    """An item for the checklist of a stage; `routes.checklists` judges it by the workflow."""

    model_config = ConfigDict(extra="allow")

    title: Text
    stage: str = Field(alias="Stage")
    status: str | None = None
    assigned_to: str | None = Field(default=None, alias="Assigned To")


class ChangedItem(BaseModel):
    """What is to change of a checklist item; what is left out stays, and what was read may come back."""

    model_config = ConfigDict(extra="allow")

    title: Text | None = None
    stage: str | None = Field(default=None, alias="Stage")
    status: str | None = None
    assigned_to: str | None = Field(default=None, alias="Assigned To")


class TaskChange(RootModel[dict[str, JsonValue]]):
    """Fields by name; those that are left out stay. What there are depends on the workflow."""


class OldComment(FixedBody):
    """What somebody said before the task came here."""

    body: Text
    author: str | None = None
    timestamp: str | None = None


class OldItem(BaseModel):
    """An item of a checklist as it was; by default one of the stage in which its task is."""

    model_config = ConfigDict(extra="allow")

    title: Text
    status: str | None = None
    stage: str | None = Field(default=None, alias="Stage")
    assigned_to: str | None = Field(default=None, alias="Assigned To")


class NewBelongings(FixedBody):
    """What comes with an imported task; what the task has already is not added again."""

    comments: list[OldComment] | None = None
    checklist: list[OldItem] | None = None


class NewBatch(FixedBody):
    """Tasks to be created or changed, each as if it were sent alone."""

    tasks: Annotated[
        list[JsonValue], Field(max_length=1_000, json_schema_extra={"items": {"type": "object"}})
    ]
    """Fields by name, as a task is sent; files with their contents, not by an address."""
    belongings: list[NewBelongings | None] | None = None
    """What comes with each task, in the same order."""
    restore: bool | None = None
    """Whether tasks may bring the numbers of an autoincremented unique id, and closed fields."""
    dry_run: bool | None = None
    """Whether all of it is taken back, once it is known what would become of each."""


def taken(shape: type[B], body: Row, *, unknown: str = fields.NOT_A_FIELD) -> B:
    """``body`` as ``shape`` has it; raises `InvalidError` with all that is wrong, field by field."""
    try:
        return shape.model_validate(dict(body))
    except ValidationError as error:
        wrong: dict[str, list[str]] = {}
        for each in error.errors(include_url=False, include_context=False):
            name = str(each["loc"][0]) if each["loc"] else ""
            wrong.setdefault(name, [_says(each["type"], body.get(name), unknown)])
        raise InvalidError(wrong) from None


def _says(kind: str, value: object, unknown: str) -> str:
    if kind == "extra_forbidden":
        return unknown
    return fields.REQUIRED if value is None or value == "" else fields.INVALID
