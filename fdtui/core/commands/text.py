"""The commands of whatever one types into: the habits of readline, and of editors.

In what holds one line, the commands that need more do nothing. ``ctrl+z`` is none of the keys: it
gives the terminal back to the shell.
"""

from __future__ import annotations

from fdtui.core.commands.command import Command, Scope


def _text(name: str, title: str, help_: str, *keys: str) -> Command:
    return Command(f"text.{name}", title, help_, keys, scope=Scope.TEXT)


def _select(name: str, place: str, *keys: str) -> Command:
    return _text(f"select-{name}", f"Select {place}", f"Select from the caret {place}.", *keys)


COMMANDS: tuple[Command, ...] = (
    _text("left", "Left", "One letter to the left.", "left", "ctrl+b"),
    _text("right", "Right", "One letter to the right.", "right", "ctrl+f"),
    _text("word-left", "Word left", "One word to the left.", "ctrl+left", "alt+left", "alt+b"),
    _text("word-right", "Word right", "One word to the right.", "ctrl+right", "alt+right", "alt+f"),
    _text("line-start", "Start of the line", "To the start of the line.", "home", "ctrl+a"),
    _text("line-end", "End of the line", "To the end of the line.", "end", "ctrl+e"),
    _text("start", "Start of the text", "To the start of the text.", "ctrl+home", "alt+<"),
    _text("end", "End of the text", "To the end of the text.", "ctrl+end", "alt+>"),
    _text("up", "Line up", "One line up.", "up"),
    _text("down", "Line down", "One line down.", "down"),
    _select("left", "to the left", "shift+left"),
    _select("right", "to the right", "shift+right"),
    _select("word-left", "a word to the left", "ctrl+shift+left", "alt+shift+left"),
    _select("word-right", "a word to the right", "ctrl+shift+right", "alt+shift+right"),
    _select("line-start", "to the start of the line", "shift+home"),
    _select("line-end", "to the end of the line", "shift+end"),
    _select("start", "to the start of the text", "ctrl+shift+home"),
    _select("end", "to the end of the text", "ctrl+shift+end"),
    _select("up", "a line up", "shift+up"),
    _select("down", "a line down", "shift+down"),
    _text(
        "backspace",
        "Backspace",
        "Delete the selection, or the letter before.",
        *("backspace", "ctrl+h", "shift+backspace"),
    ),
    _text("delete", "Delete", "Delete the selection, or the letter after.", "delete", "ctrl+d"),
    _text("kill-start", "Cut to the start", "Cut to the start of the line.", "ctrl+u"),
    _text("kill", "Cut to the end", "Cut to the end of the line.", "ctrl+k"),
    _text("kill-back", "Cut back", "Cut back to the blank before.", "ctrl+w"),
    _text("kill-word-left", "Cut word left", "Cut the word before.", "alt+backspace", "ctrl+backspace"),
    _text(
        "kill-word-right",
        "Cut word right",
        "Cut the word after.",
        *("alt+d", "alt+delete", "ctrl+delete"),
    ),
    _text("yank", "Put in", "Put in what was cut last.", "ctrl+y"),
    _text(
        "undo", "Undo", "Undo the last change of the text.", *("ctrl+_", "ctrl+underscore", "ctrl+slash")
    ),
    _text("new-line", "New line", "Begin a new line.", "enter"),
)
