"""Every setting: its name, what it may be, what it does, and what it is when nobody says.

The tables of ``config.toml`` are the dataclasses below, key for field. A field's metadata holds its
kind and its sentence, so that the checker, ``fdtui config show`` and the manual read one list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from fdtui.config import kinds
from fdtui.config.kinds import Kind
from fdtui.config.secret import Secret
from fdtui.core.frozen import frozen
from fdtui.core.views import NamedView

AFTER_MOVE = ("stay", "follow")
DENSITIES = ("auto", "roomy", "comfortable", "compact", "line")
DIMS = ("auto", "on", "off")
PICTURES = ("auto", "kitty", "iterm", "sixel", "blocks")
PRESETS = ("vim", "plain")
THEMES = ("auto", "dark", "light")


def setting(kind: Kind, default: Any, says: str) -> Any:
    """A field that is a setting."""
    return field(default=default, metadata={"kind": kind, "says": says})


@frozen
class Profile:
    """``[profiles.NAME]``: one workspace, and how it is used."""

    name: str = ""
    """Its name in the file; empty where options and environment said everything."""
    url: str = setting(
        kinds.text, "", "Where Flowdash is: https://app.flowdash.com or your own install."
    )
    local: bool = setting(kinds.flag, False, "A local workspace, stored in a file; needs no url.")
    database: str = setting(
        kinds.text, "", "The file of a local workspace; by default in the data folder."
    )
    workflow: str = setting(kinds.text, "", "The workflow to open, by id or name; else the first one.")
    user: str = setting(kinds.text, "", "Your e-mail in Flowdash: who “me” is, sent as performed_by.")
    api_key: Secret | None = setting(
        kinds.secret, None, "The workspace API key. The file must then be readable by you alone."
    )
    api_key_command: tuple[str, ...] = setting(
        kinds.command, (), 'A program that prints the key: ["pass", "show", "flowdash"].'
    )
    api_key_url: str = setting(
        kinds.text, "", "The url that the key was given for; to any other url it is not sent."
    )
    webhook_url: Secret | None = setting(
        kinds.secret, None, "The older webhook address of a workflow, which can only create tasks."
    )
    insecure_http: bool = setting(
        kinds.flag, False, "Allow http:// to another machine: the key is sent unencrypted."
    )
    read_only: bool = setting(
        kinds.flag, False, "Change nothing: no request but GET leaves the program."
    )
    unique_id: str = setting(
        kinds.text, "", "The unique-id field, where the server does not list its fields."
    )
    stages: tuple[str, ...] = setting(
        kinds.texts, (), "The stages in board order, where the install does not say."
    )
    poll: float = setting(
        kinds.between(2, 3600),
        5.0,
        "Seconds between two looks at the server: less while you act, more while nothing is done or the"
        " terminal is not in focus. A server of fdtui tells by itself what changed.",
    )
    title: str | None = setting(kinds.text, None, "The field that is a card's title.")
    card_fields: tuple[str, ...] | None = setting(
        kinds.texts, None, "The fields that a card shows beside title and unique id."
    )
    wip_limits: tuple[tuple[str, int], ...] = setting(
        kinds.counts, (), "Stages and how many tasks each should hold at most."
    )

    @property
    def is_configured(self) -> bool:
        """Whether it says where the tasks are."""
        return self.local or bool(self.url)


@frozen
class Board:
    """``[board]``: how the board looks."""

    theme: str = setting(kinds.one_of(*THEMES), "auto", "auto, dark or light.")
    density: str = setting(
        kinds.one_of(*DENSITIES),
        "auto",
        "Lines a card: roomy 4, comfortable 3, compact 2, line 1; auto picks by the window's height and"
        " the number of cards.",
    )
    hide_end_stages: bool = setting(kinds.flag, False, "Start without the stages whose tasks are done.")
    ascii: bool = setting(kinds.flag, False, "Draw with plain ASCII signs only.")
    detail: str = setting(
        kinds.one_of("auto", "closed"),
        "auto",
        "The task under the cursor: auto shows it by itself in windows of 180 columns and more; closed.",
    )
    previews: bool = setting(
        kinds.flag, True, "Fetch a file to show it in the terminal; false for slow links."
    )
    pictures: str = setting(
        kinds.one_of(*PICTURES),
        "auto",
        "What images are drawn with: auto (asks the terminal), kitty, iterm, sixel or blocks.",
    )
    dim: str = setting(
        kinds.one_of(*DIMS), "auto", "Dim the board behind a dialog: on, off, or auto (not over SSH)."
    )
    motion: bool = setting(kinds.flag, True, "Briefly highlight cards that others change.")
    mouse: bool = setting(
        kinds.flag,
        True,
        "Take clicks and the wheel; false leaves the mouse to the terminal, to select text.",
    )
    after_move: str = setting(
        kinds.one_of(*AFTER_MOVE),
        "stay",
        "Where the cursor is after you moved a card: stay in the column, or follow the card.",
    )


@frozen
class Actions:
    """``[actions]``: how the actions of a workflow are run."""

    confirm: tuple[str, ...] = setting(
        kinds.texts, (), 'Names of actions that ask before they run: ["Delete"].'
    )


@frozen
class Notify:
    """``[notify]``: how you are notified that an execution ended, besides the message on the screen."""

    bell: bool = setting(kinds.flag, False, "Ring the terminal's bell when an execution has ended.")
    osc: bool = setting(
        kinds.flag, False, "Ask the terminal for a notification (OSC 9 and 777) when one has ended."
    )


@frozen
class Keys:
    """``[keys]``: a preset, and command ids with the keys that they get instead."""

    preset: str = setting(kinds.one_of(*PRESETS), "vim", "vim or plain.")
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Command id to its keys; `fdtui.core.keymap.build_keymap` checks both."""


@frozen
class ViewSettings:
    """A ``[[views]]``: how a board is shown, under a name."""

    name: str = setting(kinds.view_name, "", "Its name, as the tab in the first line shows it.")
    workflow: str = setting(
        kinds.text, "", "The workflow that it is for, by id or name; left out, for each of them."
    )
    workflows: tuple[str, ...] = setting(
        kinds.texts,
        (),
        'Instead of one: those whose cards it lists together, `["*"]` for all. Of the rest, `filter`,'
        " `sort` and `hide_end_stages` count.",
    )
    default: bool = setting(kinds.flag, False, "Whether its workflow begins with it.")
    filter: str = setting(kinds.text, "", 'Which cards it shows: `"assignee:me due<+3d"`.')
    sort: str = setting(kinds.text, "", 'What its cards are sorted by: `"severity, due desc"`.')
    group: str = setting(
        kinds.text, "", "The field by which the cards of a column are grouped: a person or a choice."
    )
    sum: str = setting(kinds.text, "", "The number that is summed over each group.")
    density: str = setting(
        kinds.one_of(*DENSITIES), "", "Lines of its cards; left out, as `[board]` says."
    )
    fields: tuple[str, ...] | None = setting(
        kinds.texts, None, "The fields of its cards; left out, as the profile's `card_fields` say."
    )
    hide_end_stages: bool | None = setting(
        kinds.flag, None, "Whether it hides the stages of what is done; left out, as `[board]` says."
    )
    folded: tuple[str, ...] = setting(kinds.texts, (), "The stages whose columns are folded.")
    folded_groups: tuple[str, ...] = setting(
        kinds.words, (), 'The groups that are folded: an option or an e-mail, `""` for no value.'
    )


@frozen
class Settings:
    """All that was set, by whomever; made once and handed down."""

    profile: Profile = Profile()
    """The one in use, options and environment applied."""
    profiles: tuple[str, ...] = ()
    """The names of all in the file."""
    board: Board = Board()
    keys: Keys = Keys()
    actions: Actions = Actions()
    notify: Notify = Notify()
    views: tuple[NamedView, ...] = ()
    """Those of the file, in its order."""
    config_file: Path | None = None
    """The file that was read, or ``None`` where there was none."""
    stored_url: str = ""
    """The url that the file gives this profile; the profile's own may come from elsewhere."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """For each key of the profile that was set: the option, variable or file that won."""
