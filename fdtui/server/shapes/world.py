"""What a workflow file can speak of: what it declares itself, and the workflows that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fdtui.core.schema import BUILT_INS, Field, FieldType, Schema, Stage
from fdtui.server.shapes.places import Path
from fdtui.server.workflow.definition import Workflow
from fdtui.server.workflow.naming import names_of
from fdtui.server.workflow.reading import nearest_of


@dataclass(frozen=True)
class Seen:
    """One workflow, as far as a file can name parts of it."""

    name: str
    schema: Schema
    emails: frozenset[str]
    keys: frozenset[str]
    """The keys of its tasks."""
    ends: Mapping[str, str]
    """Its links by the key here, to the workflow at the other end."""


@dataclass(frozen=True)
class World:
    """The file's own workflow, ``seen`` from inside, among the others."""

    id: str
    here: Seen
    others: Mapping[str, Seen] = field(default_factory=dict)
    backs: tuple[str, ...] = ()
    """The keys that links of other workflows give to tasks here."""
    foreign_links: frozenset[str] = frozenset()
    """The ids of those other workflows' links."""
    foreign_keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The keys of tasks of the others that do not come from the file's own links."""

    @classmethod
    def of(cls, tables: Mapping[str, Any], workflows: Mapping[str, Workflow]) -> World:
        """The world of a file that was read as ``tables``, in a store of these ``workflows``."""
        own_id = text_in(tables, "id")
        others = {name: flow for name, flow in workflows.items() if name != own_id}
        backs = {
            link.back: name for name, flow in others.items() for link in flow.links if link.to == own_id
        }
        declared = [
            (text_in(each, "name"), text_in(each, "to"), text_in(each, "back"))
            for _, each in tables_in(tables, "links")
        ]
        return cls(
            own_id,
            _here(tables, own_id, declared, backs),
            {name: _there(flow, others, own_id, declared) for name, flow in others.items()},
            tuple(backs),
            frozenset(link.id for flow in others.values() for link in flow.links),
            {name: _there(flow, others, own_id, []).keys for name, flow in others.items()},
        )

    @property
    def ids(self) -> list[str]:
        """The workflows that a link can lead to."""
        return [each for each in (*self.others, self.id) if each]

    @property
    def keys_but_links(self) -> frozenset[str]:
        """The keys of tasks here that no link of the file has."""
        return frozenset([*BUILT_INS, *(each.name for each in self.here.schema.fields), *self.backs])

    def seen(self, workflow: str) -> Seen | None:
        """The workflow of that id."""
        return self.here if workflow == self.id else self.others.get(workflow)


def _here(
    tables: Mapping[str, Any],
    own_id: str,
    declared: list[tuple[str, str, str]],
    backs: Mapping[str, str],
) -> Seen:
    schema = Schema(
        stages=tuple(Stage(text_in(each, "name")) for _, each in tables_in(tables, "stages")),
        fields=tuple(_field(each) for _, each in tables_in(tables, "fields")),
    )
    ends = {**backs, **{name: to for name, to, _ in declared}}
    ends |= {back: own_id for _, to, back in declared if to == own_id}
    emails = frozenset(text_in(each, "email") for _, each in tables_in(tables, "people"))
    return Seen(text_in(tables, "name"), schema, emails, _keys(schema, ends), ends)


def _there(
    flow: Workflow,
    others: Mapping[str, Workflow],
    own_id: str,
    declared: list[tuple[str, str, str]],
) -> Seen:
    ends = {link.name: link.to for link in flow.links}
    ends |= {
        link.back: name for name, each in others.items() for link in each.links if link.to == flow.id
    }
    ends |= {back: own_id for _, to, back in declared if to == flow.id}
    emails = frozenset(each.email for each in flow.schema.people)
    return Seen(flow.name, flow.schema, emails, _keys(flow.schema, ends), ends)


def _keys(schema: Schema, ends: Mapping[str, str]) -> frozenset[str]:
    return frozenset([*BUILT_INS, *(each.name for each in schema.fields), *ends])


def _field(entry: Mapping[str, Any]) -> Field:
    """A field as far as it is said; a misspelled type is taken for the one that is near."""
    kind = nearest_of(text_in(entry, "type"), FieldType) or FieldType.TEXT
    options = entry.get("options")
    return Field(
        text_in(entry, "name"),
        kind,
        options=tuple(filter(None, names_of(options))) if isinstance(options, list) else (),
    )


def tables_in(
    holder: Mapping[str, Any], key: str, path: Path = ()
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The tables of a list, each with its path; what is no list or no table is passed over."""
    entries = holder.get(key)
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield (*path, key, number), entry


def names_in(holder: Mapping[str, Any], key: str) -> Iterator[tuple[int, str]]:
    """The texts of a list, with their numbers."""
    entries = holder.get(key)
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, str) and entry:
            yield number, entry


def text_in(holder: Mapping[str, Any], key: str) -> str:
    """The text under ``key``; empty where there is none."""
    value = holder.get(key)
    return value if isinstance(value, str) else ""
