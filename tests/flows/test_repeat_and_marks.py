"""The last change is done again on another card; a letter brings one back to a card."""

from tests.flows.driver import Driver


async def test_a_move_is_repeated_on_another_card_and_on_those_selected(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.give("task.repeat")
    assert "Nothing to repeat yet" in demo.said
    await demo.give("task.move-next")
    await demo.settle()
    await demo.go_to("44")
    await demo.give("task.repeat")
    await demo.settle()
    assert {"43", "44"} <= set(demo.titles("In Progress"))
    assert "In Progress" in demo.said
    await demo.go_to("44")
    await demo.give("task.repeat")
    assert "is so already" in demo.said
    await demo.go_to("45")
    await demo.give("task.select", "task.select", "task.repeat")
    await demo.until(lambda: demo.is_asking)
    await demo.asks("Repeat on 2 tasks: move to In Progress?").answer("y")
    await demo.settle()
    assert {"45", "46"} <= set(demo.titles("In Progress"))
    await demo.give("board.undo")
    await demo.settle()
    assert {"45", "46"} <= set(demo.titles("Not Started"))


async def test_a_mark_is_given_and_gone_to_from_another_workflow(demo: Driver) -> None:
    await demo.go_to("57")
    first = demo.session.state.workflow
    await demo.give("cursor.to-mark")
    assert "No marks yet" in demo.screen
    await demo.press("escape")
    await demo.give("cursor.mark")
    await demo.press("q")
    assert "is mark q" in demo.said
    bugs = next(each for each in demo.session.state.workflows if each.name == "Bug triage")
    demo.session.open_workflow(bugs.id)
    await demo.until(lambda: demo.session.state.workflow == bugs and demo.session.state.loaded)
    await demo.give("cursor.to-mark")
    assert "q  Wayne Enterprises" in demo.screen
    await demo.press("x")
    assert "No card is mark x" in demo.said
    await demo.give("cursor.to-mark")
    await demo.press("q")
    await demo.until(lambda: demo.session.state.workflow == first and demo.current == "57")
