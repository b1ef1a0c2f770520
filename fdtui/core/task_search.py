"""Tasks of several boards that hold what was typed, found a few at a time and ranked. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from fdtui.core.frozen import frozen
from fdtui.core.fuzzy import fuzzy
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.search import words_of
from fdtui.core.search_pass import CardTexts, WordMatcher
from fdtui.core.task import Task, title_of
from fdtui.core.task_list import BLOCK
from fdtui.core.task_map import TaskMap

MAX_FOUND = 200
"""Tasks of one board that are ranked; whoever looks for one of more types another word."""
MAX_TYPED = 200
"""Letters of what was typed that count."""
SAME_ID = 1000.0
"""The rank of the task whose unique id was typed."""
IN_OTHER_FIELDS = 0.5
"""The rank of a task that holds the words, but not in its title."""


class SearchedBoard:
    """The tasks of one workflow with the texts they are found by, which are made once."""

    def __init__(self, workflow: WorkflowRef, schema: Schema, tasks: TaskMap) -> None:
        self.workflow, self.schema, self.tasks = workflow, schema, tasks
        self.texts = CardTexts(tasks.shared, schema)

    def follow(self, schema: Schema, tasks: TaskMap) -> SearchedBoard:
        """The board with other tasks; what is known of the same listing is kept."""
        if tasks is self.tasks and schema is self.schema:
            return self
        made = SearchedBoard(self.workflow, schema, tasks)
        if tasks.shared is self.tasks.shared and schema is self.schema:
            made.texts = self.texts
        return made


@frozen
class FoundTask:
    """A task that holds the words, and how well it fits."""

    board: SearchedBoard
    task: Task
    title: str
    rank: float
    places: tuple[int, ...] = ()
    """The letters of the title that were typed."""


class TaskSearch:
    """One text, held against the tasks of each board in turn."""

    def __init__(self, boards: Iterable[SearchedBoard], text: str) -> None:
        self._text = text.strip()[:MAX_TYPED]
        self.found: list[FoundTask] = []
        self._boards = deque(boards)
        self._left: Iterator[int] | None = self._in_order()

    @property
    def is_over(self) -> bool:
        """Whether every board has been looked through."""
        return self._left is None

    def add(self, board: SearchedBoard) -> None:
        """Look through this board, too, behind all others."""
        self._boards.append(board)
        if self._left is None:
            self._left = self._in_order()

    def go_on(self, most: int | None) -> None:
        """Look at this many of the tasks that are left, or a few more; ``None`` for all."""
        if self._left is None:
            return
        count = 0
        for seen in self._left:
            count += seen
            if most is not None and count >= most:
                return
        self._left = None

    def _in_order(self) -> Iterator[int]:
        words = words_of(self._text)
        while words and self._boards:
            yield from self._in_board(self._boards.popleft(), words)

    def _in_board(self, board: SearchedBoard, words: tuple[str, ...]) -> Iterator[int]:
        """Search one board; answers again and again how many tasks were looked at."""
        tasks, matcher = board.tasks, WordMatcher(board.texts, words)
        same = tasks.get(self._text) or tasks.get(self._text.upper())
        if same is not None:
            self._add(board, same, SAME_ID)
        hidden = {*tasks.gone.values(), *tasks.apart}
        most = len(self.found) + MAX_FOUND
        for place, task in list(tasks.apart.items()):
            if matcher.is_found(place, task) and task is not same:
                self._add(board, task)
            yield 1
        for number in range(-(-len(tasks.shared) // BLOCK)):
            places = sorted(matcher.in_block(number) - hidden)
            block = tasks.shared.block(number) if places else []
            for place in places:
                task = block[place - number * BLOCK]
                if same is None or task.key != same.key:
                    self._add(board, task)
                if len(self.found) >= most:
                    return
            yield BLOCK

    def _add(self, board: SearchedBoard, task: Task, rank: float = 0.0) -> None:
        title = title_of(task, board.schema, "(untitled)")[:500]
        hit = fuzzy(self._text, title)
        score, places = hit if hit is not None else (IN_OTHER_FIELDS, ())
        self.found.append(FoundTask(board, task, title, max(rank, score, IN_OTHER_FIELDS), places))
