"""The answer of a change feed, as far as it can be relied on."""

import pytest

from fdtui.api.codec import changed_rows
from fdtui.core.errors import NotFlowdashError

GOOD = {"tasks": [{"ID": "1"}], "deleted": ["2"], "reset": False, "workflow": True, "next": "abc_-"}


def test_a_good_one() -> None:
    found = changed_rows({**GOOD, "more": "of later versions"})
    assert (found.rows, found.deleted, found.next) == (({"ID": "1"},), ("2",), "abc_-")
    assert (found.is_reset, found.is_reshaped) == (False, True)


@pytest.mark.parametrize(
    "bad",
    [
        [],
        None,
        {},
        {**GOOD, "tasks": None},
        {**GOOD, "tasks": [{"ID": "1"}, 7]},
        {**GOOD, "deleted": "2"},
        {**GOOD, "deleted": [2]},
        {**GOOD, "next": ""},
        {**GOOD, "next": 7},
        {**GOOD, "next": "a b"},
    ],
)
def test_what_cannot_be_relied_on(bad: object) -> None:
    with pytest.raises(NotFlowdashError):
        changed_rows(bad)
