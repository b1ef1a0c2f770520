"""How the shells ask for the words that may follow, and how a word is written in each of them.

A name may hold blanks, quotes and commas. Scripts of click's own, which earlier versions printed, are
answered as they were.
"""

from __future__ import annotations

import os
import re
import shlex
from functools import lru_cache
from typing import ClassVar

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

from fdtui.cli.suggestions import GOES_ON
from fdtui.core.errors import FdtuiError

_REPLACED = "_FDTUI_PIECE"
"""The variable that holds the end of the word that bash replaces: its words end at ``=`` and ``:``."""
_CURSOR = "\ue000"
"""Stands for the cursor, so that the last word is there even if it is empty."""
_NOT_PLAIN = re.compile(r"([^\w@%+,./:=-])")
_IN_DOUBLE_QUOTES = re.compile(r'(["\\`$])')


class _Quiet(ShellComplete):
    """Suggests nothing where the words so far make no sense; whoever runs them hears why."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Those of click, whole words also behind ``--option=``."""
        option, equals, _ = incomplete.partition("=")
        try:
            found = super().get_completions(args, incomplete)
        except (FdtuiError, click.ClickException):
            return []
        if not (equals and option.startswith("--")):
            return found
        return [_with_value(each, f"{option}={each.value}") for each in found]


class Bash(_Quiet, BashComplete):
    """Bash, which inserts a word as it is written."""

    source_template: ClassVar[str] = """\
%(complete_func)s() {
    local response line value
    response=$(env COMP_WORDS="${COMP_LINE:0:COMP_POINT}" _FDTUI_PIECE="$2" \
%(complete_var)s=bash_complete "$1")
    COMPREPLY=()
    while IFS= read -r line; do
        value=${line#*,}
        case ${line%%%%,*} in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            open) compopt -o nospace; COMPREPLY+=("$value") ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done <<< "$response"
    return 0
}

%(complete_func)s_setup() {
    complete -o nosort -F %(complete_func)s %(prog_name)s
}

%(complete_func)s_setup;
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and what stands of the last."""
        if _REPLACED not in os.environ:
            return super().get_completion_args()
        words, _ = _split(os.environ["COMP_WORDS"])
        return list(words[1:-1]), words[-1]

    def format_completion(self, item: CompletionItem) -> str:
        """The end of the word that bash replaces, written as the word was begun."""
        if _REPLACED not in os.environ:
            return f"{'plain' if item.type == GOES_ON else item.type},{item.value}"
        words, quote = _split(os.environ["COMP_WORDS"])
        piece, _ = _split(f"{quote}{os.environ[_REPLACED]}")
        before = len(words[-1]) - len(piece[-1])
        return f"{item.type},{_quoted(str(item.value)[before:], quote)}"


class Zsh(_Quiet, ZshComplete):
    """Zsh, which quotes words itself."""

    source_template: ClassVar[str] = ZshComplete.source_template.replace(
        """        elif [[ "$type" == "dir" ]]; then""",
        """        elif [[ "$type" == "open" ]]; then
            compadd -U -S '' -- "$key"
        elif [[ "$type" == "dir" ]]; then""",
    )

    def format_completion(self, item: CompletionItem) -> str:
        """Three lines; a word that goes on has no sentence, in which zsh would look for colons."""
        if item.type == GOES_ON:
            return f"{GOES_ON}\n{item.value}\n_"
        return super().format_completion(item)


class Fish(_Quiet, FishComplete):
    """Fish, which quotes words itself, and adds no blank behind ``=``."""

    source_template: ClassVar[str] = FishComplete.source_template.replace(
        'string split "," $completion', 'string split -m 1 "," $completion'
    )

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and what stands of the last, which may hold blanks."""
        words, _ = _split(os.environ["COMP_WORDS"])
        return list(words[1:-1]), words[-1]

    def format_completion(self, item: CompletionItem) -> str:
        """A line; fish sees by itself after which words no blank belongs."""
        return super().format_completion(_with_type(item, "plain") if item.type == GOES_ON else item)


def register() -> None:
    """Let click answer by these."""
    for each in (Bash, Zsh, Fish):
        add_completion_class(each)


def _with_value(item: CompletionItem, value: str) -> CompletionItem:
    return CompletionItem(value, type=item.type, help=item.help)


def _with_type(item: CompletionItem, kind: str) -> CompletionItem:
    return CompletionItem(item.value, type=kind, help=item.help)


@lru_cache(maxsize=4)
def _split(line: str) -> tuple[tuple[str, ...], str]:
    """The words of ``line``, the last being the one that ends with it; and the quote that is open."""
    lexer = shlex.shlex(f"{line}{_CURSOR}", posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words, quote = list[str](), ""
    try:
        words.extend(lexer)
    except ValueError:  # a quote is open
        words.append(lexer.token or "")
        state = getattr(lexer, "state", "")
        quote = state if state in ("'", '"') else ""
    words[-1] = words[-1].removesuffix(_CURSOR)
    return tuple(words), quote


def _quoted(text: str, quote: str) -> str:
    """``text`` as it has to be written behind ``quote``, or behind none."""
    if quote == "'":
        return text.replace("'", "'\\''")
    return (_IN_DOUBLE_QUOTES if quote else _NOT_PLAIN).sub(r"\\\1", text)
