"""The shapes of a workflow file, table by table: which keys there are, and what each may hold."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from fdtui.core.schema import FieldType
from fdtui.server.workflow.steps import MAX_DAYS, MAX_TIMEOUT

Name = Annotated[str, Field(min_length=1, pattern=r"^[^\x00]+$")]
"""A text that names something: never empty, and without NUL, which PostgreSQL cannot store."""
Address = Annotated[str, Field(pattern=r"^https?://")]
"""Where a step speaks to another machine."""
TEXT, TABLE = "text", "table"
"""The two ways to write what has a name and nothing else."""


def _plain(value: Any) -> Any:
    """A value that a field can be set to; raises `PydanticCustomError`."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str | bool | int | float | date) and not isinstance(value, time):
        return value
    raise PydanticCustomError("plain", "text, a number, a date, true, false or a list")


def _way(value: Any) -> str:
    return TABLE if isinstance(value, dict | Named) else TEXT


Plain = Annotated[
    Any,
    AfterValidator(_plain),
    WithJsonSchema({"type": ["string", "number", "boolean", "array"]}),
]
"""What a field is set to; texts may hold places such as ``{{Company Name}}``."""


class Shape(BaseModel):
    """A table of the file: no key but its own, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class Named(Shape):
    """An option or checklist item that had another name before."""

    name: Name
    """What it is called."""
    was: Name | None = None
    """The name it had before; what tasks hold goes along."""


Word = Annotated[
    Annotated[Name, Tag(TEXT)] | Annotated[Named, Tag(TABLE)],
    Discriminator(_way),
]
"""A name, or a table that also says what the name was."""


class Option(Named):
    """An option that has a colour, or had another name before."""

    color: str = ""
    """The colour of its chip on the board: a name such as red, or ``#rrggbb``."""


OptionWord = Annotated[
    Annotated[Name, Tag(TEXT)] | Annotated[Option, Tag(TABLE)],
    Discriminator(_way),
]
"""A name, or a table that says more of the option."""


class Stage(Shape):
    """A column of the board."""

    name: Name
    """What it is called."""
    was: Name | None = None
    """The name it had before; its tasks stay in it."""
    color: str = ""
    """Its colour on the board, as a name or `#rrggbb`."""
    limit: Annotated[int, Field(ge=1)] | None = None
    """How many tasks it should hold at most; the board shows where it holds more."""
    end: bool = False
    """Whether its tasks count as done."""
    checklist: list[Word] = []
    """What a task that enters the stage must have ticked off."""


class CustomField(Shape):
    """A field that every task of the workflow has."""

    id: Name | None = None
    """What it stays known by when it is renamed; made up if left out."""
    name: Name
    """What it is called; the key of its value in a task."""
    was: Name | None = None
    """The name it had before; the values of tasks stay."""
    type: Annotated[FieldType, Field(strict=False)] = FieldType.TEXT
    """What its values are."""
    required: bool = False
    """Whether a task must have a value."""
    editable: bool | None = None
    """Whether tasks may be given a value; by default all but autoincremented ones."""
    options: list[OptionWord] = []
    """What a singleSelect or multipleSelect offers."""
    limit: Annotated[int, Field(ge=0)] | None = None
    """How many files a file field takes."""
    autoincrement: bool = False
    """Whether the unique id counts up by itself."""


class Role(Shape):
    """What people may do, by name."""

    id: Name | None = None
    """What it stays known by when it is renamed; made up if left out."""
    name: Name
    """What it is called."""
    was: Name | None = None
    """The name it had before; people keep it."""
    admin: bool = False
    """Whether it may run every action."""


class Person(Shape):
    """Somebody whom tasks can be assigned to."""

    id: Name | None = None
    """What the person stays known by; made up if left out."""
    email: Name
    """Their e-mail, by which tasks name them."""
    was: Name | None = None
    """The e-mail that they had before; their tasks stay theirs."""
    first_name: str = ""
    """Their first name."""
    last_name: str = ""
    """Their last name."""
    role: Name | None = None
    """The role, by name or id."""


class Link(Shape):
    """A relationship to tasks of another workflow, declared in one of the two."""

    id: Name | None = None
    """What it stays known by when it is renamed; made up if left out."""
    name: Name
    """The key that tasks here have for it."""
    was: Name | None = None
    """The name it had before; what is linked stays linked."""
    to: Name
    """The id of the other workflow."""
    back: Name
    """The key that tasks over there have for it."""
    many: bool = False
    """Whether a task here may be linked with several over there."""
    back_many: bool = False
    """Whether a task over there may be linked with several here."""


class Sync(Shape):
    """A query whose rows become tasks."""

    name: Name
    """What it is called."""
    was: Name | None = None
    """The name it had before."""
    database: Name
    """The URL of the database; ``$NAME`` in it is taken from the environment."""
    query: Name
    """The SQL whose columns are named as the fields."""


class Condition(Shape):
    """What must be true of a task before an action."""

    when: Name
    """A query, as the board's filter takes it."""
    message: Name
    """What is said where it is not true."""


class Move(Shape):
    """Move the task to a stage."""

    kind: Literal["move"]
    stage: Name
    """The stage to move to."""


class Assign(Shape):
    """Give the task to somebody."""

    kind: Literal["assign"]
    to: str
    """An e-mail, a place such as ``{{user.email}}``, or an empty text for nobody."""


class Update(Shape):
    """Change fields of the task."""

    kind: Literal["update"]
    fields: Annotated[dict[Name, Plain], Field(min_length=1)]
    """The new values by field name."""


class Delete(Shape):
    """Delete the task for good."""

    kind: Literal["delete"]


class Schedule(Shape):
    """Move the task to a stage after some days."""

    kind: Literal["schedule"]
    stage: Name
    """The stage to move to."""
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)]
    """After how many days."""


class CallOut(Shape):
    """Call another program, and apply the changes that it answers."""

    kind: Literal["call"]
    url: Address
    """The address to call."""
    headers: dict[Name, str] = {}
    """What to send in the header, by name."""
    timeout: Annotated[int, Field(ge=1, le=MAX_TIMEOUT)] = 30
    """Seconds."""


class Slack(Shape):
    """Post to a Slack channel."""

    kind: Literal["slack"]
    url: Address
    """The incoming webhook of the channel."""
    text: Name
    """What to post."""


class Email(Shape):
    """Send an e-mail."""

    kind: Literal["email"]
    to: Name
    """The address of the recipient."""
    subject: Name
    """The subject."""
    body: str = ""
    """The text."""


class CreateLinked(Shape):
    """Create a task at the other end of a link."""

    kind: Literal["create_linked"]
    link: Name
    """The link, by its name on this side."""
    fields: Annotated[dict[Name, Plain], Field(min_length=1)]
    """The new task's values by field name."""


class UpdateLinked(Shape):
    """Change the tasks at the other end of a link."""

    kind: Literal["update_linked"]
    link: Name
    """The link, by its name on this side."""
    fields: Annotated[dict[Name, Plain], Field(min_length=1)]
    """The new values by field name."""


Step = Annotated[
    Move | Assign | Update | Delete | Schedule | CallOut | Slack | Email | CreateLinked | UpdateLinked,
    Field(discriminator="kind"),
]


class Action(Shape):
    """Something that can be done with a task."""

    id: Name | None = None
    """What it stays known by when it is renamed; made up if left out."""
    name: Name
    """What it is called."""
    was: Name | None = None
    """The name it had before; programs that know its id still find it."""
    stages: list[Name] = []
    """Where it is offered; none named: everywhere."""
    roles: list[Name] = []
    """Who may, besides administrators; none named: everybody."""
    required: list[Name] = []
    """Fields that must hold something."""
    checklist: bool = False
    """Whether the stage's checklist must be complete."""
    assigned: bool = False
    """Whether somebody must have the task."""
    confirm: str = ""
    """What is asked before it runs."""
    conditions: list[Condition] = []
    """What must be true of the task."""
    steps: list[Step] = []
    """What it does, one step after the other."""


class Workflow(Shape):
    """A Flowdash workflow: its stages, fields, people and actions."""

    id: Name
    """What the workflow stays known by."""
    name: Name
    """What it is called."""
    stages: Annotated[list[Stage], Field(min_length=1)]
    """The columns of the board, from left to right."""
    fields: list[CustomField] = []
    """What every task holds."""
    roles: list[Role] = []
    """What people may do."""
    people: list[Person] = []
    """Whom tasks can be assigned to."""
    links: list[Link] = []
    """Relationships to tasks of other workflows."""
    actions: list[Action] = []
    """What can be done with a task."""
    syncs: list[Sync] = []
    """Queries whose rows become tasks."""


STEPS: dict[str, type[Shape]] = {
    "move": Move,
    "assign": Assign,
    "update": Update,
    "delete": Delete,
    "schedule": Schedule,
    "call": CallOut,
    "slack": Slack,
    "email": Email,
    "create_linked": CreateLinked,
    "update_linked": UpdateLinked,
}
SECTIONS: dict[str, type[Shape]] = {
    "stages": Stage,
    "fields": CustomField,
    "roles": Role,
    "people": Person,
    "links": Link,
    "actions": Action,
    "syncs": Sync,
}


def shape_at(path: tuple[str | int, ...], table: Any) -> type[Shape]:
    """The shape of the ``table`` that stands at ``path`` in the file."""
    names = [each for each in path if isinstance(each, str)]
    match names:
        case []:
            return Workflow
        case [section]:
            return SECTIONS[section]
        case [_, "steps"]:
            return STEPS[table["kind"]]
        case [_, "conditions"]:
            return Condition
    return Named


def schema() -> dict[str, Any]:
    """The JSON Schema of workflow files."""
    made = Workflow.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Workflow of Flowdash"}
    return {**head, **{key: each for key, each in made.items() if key != "title"}}
