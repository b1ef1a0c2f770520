"""The commands of lists, questions, and of texts to read: all that a dialog of the toolkit takes.

``esc`` has one word for each thing that it does, everywhere: *close* where nothing was at stake,
*back* where something was being chosen, *keep* where a question offers to destroy something,
*later* where what was typed stays as a draft, *drop* where what was typed goes.
"""

from __future__ import annotations

from fdtui.core.commands.command import Command, Scope


def _in(scope: Scope, name: str, title: str, help_: str, *keys: str, footer: str = "") -> Command:
    return Command(f"{scope}.{name}", title, help_, keys, scope=scope, footer=footer)


_L, _T, _Q, _R, _H = Scope.LIST, Scope.TICKS, Scope.QUESTION, Scope.READER, Scope.HELP
_P, _C, _M, _D = Scope.PROMPT, Scope.COMPOSER, Scope.MENTION, Scope.CALENDAR
_F, _S, _O = Scope.FILTER, Scope.SUGGESTION, Scope.SORT
_DOWN, _UP = ("down", "j", "ctrl+n", "tab"), ("up", "k", "ctrl+p", "shift+tab")

COMMANDS: tuple[Command, ...] = (
    _in(_L, "choose", "Choose", "Choose the item under the bar.", "enter", footer="choose"),
    _in(_L, "down", "Down", "To the next item.", *_DOWN, footer="down"),
    _in(_L, "up", "Up", "To the item above.", *_UP, footer="up"),
    _in(_L, "page-down", "Page down", "A page down.", "pagedown", "ctrl+d"),
    _in(_L, "page-up", "Page up", "A page up.", "pageup"),
    _in(_L, "close", "Back", "Leave the list without choosing.", "escape", "q", footer="back"),
    _in(_T, "tick", "Tick", "Tick the item under the bar, or untick it.", "space", footer="tick"),
    _in(_T, "done", "Done", "Take what is ticked.", "enter", footer="done"),
    _in(_Q, "choose", "Choose", "Give the answer under the bar.", "enter", footer="choose"),
    _in(_Q, "yes", "Yes", "Answer yes.", "y"),
    _in(_Q, "no", "No", "Answer no.", "n"),
    _in(_Q, "down", "Down", "To the next answer.", *_DOWN, footer="down"),
    _in(_Q, "up", "Up", "To the answer above.", *_UP, footer="up"),
    _in(_Q, "read-on", "Read on", "Show more.", "space", "pagedown", "ctrl+d", footer="read on"),
    _in(_Q, "read-back", "Read back", "Show what was before.", "pageup", "ctrl+u"),
    _in(_Q, "close", "Keep", "Leave everything as it is.", "escape", "q", footer="keep"),
    _in(_R, "accept", "Do it", "Do what is shown.", "enter"),
    _in(_R, "down", "Down", "One line down.", "j", "down", footer="down"),
    _in(_R, "up", "Up", "One line up.", "k", "up", footer="up"),
    _in(_R, "half-down", "Half a page down", "Half a page down.", "ctrl+d"),
    _in(_R, "half-up", "Half a page up", "Half a page up.", "ctrl+u"),
    _in(_R, "page-down", "Page down", "A page down.", "space", "pagedown"),
    _in(_R, "page-up", "Page up", "A page up.", "pageup"),
    _in(_R, "top", "Top", "To the first line.", "g", "home"),
    _in(_R, "bottom", "Bottom", "To the last line.", "G", "end"),
    _in(_R, "right", "Right", "Show what is further right.", "l", "right", footer="right"),
    _in(_R, "left", "Left", "Show what is further left.", "h", "left"),
    _in(_R, "start", "Start of the lines", "Back to the start of the lines.", "0"),
    _in(_R, "close", "Close", "Close the text.", "escape", "q", footer="close"),
    _in(_H, "search", "Search", "Show only what holds the words you type.", "/", footer="search"),
    _in(_H, "down", "Down", "One line down.", "j", "down", footer="down"),
    _in(_H, "up", "Up", "One line up.", "k", "up", footer="up"),
    _in(_H, "half-down", "Half a page down", "Half a page down.", "ctrl+d"),
    _in(_H, "half-up", "Half a page up", "Half a page up.", "ctrl+u"),
    _in(_H, "page-down", "Page down", "A page down.", "space", "pagedown", footer="page"),
    _in(_H, "page-up", "Page up", "A page up.", "pageup"),
    _in(_H, "top", "Top", "To the first line.", "g", "home", footer="top"),
    _in(_H, "bottom", "Bottom", "To the last line.", "G", "end", footer="bottom"),
    _in(_H, "close", "Close", "End the search, then close the help.", *("escape", "q", "?", "enter"),
        footer="close"),
    _in(_P, "accept", "Take it", "Take what you typed.", "enter", footer="take it"),
    _in(_P, "cancel", "Back", "Leave the line, and drop what you typed.", "escape", footer="back"),
    _in(_C, "send", "Send", "Send what you wrote.", "enter", "ctrl+o", footer="send"),
    _in(_C, "new-line", "New line", "Begin a new line; so does enter after a backslash.",
        *("ctrl+j", "shift+enter", "alt+enter"), footer="new line"),
    _in(_C, "later", "Later", "Keep what you wrote as a draft.", "escape", footer="later"),
    _in(_M, "take", "Take the name", "Put in the name under the bar.", "enter", "tab",
        footer="take the name"),
    _in(_M, "down", "Down", "To the next name.", "down", "ctrl+n", footer="down"),
    _in(_M, "up", "Up", "To the name above.", "up", "ctrl+p", footer="up"),
    _in(_M, "close", "Close the list", "Close the list of names only.", "escape",
        footer="close the list"),
    _in(_D, "choose", "Choose", "Choose the day.", "enter", "space", footer="choose"),
    _in(_D, "day-left", "Day before", "To the day before.", "h", "left", footer="day"),
    _in(_D, "day-right", "Day after", "To the day after.", "l", "right"),
    _in(_D, "week-down", "Week after", "To the week after.", "j", "down", footer="week"),
    _in(_D, "week-up", "Week before", "To the week before.", "k", "up"),
    _in(_D, "month-left", "Month before", "To the month before.", "H", "pageup", footer="month"),
    _in(_D, "month-right", "Month after", "To the month after.", "L", "pagedown"),
    _in(_D, "year-up", "Year before", "To the year before.", "K", footer="year"),
    _in(_D, "year-down", "Year after", "To the year after.", "J"),
    _in(_D, "today", "Today", "To today.", "t", footer="today"),
    _in(_D, "close", "Back", "Leave the calendar without choosing.", *("escape", "q", "ctrl+x"),
        footer="back"),
    _in(_F, "keep", "Keep the filter", "Go back to the board, filtered.", "enter", footer="keep"),
    _in(_F, "drop", "Drop the filter", "Show every card again.", "escape", footer="drop"),
    _in(_F, "older", "Older filter", "Call back the filter before.", "up", "ctrl+p", footer="history"),
    _in(_F, "newer", "Newer filter", "Call back the next filter.", "down", "ctrl+n"),
    _in(_F, "help", "The language", "Show what a filter can ask.", "f1", footer="language"),
    _in(_S, "take", "Complete", "Put in the suggestion under the bar, or the first.", "tab",
        footer="complete"),
    _in(_S, "down", "Down", "To the next suggestion.", "down", "ctrl+n"),
    _in(_S, "up", "Up", "To the suggestion above.", "up", "ctrl+p"),
    _in(_S, "choose", "Take it", "Put in the suggestion under the bar.", "enter", footer="take it"),
    _in(_S, "close", "Back", "Go back to the text.", "escape", footer="back"),
    _in(Scope.JUMP, "close", "Back", "Stay where you are.", "escape", footer="back"),
    _in(_O, "also", "And then by", "Sort by the field after the others; again, the other way.",
        "ctrl+t", footer="and then by"),
    _in(_O, "drop", "Drop the field", "Sort by the field no longer.", "ctrl+x", footer="drop"),
)  # fmt: skip
