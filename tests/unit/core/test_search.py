import time

from fdtui.core.search import fuzzy


def best(query: str, *texts: str) -> str:
    scored = {text: hit[0] for text in texts if (hit := fuzzy(query, text))}
    return max(scored, key=lambda text: scored[text])


def test_a_run_and_a_word_start_win() -> None:
    assert best("gra", "laugh rain", "grace") == "grace"
    assert best("rev", "River event", "Under Review") == "Under Review"
    assert best("ip", "rip off all", "In Progress") == "rip off all"
    assert best("gh", "laugh", "Grace Hopper") == "laugh"


def test_letters_must_come_in_order() -> None:
    assert fuzzy("ba", "abc") is None
    assert fuzzy("ac", "abc") is not None
    assert fuzzy("", "abc") is not None


def test_the_places_are_those_of_the_letters() -> None:
    hit = fuzzy("rw", "Under Review")
    assert hit is not None
    assert [("Under Review"[at]).lower() for at in hit[1]] == ["r", "w"]


def test_it_stays_linear_where_others_explode() -> None:
    text = "the three keepers never see these seven deep green trees " * 40
    began = time.perf_counter()
    assert fuzzy("e" * 60 + "z", text) is None
    assert time.perf_counter() - began < 0.5
