import pytest

from fdtui.core.errors import UsageError
from fdtui.core.pairs import read_pairs


def test_lines_are_fields() -> None:
    text = "Name = Acme = Co \n\nSize:=[1, null]\nNote="
    assert read_pairs(text) == {"Name": "Acme = Co", "Size": [1, None], "Note": ""}


@pytest.mark.parametrize(
    ("text", "told"),
    [("x", "Line 1"), ("a=1\n=2", "Line 2"), ("a=1\na=2", "once more"), ("a:={", "Line 1")],
)
def test_a_line_that_gives_no_field_is_named(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read_pairs(text)
