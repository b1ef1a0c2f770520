"""How well a few typed letters fit a short text: for lists of people, stages, commands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fdtui.core.names import plain, plain_places


def fuzzy(query: str, text: str) -> tuple[float, tuple[int, ...]] | None:
    """How well ``query`` fits ``text``, with the places of its letters; ``None`` where it does not.

    Greedy and linear, unlike `textual.fuzzy`, which is exponential in the query: a run of letters
    and the start of a word count for more, and shorter texts win.
    """
    wanted = plain(query).replace(" ", "")
    folded, place_of = plain_places(text)
    whole = folded.find(wanted)
    if wanted and whole >= 0:
        at_word = whole == 0 or not folded[whole - 1].isalnum()
        bonus = 3 if at_word else 0
        return 3.0 * len(wanted) + bonus - len(text) * 0.01, _places(
            range(whole, whole + len(wanted)), place_of
        )
    score, last, places = 0.0, -2, []
    for letter in wanted:
        at = folded.find(letter, last + 1 if last >= 0 else 0)
        if at < 0:
            return None
        if at == last + 1:
            score += 2
        elif at == 0 or not folded[at - 1].isalnum():
            score += 1.5
        places.append(at)
        last = at
    return score - len(text) * 0.01, _places(places, place_of)


def _places(found: Iterable[int], place_of: Sequence[int]) -> tuple[int, ...]:
    """The letters of the text that those of its folded form were made of, each once."""
    return tuple(dict.fromkeys(place_of[at] for at in found))
