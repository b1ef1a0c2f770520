"""A workflow's shape: stages, typed fields, people, roles (Fields, Stages, Users, Roles API)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from functools import cached_property

from fdtui.core.frozen import frozen
from fdtui.core.names import find_name, meaning
from fdtui.core.values import Value

STAGE = "Stage"
ASSIGNEE = "Assigned To"
TASK_URL = "Task URL"
BUILT_INS = (STAGE, ASSIGNEE, TASK_URL)
"""The keys that every task has besides its custom fields."""


_SOUND_DONE = frozenset(
    ("done", "closed", "complete", "completed", "finished", "resolved", "cancelled", "canceled")
)


_RANKS = frozenset(("severity", "priority", "urgency", "importance", "impact", "risk"))
"""Words in the name of a field whose options are ranked."""


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
    colors: tuple[tuple[str, str], ...] = ()
    """Options and the colours that the workflow gives them."""

    @property
    def ranks(self) -> bool:
        """Whether its options say how grave or how urgent something is."""
        words = self.name.lower().replace("-", " ").split()
        return self.type == FieldType.SINGLE_SELECT and bool(self.options) and bool(_RANKS & set(words))

    def color_of(self, option: str) -> str:
        """The colour that the workflow gives an option; empty for none."""
        return next((color for name, color in self.colors if name == option), "")


@frozen
class Stage:
    """One stage; ``end`` is ``None`` while it is unknown whether its tasks count as done."""

    name: str
    end: bool | None = None
    color: str = ""
    limit: int | None = None
    """Tasks that it should hold at most; ``None`` for any number."""


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
    does not give and that were inferred from its tasks instead.
    """

    stages: tuple[Stage, ...] = ()
    fields: tuple[Field, ...] = ()
    people: tuple[Person, ...] = ()
    roles: tuple[Role, ...] = ()
    inferred: frozenset[str] = frozenset()
    unreadable: tuple[str, ...] = ()
    """Of the parts that a board can do without, those whose answer could not be read."""
    stages_guessed: bool = False
    """Whether the order of the stages is a guess, so that "the next stage" may be the wrong one."""
    _index: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {each.name: each for each in self.fields})

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return self._index.get(name)

    def named(self, said: str) -> Field | None:
        """The one field whose name means what the user ``said``."""
        name = find_name(said, self._index)
        return None if name is None else self._index[name]

    def meant(self, name: str) -> Field:
        """The field of that name, the assignee being one; a text where nobody knows it."""
        if name == ASSIGNEE:
            return Field(ASSIGNEE, FieldType.PERSON)
        return self.field(name) or Field(name)

    def stage(self, name: str) -> Stage | None:
        """The stage of that name."""
        return self._stages.get(name)

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.name: stage for stage in reversed(self.stages)}

    def person(self, email: str) -> Person | None:
        """The person with that e-mail, however its letters are written."""
        return self._people.get(email) or self._people.get(meaning(email))

    @cached_property
    def _people(self) -> dict[str, Person]:
        folded = {meaning(person.email): person for person in reversed(self.people)}
        return {**folded, **{person.email: person for person in self.people}}

    def email(self, said: str) -> str:
        """``said`` as the workflow spells it, where it knows the person."""
        person = self.person(said)
        return said if person is None else person.email

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

    def title_in(self, row: Mapping[str, Value]) -> str:
        """The title that ``row`` holds, as it is; empty where it holds none."""
        value = row.get(self.title.name) if self.title is not None else None
        return str(value or "")

    @cached_property
    def priority(self) -> Field | None:
        """The field that says how grave or how urgent a task is."""
        return next((each for each in self.fields if each.ranks), None)

    @cached_property
    def card_facts(self) -> tuple[Field, ...]:
        """The fields that a card shows beside title and unique id, where no setting names them.

        Money first, then a choice, at most two; the date has its own corner.
        """
        wanted = (FieldType.CURRENCY, FieldType.SINGLE_SELECT, FieldType.NUMBER)
        ranked = [each for kind in wanted for each in self.fields if each.type == kind]
        return tuple(ranked[:2])

    @cached_property
    def done_stages(self) -> frozenset[str]:
        """The stages whose tasks count as done: known as ends, or called so where that is unknown."""
        return frozenset(
            each.name
            for each in self.stages
            if each.end or (each.end is None and each.name.strip().lower() in _SOUND_DONE)
        )

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
