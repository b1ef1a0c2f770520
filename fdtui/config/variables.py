"""The environment variables that the program reads, and what each says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "FDTUI_URL": "Where Flowdash is.",
        "FDTUI_API_KEY": "The workspace API key.",
        "FDTUI_WORKFLOW": "The workflow to open, by id or name.",
        "FDTUI_PROFILE": "The profile to use.",
        "FDTUI_USER": "Your e-mail in Flowdash: who “me” is.",
        "FDTUI_WEBHOOK_URL": "The older create-only address of a workflow.",
        "FDTUI_READ_ONLY": "`1` to disable changes.",
        "FDTUI_CONFIG": "Another config file.",
        "FDTUI_HOME": "One folder for configuration, data, state and cache.",
        "FDTUI_DEBUG": "`1` to print a traceback when the program fails.",
        "FDTUI_ASCII": "`1` for plain ASCII; `0` to use Unicode even if the locale is not UTF-8.",
        "FDTUI_ALLOW_HOSTS": (
            "For `fdtui serve`: hosts inside your network that actions and remote files may reach."
        ),
        "FDTUI_SMTP_URL": (
            "For `fdtui serve`: the mail server for actions, `smtp://[user:password@]host[:port]` or"
            " `smtps://…`."
        ),
        "FDTUI_MAIL_FROM": "For `fdtui serve`: the sender of those e-mails.",
        "FDTUI_EVENT": "Set for the command of `fdtui watch --exec`: `created`, `updated` or `deleted`.",
        "FDTUI_TASK": "Set for that command: the task’s unique id.",
        "FDTUI_FIELD_": "Set for that command, with the field’s name behind it: the value as text.",
        "PAGER": (
            "The program that shows the long output of a command on a terminal; `less` if it is not set,"
            " `cat` for none."
        ),
        "NO_COLOR": "Any value to turn colours off.",
    }
)
"""Name to sentence, for the manual and the documentation."""
