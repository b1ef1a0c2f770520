"""Templates, requirements and the settings of e-mail: pure, so tried without a server."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.errors import ConfigError
from fdtui.core.schema import Field, Person, Role, Schema, Stage
from fdtui.core.values import Value
from fdtui.server.execution.http_client import Hangup
from fdtui.server.execution.mail import MailError, MailServer, OutgoingMail, mail_server
from fdtui.server.execution.smtp import deliver
from fdtui.server.workflow import requirements
from fdtui.server.workflow.actions import ActionDefinition, Condition
from fdtui.server.workflow.templates import fill, fill_value, names_in

ROW = {"Name": "Acme", "Value": "10.00", "Good?": True, "Tags": ["a", "b"], "Empty": None}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("Hello {{Name}}, {{ Value }}", "Hello Acme, 10.00"),
        ("{{Tags}} {{Good?}} {{Empty}}!", "a, b yes !"),
        ("{{Good?}}", True),
        ("{{Tags}}", ["a", "b"]),
        ("{{Empty}}", None),
        ("", None),
        ("{{Nope}}", None),
        ("{{{Name}}}", "{Acme}"),
        ("{{}} {Name}", "{{}} {Name}"),
        (["{{Name}}", 3], ["Acme", 3]),
        (False, False),
    ],
)
def test_what_a_template_becomes(template: Value, value: Value) -> None:
    assert fill_value(template, ROW) == value


@given(st.text())
def test_a_value_is_never_a_template(text: str) -> None:
    assert fill("<{{Name}}>", {"Name": text, "x": "secret"}) == f"<{text}>"


def test_the_names_of_a_template() -> None:
    assert names_in(["{{a}} {{ b }}", {"x": "{{c}}"}, 3, None]) == ["a", "b", "c"]


SCHEMA = Schema(
    stages=(Stage("New"), Stage("Done")),
    fields=(Field("Name"), Field("Value", "currency")),
    people=(
        Person("a@b", "Ann", "Lee", "1", "clerk"),
        Person("c@d", "Cy", "", "2", "admin"),
        Person("e@f"),
    ),
    roles=(Role("clerk", "Clerk"), Role("admin", "Admin", admin=True), Role("boss", "Boss")),
)


def unmet(action: ActionDefinition, row: dict[str, Value], *, done: bool = True) -> tuple[str, ...]:
    whole = {"Stage": "New", "Assigned To": None, "Name": None, "Value": None, **row}
    return requirements.unmet(action, SCHEMA, whole, checklist_done=done, today=date(2020, 1, 15))


def test_an_action_lists_its_unmet_requirements() -> None:
    action = ActionDefinition(
        "x",
        "Go",
        required=("Name",),
        checklist=True,
        assigned=True,
        conditions=(Condition("value>=10", "Ten"), Condition("nofield:1", "Gone")),
    )
    assert unmet(action, {}, done=False) == (
        "Name is required",
        "Checklist must be completed",
        "Must be assigned",
        "Ten",
        "Gone",
    )
    assert unmet(action, {"Name": "x", "Assigned To": "a@b", "Value": "10.00"}) == ("Gone",)
    assert unmet(ActionDefinition("x", "Go", stages=("Done",)), {}) == (
        "Go is not available at the stage New",
    )


@pytest.mark.parametrize(
    ("roles", "email", "why"),
    [
        ((), "a@b", ""),
        ((), "e@f", ""),
        (("clerk",), "a@b", ""),
        (("boss",), "a@b", "Ann Lee has no permission for Go"),
        (("boss",), "c@d", ""),
        (("boss",), "e@f", "e has no permission for Go"),
        ((), "x@y", "x@y is not a user of this workflow"),
        ((), "A@B", ""),
    ],
)
def test_an_action_says_whose_role_it_needs(roles: tuple[str, ...], email: str, why: str) -> None:
    assert requirements.why_not(ActionDefinition("x", "Go", roles=roles), SCHEMA, email) == why


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtp://mail", MailServer("mail", sender="fdtui@mail")),
        ("smtps://u%40x:p%3A@mail", MailServer("mail", 465, True, "u@x", "p:", "fdtui@mail")),
        ("smtp://[::1]:2525", MailServer("::1", 2525, sender="fdtui@::1")),
    ],
)
def test_where_mail_goes(url: str, server: MailServer | None) -> None:
    assert mail_server({"FDTUI_SMTP_URL": url}) == server


@pytest.mark.parametrize("url", ["mail", "http://mail", "smtp://", "smtp://mail:x"])
def test_what_is_no_mail_server(url: str) -> None:
    with pytest.raises(ConfigError, match="FDTUI_SMTP_URL") as caught:
        mail_server({"FDTUI_SMTP_URL": url})
    assert "p4ss" not in str(caught.value)


def test_no_password_is_shown() -> None:
    assert "p4ss" not in repr(mail_server({"FDTUI_SMTP_URL": "smtp://u:p4ss@mail"}))


def test_a_mail_server_that_is_not_there() -> None:
    letter = OutgoingMail(("a@b.c",), "x", "y", "1-1", datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(MailError) as caught:
        deliver(MailServer("127.0.0.1", 1), letter, Hangup())
    assert not caught.value.sent
