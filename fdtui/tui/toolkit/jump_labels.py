"""Labels of one or two letters, of which none begins another. Pure."""

from __future__ import annotations

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""From those under the fingers to those that are further away."""
MOST = len(LETTERS) ** 2


def jump_labels(count: int) -> list[str]:
    """As many labels, those of one letter first; never more than `MOST`."""
    size = len(LETTERS)
    count = min(count, MOST)
    # Each letter that begins two-letter labels costs one label and brings as many as there are letters.
    firsts = 0 if count <= size else -(-(count - size) // (size - 1))
    single = list(LETTERS[: size - firsts])
    double = (first + second for first in LETTERS[size - firsts :] for second in LETTERS)
    return [*single, *double][:count]
