"""The commands of the board."""

from __future__ import annotations

from fdtui.core.commands.command import Command, Group

_M, _C, _B, _A = Group.MOVE, Group.CARD, Group.BOARD, Group.ANYWHERE

COMMANDS: tuple[Command, ...] = (
    Command("cursor.down", "Down", "To the next card, field or row.", ("j", "down"), _M, counts=True),
    Command("cursor.up", "Up", "To the card, field or row above.", ("k", "up"), _M, counts=True),
    Command("column.previous", "Left", "To the column on the left.", ("h", "left"), _M, counts=True),
    Command("column.next", "Right", "To the column on the right.", ("l", "right"), _M, counts=True),
    Command(
        "cursor.top",
        "Top",
        "To the first card; with a count, to that card.",
        ("g g", "home"),
        _M,
        counts=True,
    ),
    Command(
        "cursor.bottom",
        "Bottom",
        "To the last card; with a count, to that card.",
        ("G", "end"),
        _M,
        counts=True,
    ),
    Command(
        "cursor.half-down",
        "Half a page down",
        "Half a column down.",
        ("ctrl+d", "pagedown"),
        _M,
        counts=True,
    ),
    Command(
        "cursor.half-up", "Half a page up", "Half a column up.", ("ctrl+u", "pageup"), _M, counts=True
    ),
    Command("column.first", "First column", "To the first column.", ("0",), _M),
    Command("column.last", "Last column", "To the last column.", ("$",), _M),
    Command("pane.tab-next", "Next tab", "To the task's next tab.", ("]",), _M, counts=True),
    Command("pane.tab-previous", "Previous tab", "To the task's tab before.", ("[",), _M, counts=True),
    Command("pane.next", "Next pane", "From the board to the detail pane and back.", ("tab",), _M),
    Command(
        "task.open",
        "Open",
        "Show every field of the task; in its pane, edit the field under the cursor.",
        ("enter",),
        _C,
        footer="open",
    ),
    Command("task.edit", "Edit…", "Edit all fields of the task in a form.", ("e",), _C, footer="edit"),
    Command("task.move", "Move to stage…", "Choose a stage for the task.", ("m",), _C, footer="move"),
    Command(
        "task.move-previous", "Move to previous stage", "One stage to the left.", ("H",), _C, counts=True
    ),
    Command(
        "task.move-next",
        "Move to next stage",
        "One stage to the right.",
        ("L",),
        _C,
        footer="next stage",
        counts=True,
    ),
    Command("task.assign", "Assign…", "Assign the task, or unassign it.", ("A",), _C, footer="assign"),
    Command(
        "task.actions",
        "Actions…",
        "Choose an action to run on the task; in the open card 1 to 9 run one at once.",
        ("a",),
        _C,
        footer="actions",
    ),
    Command("task.fix", "Fix requirement", "Jump to the field that the last action needs.", ("!",), _C),
    Command(
        "task.assign-me",
        "Assign to me",
        "Assign the task to yourself; again to unassign it.",
        ("I",),
        _C,
    ),
    Command(
        "task.select",
        "Select",
        "Select or deselect the card and move to the next.",
        ("space",),
        _C,
        footer="select",
        counts=True,
    ),
    Command(
        "task.select-column",
        "Select the column",
        "Select or deselect every card of the column that the filter shows.",
        ("V",),
        _C,
    ),
    Command(
        "task.duplicate",
        "Duplicate…",
        "Copy the task into a new form.",
        ("D",),
        _C,
    ),
    Command("task.delete", "Delete…", "Delete the task for everyone; asks first.", ("d",), _C),
    Command(
        "task.comments",
        "Comments",
        "Read the comments; again to write one.",
        ("c",),
        _C,
        footer="comments",
    ),
    Command("task.checklist", "Checklist", "View, tick, skip and add checklist items.", ("C",), _C),
    Command(
        "task.links", "Linked tasks", "See, open, link and unlink tasks of other workflows.", ("K",), _C
    ),
    Command("task.activity", "Activity", "Who changed what, and when.", ("t",), _C),
    Command("task.copy", "Copy…", "Copy the task's unique id, title, address or whole.", ("y",), _C),
    Command("task.files", "Files", "See, attach, fetch and remove the task's files.", ("f",), _C),
    Command("task.open-url", "Open in browser", "Open the task's page in the browser.", ("o",), _C),
    Command("task.new", "New task…", "Make a task in this column.", ("n",), _B, footer="new"),
    Command(
        "board.filter",
        "Filter",
        "Show only the cards you ask for: words, fields, people, dates.",
        ("/",),
        _B,
        footer="filter",
    ),
    Command(
        "board.sort",
        "Sort…",
        "Order the cards of each column by any fields, up or down.",
        ("s",),
        _B,
    ),
    Command(
        "board.collapse", "Collapse column", "Fold the column to a strip, or unfold it.", ("z",), _B
    ),
    Command("board.toggle-end", "Hide or show end stages", "Hide what is done, or show it.", (".",), _B),
    Command(
        "board.switch-workflow",
        "Switch workflow…",
        "Show another workflow.",
        ("w",),
        _B,
        footer="workflow",
    ),
    Command(
        "board.resolve",
        "Resolve a conflict…",
        "Choose between your change and the other person's.",
        ("=",),
        _B,
    ),
    Command(
        "board.undo",
        "Undo",
        "Undo your last change; a bulk change as a whole.",
        ("u",),
        _B,
        counts=True,
    ),
    Command("board.redo", "Redo", "Redo what you undid last.", ("ctrl+r",), _B, counts=True),
    Command(
        "board.stop",
        "Stop in bulk",
        "Cancel everything not yet sent.",
        ("X",),
        _B,
    ),
    Command(
        "board.results",
        "Results of the bulk change",
        "Show which tasks it changed and which it did not.",
        ("B",),
        _B,
    ),
    Command(
        "board.waiting",
        "Waiting changes…",
        "See what the server has not taken yet: send, retry, edit, discard.",
        ("W",),
        _B,
    ),
    Command("board.trash", "Deleted tasks…", "Restore a task you deleted.", (), _B),
    Command("triage.start", "Triage", "Work through the queue one task at a time.", ("T",), _B),
    Command(
        "runs.toggle", "Executions", "Show executions, files and requests; again to close.", ("x",), _B
    ),
    Command("runs.requests", "Request log", "Every request to the server, as curl if need be.", (), _B),
    Command("board.refresh", "Refresh", "Ask the server now.", ("r",), _B, footer="refresh"),
    Command(
        "app.help",
        "Help",
        "Show the commands and keys for where you are.",
        ("?", "f1"),
        _A,
        footer="help",
    ),
    Command("app.palette", "Command palette", "Find any command by name.", (":", "ctrl+p"), _A),
    Command(
        "app.repaint",
        "Draw the screen again",
        "Repair the screen after another program wrote on it.",
        ("ctrl+l",),
        _A,
    ),
    Command("app.theme", "Dark or light", "Change between the dark and the light theme.", (), _A),
    Command(
        "app.cancel", "Cancel", "Close what is open, drop the filter, forget a count.", ("escape",), _A
    ),
    Command("app.back", "Back or quit", "Close what is open; on the bare board, quit.", ("q",), _A),
)
