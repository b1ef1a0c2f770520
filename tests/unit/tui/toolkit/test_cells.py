import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.safetext import safe
from fdtui.tui.toolkit.cells import cut, fit, line_width, shifted, spread, width_of, wrap

TEXT = st.text(max_size=60).map(safe)


@given(TEXT, st.integers(0, 40))
def test_cut_never_exceeds_and_fit_is_exact(text: str, width: int) -> None:
    assert width_of(cut(text, width)) <= width
    assert width_of(fit(text, width)) == width


@given(TEXT, TEXT, st.integers(0, 40))
def test_spread_is_exact(left: str, right: str, width: int) -> None:
    assert line_width(spread(((left, "a"),), ((right, "b"),), width, "c")) == width


@given(st.text(max_size=200).map(lambda text: safe(text, multiline=True)), st.integers(2, 40))
def test_wrapped_lines_fit_and_keep_every_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_a_wide_letter_is_not_halved() -> None:
    assert cut("東京データ", 6) == "東京…"
    assert fit("東京データ", 6) == "東京… "


@pytest.mark.parametrize(
    ("count", "left"), [(0, "ab東京cd"), (1, "b東京cd"), (2, "東京cd"), (3, " 京cd"), (7, "d"), (20, "")]
)
def test_a_line_moved_to_the_side(count: int, left: str) -> None:
    line = (("ab", "text"), ("東京", "dim"), ("cd", "text"))
    assert "".join(text for text, _ in shifted(line, count)) == left
