"""Features await their dialogs, and keys stay in order around them."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

import pytest

from fdtui.tui.conversations import MAX_TYPED_AHEAD, Conversations, TypedKey

T = TypeVar("T")


class Answer(Generic[T]):
    """What one dialog is asked for, given at most once."""

    def __init__(self, told: Callable[[], None]) -> None:
        self._future: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()
        self._told = told

    def give(self, value: T | None) -> None:
        """Answer; a second answer is none."""
        if not self._future.done():
            self._future.set_result(value)
            self._told()

    async def wait(self) -> T | None:
        """The answer, once it is there."""
        return await self._future


async def until(holds: Callable[[], bool]) -> None:
    """Let the loop run until it holds."""
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0)


def key(name: str) -> TypedKey:
    return TypedKey(name, name if len(name) == 1 else None)


@pytest.fixture
def errors() -> list[Exception]:
    return []


@pytest.fixture
def counts() -> list[tuple[str, int]]:
    """What was said of keys that came to nothing."""
    return []


@pytest.fixture
def talks(errors: list[Exception], counts: list[tuple[str, int]]) -> Conversations:
    return Conversations(
        errors.append,
        lambda count: counts.append(("gave up", count)),
        lambda count: counts.append(("dropped", count)),
    )


async def test_an_answer_has_had_its_effect_before_the_next_key(talks: Conversations) -> None:
    answer: Answer[str] = Answer(talks.answered)
    done: list[str | None] = []

    async def ask() -> None:
        done.append(await answer.wait())

    talks.start(ask())
    await talks.settled()
    assert done == []
    answer.give("yes")
    answer.give("no")
    await talks.settled()
    assert done == ["yes"]


async def test_keys_wait_for_a_dialog_that_is_on_its_way_and_are_given_to_it(
    talks: Conversations, counts: list[tuple[str, int]]
) -> None:
    coming = asyncio.get_running_loop().create_future()
    answer: Answer[str] = Answer(talks.answered)
    got: list[object] = []

    def press(key: TypedKey) -> bool:
        got.append(key.name)
        if key.name == "enter":
            answer.give("chosen")
        return True

    async def ask() -> None:
        got.append(await talks.wait(coming))
        talks.deliver(press)
        got.append(await answer.wait())

    talks.start(ask())
    await talks.settled()
    assert talks.is_waiting
    for name in "j", "enter", "k":
        talks.keep(key(name))
    coming.set_result("list")
    await until(lambda: not talks.is_keeping)
    # The answer has had its effect before the next key.
    assert got == ["list", "j", "enter", "chosen", "k"] and counts == []


async def test_a_key_that_comes_while_others_are_given_keeps_its_place(talks: Conversations) -> None:
    coming = asyncio.get_running_loop().create_future()
    got: list[str] = []

    def press(pressed: TypedKey) -> bool:
        got.append(pressed.name)
        if pressed.name == "a":
            assert talks.is_keeping
            talks.keep(key("c"))
        return True

    async def ask() -> None:
        await talks.wait(coming)
        talks.deliver(press)

    talks.start(ask())
    await talks.settled()
    talks.keep(key("a"))
    talks.keep(key("b"))
    coming.set_result(None)
    await until(lambda: not talks.is_keeping)
    assert got == ["a", "b", "c"]


async def test_keys_that_were_not_meant_for_what_opened_are_dropped(
    talks: Conversations, counts: list[tuple[str, int]]
) -> None:
    coming = asyncio.get_running_loop().create_future()

    async def ask() -> None:
        await talks.wait(coming)
        talks.deliver(lambda pressed: pressed.name != "y")

    talks.start(ask())
    await talks.settled()
    for name in "j", "y", "y":
        talks.keep(key(name))
    coming.set_result(None)
    await until(lambda: not talks.is_keeping)
    assert counts == [("dropped", 2)]


async def test_keys_for_a_dialog_that_never_opens_are_dropped(
    talks: Conversations, counts: list[tuple[str, int]]
) -> None:
    coming = asyncio.get_running_loop().create_future()

    async def ask() -> None:
        await talks.wait(coming)

    talks.start(ask())
    await talks.settled()
    talks.keep(key("j"))
    coming.set_result(None)
    await until(lambda: not talks.is_keeping)
    assert counts == [("dropped", 1)]


async def test_giving_up_ends_the_waiting_and_drops_the_keys(
    talks: Conversations, counts: list[tuple[str, int]]
) -> None:
    coming = asyncio.get_running_loop().create_future()
    got: list[object] = []

    async def ask() -> None:
        got.append(await talks.wait(coming))

    talks.start(ask())
    await talks.settled()
    talks.keep(key("j"))
    talks.give_up()
    await talks.settled()
    await until(lambda: got == [None])
    assert not talks.is_keeping and counts == [("gave up", 1)]


async def test_another_wait_takes_the_place_of_the_first(talks: Conversations) -> None:
    loop = asyncio.get_running_loop()
    first, second = loop.create_future(), loop.create_future()
    got: list[object] = []

    def press(pressed: TypedKey) -> bool:
        got.append(pressed.name)
        return True

    async def ask(coming: asyncio.Future[str]) -> None:
        got.append(answer := await talks.wait(coming))
        if answer is not None:
            talks.deliver(press)

    talks.start(ask(first))
    await talks.settled()
    talks.start(ask(second))
    await talks.settled()
    talks.keep(key("j"))
    await until(lambda: got == [None])
    second.set_result("there")
    await until(lambda: not talks.is_keeping)
    assert got == [None, "there", "j"]


async def test_no_more_keys_are_kept_than_somebody_types(talks: Conversations) -> None:
    talks.start(_forever(talks))
    await talks.settled()
    for _ in range(MAX_TYPED_AHEAD + 10):
        talks.keep(key("j"))
    assert len(talks.take_ahead()) == MAX_TYPED_AHEAD
    talks.end()
    await asyncio.sleep(0)


async def _forever(talks: Conversations) -> None:
    await talks.wait(asyncio.get_running_loop().create_future())


async def test_an_error_reaches_the_border_and_an_end_does_not(
    talks: Conversations, errors: list[Exception]
) -> None:
    async def broken() -> None:
        raise KeyError("x")

    talks.start(broken())
    talks.start(_forever(talks))
    for _ in range(3):
        await asyncio.sleep(0)
    assert [type(each) for each in errors] == [KeyError]
    talks.end()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(errors) == 1
