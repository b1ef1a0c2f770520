import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.errors import BadJsonError
from fdtui.core.strictjson import RepeatedKeys, dumps, loads

BAD = {
    "repeated key": '{"Stage":"a","Stage":"b"}',
    "NaN": '{"a": NaN}',
    "Infinity": "[Infinity]",
    "huge exponent": "[1e999999]",
    "65 deep": "[" * 65 + "]" * 65,
    "1,000 deep": "[" * 1_000 + "]" * 1_000,
    "100,000 deep": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "5,000 digits": "[" + "9" * 5_000 + "]",
    "lone surrogate": '{"a":"\\ud800"}',
    "lone surrogate as key": '{"\\udc00":1}',
    "trailing comma": '{"a":1,}',
    "comment": '{"a":1} // yes',
    "single quotes": "{'a':1}",
    "nothing": "",
    "not UTF-8": b'{"a":"\xff"}',
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_what_is_not_json_is_refused_with_its_place(text: str | bytes) -> None:
    with pytest.raises(BadJsonError, match=r"line \d+, column \d+"):
        loads(text)


def test_the_place_of_an_error_is_told() -> None:
    with pytest.raises(BadJsonError) as caught:
        loads('{\n  "a": 1,\n}')
    assert (caught.value.line, caught.value.column) in {(3, 1), (2, 9)}  # Python 3.13 names the comma


def test_brackets_in_texts_do_not_count_as_depth() -> None:
    assert loads('["' + "[" * 200 + '\\"]"]') == ["[" * 200 + '"]']


def test_64_deep_is_taken() -> None:
    assert loads("[" * 64 + "]" * 64)


def test_a_service_that_repeats_a_key_spoils_only_that_record() -> None:
    good, bad = loads('[{"a":1},{"a":1,"a":2}]', forgiving=True)
    assert good == {"a": 1}
    assert not isinstance(good, RepeatedKeys)
    assert isinstance(bad, RepeatedKeys)


@pytest.mark.parametrize("depth", [5_000, 200_000])
def test_a_hostile_depth_is_an_error_and_no_crash(depth: int) -> None:
    with pytest.raises(BadJsonError):
        loads("[" * depth, forgiving=True)


def test_fractions_keep_every_digit() -> None:
    text = '{"a":0.10,"b":12345678901234567890.123456789}'
    value = loads(text)
    assert value["a"] == Decimal("0.10")
    assert dumps(value) == text


def test_a_text_that_looks_like_our_own_mark_is_not_taken_for_a_number() -> None:
    value = {"a": "\0number", "b": Decimal("1.50"), "c": "\0number'"}
    assert loads(dumps(value)) == value


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=10,
)


@given(json_values)
def test_what_is_written_is_read_again(value: object) -> None:
    assert loads(dumps(value)) == value
    assert loads(dumps(value, ascii_only=True, indent=2)) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_a_typed_error(data: bytes) -> None:
    for forgiving in (False, True):
        with contextlib.suppress(BadJsonError):
            loads(data, forgiving=forgiving)
