"""A board of Trello, as its menu exports it: cards, with lists, members and checklists beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from fdtui.core.strictjson import loads
from fdtui.core.values import Value
from fdtui.importing.rows import ColumnRole, SourceRow, comment, nonempty, remote_file, to_do

TRELLO_ROLES = {
    "Card ID": ColumnRole.ID,
    "Name": ColumnRole.TITLE,
    "Description": ColumnRole.BODY,
    "List": ColumnRole.STAGE,
    "Members": ColumnRole.ASSIGNEE,
    "Due": ColumnRole.DUE,
    "Checklists": ColumnRole.CHECKLIST,
    "Comments": ColumnRole.COMMENTS,
    "Attachments": ColumnRole.FILES,
}
_USUAL_NAME = "checklist"
"""What Trello calls a checklist that nobody gave a name."""
_VALUE_KINDS = ("text", "number", "date")


def is_board(value: object) -> bool:
    """Whether ``value`` is such an export."""
    return isinstance(value, dict) and all(
        isinstance(value.get(key), list) for key in ("cards", "lists")
    )


def read(text: TextIO) -> Iterator[SourceRow]:
    """The cards in the order of the export, the archived ones too; they are counted."""
    board = loads(text.read(), forgiving=True)
    beside = _Beside(board)
    for number, card in enumerate(_objects(board, "cards"), 1):
        values = beside.values(card)
        is_archived = values.pop("Archived", False) is True
        yield SourceRow(number, values, values, is_archived=is_archived)


def stages(text: TextIO) -> list[str]:
    """The lists that are not archived, with cards or without."""
    lists = _objects(loads(text.read(), forgiving=True), "lists")
    return [str(each.get("name")) for each in sorted(lists, key=_place) if not each.get("closed")]


class _Beside:
    """What stands beside the cards, by its ids."""

    def __init__(self, board: Mapping[str, Any]) -> None:
        self._lists = {each.get("id"): each for each in _objects(board, "lists")}
        self._members = {each.get("id"): each for each in _objects(board, "members")}
        self._custom = {each.get("id"): each for each in _objects(board, "customFields")}
        self._checklists: dict[Any, list[Mapping[str, Any]]] = defaultdict(list)
        for each in _objects(board, "checklists"):
            self._checklists[each.get("idCard")].append(each)
        self._comments: dict[Any, list[Value]] = defaultdict(list)
        for action in reversed(_objects(board, "actions")):  # the newest stands first
            if action.get("type") in {"commentCard", "copyCommentCard"}:
                data = action.get("data") or {}
                told = comment(_who(action), action.get("date"), data.get("text"))
                self._comments[(data.get("card") or {}).get("id")].append(told)

    def values(self, card: Mapping[str, Any]) -> dict[str, Value]:
        """A card as a row."""
        where = self._lists.get(card.get("idList"), {})
        members = [self._members.get(each) for each in card.get("idMembers") or ()]
        known: dict[str, Value] = {
            "Card ID": card.get("shortLink") or card.get("id"),
            "Name": card.get("name"),
            "Description": card.get("desc"),
            "List": where.get("name"),
            "Members": [_name(each) for each in members if each],
            "Labels": [each.get("name") or each.get("color") or "" for each in _objects(card, "labels")],
            "Due": card.get("due"),
            "Due Complete": card.get("dueComplete"),
            "Start": card.get("start"),
            "URL": card.get("shortUrl") or card.get("url"),
            "Checklists": list(self._to_do(card)),
            "Comments": self._comments.get(card.get("id"), []),
            "Attachments": [
                remote_file(each.get("url"), each.get("name")) for each in _objects(card, "attachments")
            ],
            "Archived": bool(card.get("closed") or where.get("closed")),
        }
        for item in _objects(card, "customFieldItems"):
            definition = self._custom.get(item.get("idCustomField"))
            if definition:
                known[str(definition.get("name"))] = _custom_value(item, definition)
        return nonempty(known)

    def _to_do(self, card: Mapping[str, Any]) -> Iterator[Value]:
        lists = self._checklists.get(card.get("id"), [])
        for each in sorted(lists, key=_place):
            name = str(each.get("name") or "")
            before = "" if name.lower() == _USUAL_NAME or not name else f"{name}: "
            for item in sorted(_objects(each, "checkItems"), key=_place):
                yield to_do(f"{before}{item.get('name')}", is_done=item.get("state") == "complete")


def _custom_value(item: Mapping[str, Any], definition: Mapping[str, Any]) -> Value:
    chosen = item.get("idValue")
    if chosen:
        options = {each.get("id"): each for each in _objects(definition, "options")}
        text: Value = ((options.get(chosen) or {}).get("value") or {}).get("text")
        return text
    value = item.get("value") or {}
    if "checked" in value:
        return str(value["checked"]).lower() == "true"
    return next((value[kind] for kind in _VALUE_KINDS if value.get(kind) is not None), None)


def _who(action: Mapping[str, Any]) -> str:
    return _name(action.get("memberCreator") or {})


def _name(member: Mapping[str, Any]) -> str:
    return str(member.get("email") or member.get("fullName") or member.get("username") or "")


def _place(item: Mapping[str, Any]) -> float:
    place = item.get("pos")
    return float(place) if place is not None and not isinstance(place, str) else 0.0


def _objects(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [each for each in value.get(name) or () if isinstance(each, dict)]
