"""A workflow's shape: stages, typed fields, people, roles (Fields, Stages, Users, Roles API)."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from functools import cached_property

from fdtui.core.frozen import frozen

STAGE = "Stage"
ASSIGNEE = "Assigned To"
TASK_URL = "Task URL"
BUILT_INS = (STAGE, ASSIGNEE, TASK_URL)
"""The keys that every task has besides its custom fields."""


class FieldType(StrEnum):
    """The field types that Flowdash documents."""

    TEXT = "text"
    LONG_TEXT = "longText"
    NUMBER = "number"
    PHONE = "phone"
    CURRENCY = "currency"
    DATE = "date"
    DATETIME = "datetime"
    PERSON = "person"
    SINGLE_SELECT = "singleSelect"
    MULTIPLE_SELECT = "multipleSelect"
    CHECKBOX = "checkbox"
    UNIQUE_ID = "uniqueId"
    FILE = "file"
    EMAIL = "email"
    URL = "url"


@frozen
class Field:
    """One custom field. ``type`` is a plain string, for an install may know types that we do not."""

    name: str
    type: str = FieldType.TEXT
    id: str = ""
    editable: bool = True
    required: bool = False
    options: tuple[str, ...] = ()
    limit: int | None = None
    """Files that a ``file`` field takes at most; ``None`` for no limit."""
    autoincrement: bool = False


@frozen
class Stage:
    """One stage; ``end`` is ``None`` while nobody has said whether its tasks count as done."""

    name: str
    end: bool | None = None
    color: str = ""


@frozen
class Person:
    """Somebody that a task can be assigned to; the e-mail is what the API speaks of."""

    email: str
    first_name: str = ""
    last_name: str = ""
    id: str = ""
    role_id: str | None = None

    @property
    def name(self) -> str:
        """The full name, or the e-mail's local part where there is none."""
        full = f"{self.first_name} {self.last_name}".strip()
        return full or self.email.partition("@")[0]

    @property
    def initials(self) -> str:
        """Two letters at the most."""
        if self.first_name or self.last_name:
            return (self.first_name[:1] + self.last_name[:1]).upper()
        return self.email[:2].upper()


@frozen
class Role:
    """What a person may do, by name."""

    id: str
    name: str
    admin: bool = False


@frozen
class Workspace:
    """The owner of the workflows that a key may use."""

    id: str
    name: str


@frozen
class WorkflowRef:
    """A workflow by id and name, before anything else of it is known."""

    id: str
    name: str


@frozen
class Schema:
    """All that is known of a workflow's shape.

    ``inferred`` names the parts (``stages``, ``fields``, ``people``, ``roles``) that the install
    does not tell and that were read off its tasks instead.
    """

    stages: tuple[Stage, ...] = ()
    fields: tuple[Field, ...] = ()
    people: tuple[Person, ...] = ()
    roles: tuple[Role, ...] = ()
    inferred: frozenset[str] = frozenset()
    _index: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {each.name: each for each in self.fields})

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return self._index.get(name)

    def stage(self, name: str) -> Stage | None:
        """The stage of that name."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def person(self, email: str) -> Person | None:
        """The person with that e-mail."""
        return self._people.get(email)

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {person.email: person for person in self.people}

    @cached_property
    def unique_id(self) -> Field | None:
        """The field whose value names a task; without one, tasks cannot be changed."""
        return next((each for each in self.fields if each.type == FieldType.UNIQUE_ID), None)

    @cached_property
    def title(self) -> Field | None:
        """The field that serves as a card's title.

        Flowdash names none: the first text field whose name speaks of a name or title, else the
        first text field, else the unique id.
        """
        texts = [each for each in self.fields if each.type == FieldType.TEXT]
        words = ("title", "name", "subject", "summary")
        named = [each for each in texts if any(word in each.name.lower() for word in words)]
        return next(iter([*named, *texts]), self.unique_id)

    @cached_property
    def card_facts(self) -> tuple[Field, ...]:
        """The fields that a card shows beside title and unique id, where no setting names them.

        Money first, then a choice, at most two; the date has its own corner.
        """
        wanted = (FieldType.CURRENCY, FieldType.SINGLE_SELECT, FieldType.NUMBER)
        ranked = [each for kind in wanted for each in self.fields if each.type == kind]
        return tuple(ranked[:2])

    @cached_property
    def deadline(self) -> Field | None:
        """The date by which a task should be done: one whose name speaks of an end."""
        words = {"due", "close", "deadline", "end", "ends", "expiry", "expires", "until", "by"}
        return next((each for each in self._dates if words & set(each.name.lower().split())), None)

    @cached_property
    def corner_date(self) -> Field | None:
        """The date that stands in a card's corner: the deadline, else the first date there is."""
        return self.deadline or next(iter(self._dates), None)

    @cached_property
    def _dates(self) -> tuple[Field, ...]:
        kinds = (FieldType.DATE, FieldType.DATETIME)
        return tuple(each for each in self.fields if each.type in kinds)
