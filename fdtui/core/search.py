"""Finding cards and people as one types: plain substrings for cards, fuzzy for short lists."""

from __future__ import annotations

from fdtui.core.fields import show
from fdtui.core.schema import Field, Schema
from fdtui.core.task import Task


class CardSearch:
    """Which tasks hold every word of a text, in any field, whatever the case.

    Keeps what it read of each task for as long as the task stays the same object.
    """

    def __init__(self) -> None:
        self._texts: dict[str, tuple[Task, str]] = {}

    def matches(self, task: Task, words: tuple[str, ...], schema: Schema) -> bool:
        """Whether ``task`` holds all ``words`` (see `words_of`)."""
        text = self._text(task, schema)
        return all(word in text for word in words)

    def _text(self, task: Task, schema: Schema) -> str:
        known = self._texts.get(task.key)
        if known is not None and known[0] is task:
            return known[1]
        parts = []
        for name, value in task.row.items():
            if value is None or value is False:
                continue
            if isinstance(value, str):
                parts.append(value)
            shown = show(schema.field(name) or Field(name, type="unknown"), value)
            if shown != value:
                parts.append(shown)
        person = schema.person(task.assignee) if task.assignee else None
        if person is not None:
            parts.append(person.name)
        text = "\n".join(parts).casefold()
        self._texts[task.key] = (task, text)
        return text


def words_of(text: str) -> tuple[str, ...]:
    """The words that a card must hold to pass the filter ``text``."""
    return tuple(text.casefold().split())


def fuzzy(query: str, text: str) -> tuple[float, tuple[int, ...]] | None:
    """How well ``query`` fits ``text``, with the places of its letters; ``None`` where it does not.

    Greedy and linear, unlike `textual.fuzzy`, which is exponential in the query: a run of letters
    and the start of a word count for more, and shorter texts win.
    """
    folded, wanted = text.casefold(), query.casefold().replace(" ", "")
    if len(folded) != len(text):
        folded = text.lower() if len(text.lower()) == len(text) else text
    whole = folded.find(wanted)
    if wanted and whole >= 0:
        at_word = whole == 0 or not folded[whole - 1].isalnum()
        bonus = 3 if at_word else 0
        return 3.0 * len(wanted) + bonus - len(text) * 0.01, tuple(range(whole, whole + len(wanted)))
    score, last, places = 0.0, -2, []
    for letter in wanted:
        at = folded.find(letter, last + 1 if last >= 0 else 0)
        if at < 0:
            return None
        if at == last + 1:
            score += 2
        elif at == 0 or not folded[at - 1].isalnum():
            score += 1.5
        places.append(at)
        last = at
    return score - len(text) * 0.01, tuple(places)
