from fdtui.sync.reading.feed_patience import WATCHED_WAIT, FeedPatience


def test_it_waits_long_where_nobody_looks_and_less_where_somebody_does() -> None:
    patience = FeedPatience()
    assert patience.wait(watched=False) == 30
    assert patience.wait(watched=True) == WATCHED_WAIT == 10


def test_a_cut_wait_is_shortened_below_what_went_through() -> None:
    patience = FeedPatience()
    patience.cut(7.0, 10.0)
    assert patience.wait(watched=True) == 4
    patience.cut(4.0, 4.0)
    assert patience.wait(watched=True) == 1.5
    patience.cut(0.01, 1.5)
    assert patience.wait(watched=False) == 0
    patience.cut(0.0, 0.0)
    assert patience.wait(watched=False) == 0


def test_a_longer_wait_is_tried_again_ever_more_seldom() -> None:
    patience = FeedPatience()
    counts = []
    for _ in range(3):
        patience.cut(7.0, 10.0)
        count = 0
        while patience.wait(watched=True) < 10:
            patience.held()
            count += 1
        counts.append(count)
    assert counts == sorted(counts) and counts[0] < counts[-1]


def test_one_that_was_swallowed_is_shortened_too() -> None:
    patience = FeedPatience()
    patience.cut(38.0, 30.0)
    assert patience.wait(watched=False) == 10
