"""A task to the stage beside its own, or a few stages on."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.board import neighbour
from fdtui.core.intents import MoveTask
from fdtui.core.safetext import quoted
from fdtui.core.task import Task
from fdtui.tui.board.model import BoardModel
from fdtui.tui.host import Host


class StageSteps:
    """Moves the task under the cursor along the workflow, or with ``of_many`` the selected ones."""

    def __init__(self, host: Host, model: BoardModel, *, of_many: Callable[[int], object]) -> None:
        self._host, self._model, self._of_many = host, model, of_many

    def step(self, step: int) -> None:
        """This many stages to the right, or with a negative number to the left."""
        if self._model.selection:
            self._of_many(step)
            return
        host, task = self._host, self._host.current
        if task is None:
            return  # `why_not` has said so
        stage = neighbour(host.state, task.stage, step)
        if stage is not None and host.state.schema.stages_guessed:
            host.run(self._ask_guessed(task, stage))
        elif stage is not None:
            host.session.perform(MoveTask(task.key, stage))
        elif abs(step) > 1 and (left := self._stages_left(task.stage, step)):
            way = "after" if step > 0 else "before"
            host.notify(
                f"Only {left} {'stage is' if left == 1 else 'stages are'} {way} {quoted(task.stage)}."
            )
        elif host.state.schema.stage(task.stage) is None:
            host.notify(f"{quoted(task.stage)} is no stage of this workflow.{self._hint()}", "warning")
        else:
            end = "last" if step > 0 else "first"
            host.notify(f"{quoted(task.stage)} is the {end} stage.")

    def _hint(self) -> str:
        key = self._host.key_of("task.move")
        return f" {key} chooses one." if key else ""

    def _stages_left(self, stage: str, step: int) -> int:
        """How many stages there are on that side of ``stage``; 0 too where it is not known."""
        names = [each.name for each in self._host.state.schema.stages]
        if stage not in names:
            return 0
        return len(names) - 1 - names.index(stage) if step > 0 else names.index(stage)

    async def _ask_guessed(self, task: Task, stage: str) -> None:
        """The server does not tell the order of the stages, so the one beside may be the wrong one."""
        from fdtui.tui.confirm import confirm, whole_name  # noqa: PLC0415 (not before the first frame)

        host, seen = self._host, self._host.state
        if await confirm(
            host,
            f"The order of the stages is a guess: the server does not say it. Move to {quoted(stage)}?",
            yes=f"Move to {stage}",
            no="Leave it where it is",
            subject=whole_name(task, self._model.plan, host.state.schema),
        ):
            host.session.perform(MoveTask(task.key, stage), seen=seen)
