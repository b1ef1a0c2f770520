import json
from decimal import Decimal

from fdtui.core.task import task_from_row
from fdtui.tui.presentation.task_json import task_json


def test_a_number_keeps_its_digits() -> None:
    row = {"ID": 1, "Value": Decimal("0.1234567890123456789"), "Whole": Decimal("10.00")}
    text = task_json(task_from_row(row, "ID"))
    assert "0.1234567890123456789" in text and '"Whole": 10.00' in text


def test_a_task_is_copied_as_json() -> None:
    row = {"ID": 1, "Value": Decimal("10.5"), "Big": Decimal("12345678901234567890"), "x": "\x1b"}
    text = task_json(task_from_row(row, "ID"))
    assert json.loads(text)["Big"] == 12345678901234567890
    assert "\x1b" not in text
