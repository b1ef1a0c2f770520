"""What a command is: an id, words, default keys, and the scope in which its keys count."""

from __future__ import annotations

from enum import StrEnum

from fdtui.core.frozen import frozen


class Group(StrEnum):
    """Where a command belongs in the help."""

    MOVE = "Move"
    CARD = "Card"
    BOARD = "Board"
    ANYWHERE = "Anywhere"


class Scope(StrEnum):
    """Where keys count: the board, one of its panes, or what lies over it.

    The same key may mean one thing in each scope. The value is the first word of the ids of its
    commands (``triage.skip``), but for the board, whose ids name what they act on (``task.move``).
    """

    BOARD = "board"
    DETAIL = "detail"
    COMMENTS = "comments"
    CHECKLIST = "checklist"
    LINKS = "links"
    ACTIVITY = "activity"
    RUNS = "runs"
    TRANSFERS = "transfers"
    REQUESTS = "requests"
    TRIAGE = "triage"
    FILES = "files"
    PATHS = "paths"
    LIST = "list"
    TICKS = "ticks"
    QUESTION = "question"
    READER = "reader"
    HELP = "help"
    PREVIEW = "preview"
    FILTER = "filter"
    SUGGESTION = "suggestion"
    SORT = "sort"
    GROUP = "group"
    VIEWS = "views"
    PROMPT = "prompt"
    COMPOSER = "composer"
    MENTION = "mention"
    FORM = "form"
    FIELD = "field"
    CALENDAR = "calendar"
    CONFLICT = "conflict"
    JUMP = "jump"
    TEXT = "text"
    WELCOME = "welcome"
    CONNECT = "connect"

    @property
    def place(self) -> str:
        """Where one is, in the words of the help: ``Help for the board``."""
        return _PLACES[self]


_PLACES = {
    Scope.BOARD: "the board",
    Scope.DETAIL: "the detail pane",
    Scope.COMMENTS: "the comments",
    Scope.CHECKLIST: "the checklist",
    Scope.LINKS: "the linked tasks",
    Scope.ACTIVITY: "the pane at the bottom",
    Scope.RUNS: "the executions",
    Scope.TRANSFERS: "the files on their way",
    Scope.REQUESTS: "the request log",
    Scope.TRIAGE: "triage",
    Scope.FILES: "the files of a task",
    Scope.PATHS: "choosing a path",
    Scope.LIST: "a list",
    Scope.TICKS: "a list of several",
    Scope.QUESTION: "a question",
    Scope.READER: "a text",
    Scope.HELP: "the help",
    Scope.PREVIEW: "a preview",
    Scope.FILTER: "the filter",
    Scope.SUGGESTION: "the suggestions of the filter",
    Scope.SORT: "the sort",
    Scope.GROUP: "the groups",
    Scope.VIEWS: "the views",
    Scope.PROMPT: "a line of text",
    Scope.COMPOSER: "a comment",
    Scope.MENTION: "the list of names",
    Scope.FORM: "a form",
    Scope.FIELD: "a field",
    Scope.CALENDAR: "the calendar",
    Scope.CONFLICT: "a conflict",
    Scope.JUMP: "jump mode",
    Scope.TEXT: "typing",
    Scope.WELCOME: "the setup",
    Scope.CONNECT: "connecting",
}


@frozen
class Command:
    """One thing a user can do. A key is a sequence of key names, parted by spaces (``g g``)."""

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    group: Group = Group.ANYWHERE
    footer: str = ""
    """The word in the footer; empty for none."""
    counts: bool = False
    """Whether a number typed before it repeats it; any other command says that it takes none."""
    scope: Scope = Scope.BOARD
