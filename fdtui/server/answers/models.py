"""One model for each answer of the API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, RootModel

Status = Literal["Pending", "Success", "Fail"]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
FieldKind = Annotated[str, Field(min_length=1)]


class Answer(BaseModel):
    """An object with its own keys and no others."""

    model_config = ConfigDict(
        extra="forbid", strict=True, use_attribute_docstrings=True, populate_by_name=False
    )


class Named(Answer):
    """The workspace, or a workflow."""

    id: str
    name: str


class Stage(Answer):
    """A column of the board."""

    name: str
    end: bool
    """Whether its tasks count as done."""
    color: str
    limit: int | None = None
    """How many tasks it should hold at most."""


class CustomField(Answer):
    """A field that every task of the workflow has."""

    id: str
    name: str
    type: FieldKind
    editable: bool
    required: bool
    options: list[str] | None = None
    """Of a singleSelect or multipleSelect."""
    colors: dict[str, str] | None = None
    """The options that have a colour, and which."""
    limit: int | None = None
    """How many files a file field takes; null for no limit."""
    autoincrement: bool | None = None
    """Of a uniqueId."""


class User(Answer):
    """Somebody whom tasks can be assigned to."""

    id: str
    email: str
    first_name: str
    last_name: str
    role_id: str | None
    saml_user_id: str | None


class Role(Answer):
    """What people may do, by name."""

    id: str
    name: str
    admin: bool


class Task(BaseModel):
    """A task: a key for each field and each link of its workflow, besides those that all have."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, JsonValue]

    stage: str = Field(alias="Stage")
    assigned_to: str | None = Field(alias="Assigned To")
    task_url: str = Field(alias="Task URL")


class BatchItem(Answer):
    """What became of one task of a batch."""

    status: int
    """What it would have been answered alone: 201 created, 200 changed, or why it was refused."""
    task_id: str | None
    """Its unique id, where it has one."""
    errors: dict[str, list[str]] | list[str] | None = None
    """Why it was refused."""


class BatchResults(Answer):
    """What became of each task of a batch, in the order in which they were sent."""

    results: list[BatchItem]


class Changes(Answer):
    """What changed in a workflow's tasks since a token."""

    tasks: list[Task]
    """The tasks that are new or read otherwise, as they are now, in the order of the list."""
    deleted: list[str]
    """The unique ids that no task has now."""
    reset: bool
    """Whether the list has to be read again instead: the token is too old, or of another database."""
    workflow: bool
    """Whether stages, fields, links or people have changed."""
    next: str
    """The token to go on from."""


class Action(Answer):
    """An action that the task's stage offers."""

    id: str
    name: str
    confirm: str | None = None
    """What is to be asked before it runs."""


class Comment(Answer):
    """What somebody said about a task."""

    author: str
    body: str
    timestamp: Moment


class ChecklistItem(Answer):
    """Something to be ticked off."""

    id: str
    title: str
    status: Literal["Blank", "Skipped", "Completed"]
    editable: bool
    assigned_to: str | None = Field(alias="Assigned To")
    stage: str = Field(alias="Stage")


class Change(Answer):
    """An entry of the activity log."""

    id: str
    """For `since`; it tells nothing else, not even the order."""
    timestamp: Moment
    who: str
    what: str
    task_id: str | None
    before: dict[str, JsonValue]
    """What differs, as it was."""
    after: dict[str, JsonValue]
    """What differs, as it became."""


class Execution(Answer):
    """How far an execution is."""

    id: str
    status: Status
    errors: list[str] | None = None
    """Why it failed."""


class ActionOf(Answer):
    """The action of an execution."""

    id: str
    name: str


class ListedExecution(Execution):
    """An execution in the list of them."""

    task_id: str | None
    action: ActionOf
    performed_by: str | None
    created_at: Moment
    finished_at: Moment | None


class Started(Answer):
    """Something that was begun and can be asked for."""

    id: str


class DataSync(Answer):
    """A run of the data syncs."""

    id: str
    status: Status
    result: str | None = None
    """How many tasks were created, changed, left alone."""
    errors: list[str] | None = None
    """Why it failed."""


class Export(Answer):
    """An export of the time in stages."""

    id: str
    status: Status
    file_url: str | None = None
    """Where the file is, once there is one."""
    errors: list[str] | None = None
    """Why it failed."""


class Refusal(Answer):
    """Why a request was not done: what is wrong with each field, or sentences."""

    errors: dict[str, list[str]] | list[str]
    status: Literal["Fail"] | None = None
    """Of an action that may not be run, or not yet."""


class Document(RootModel[dict[str, Any]]):
    """An OpenAPI document."""
