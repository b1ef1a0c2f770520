"""Where a long answer is kept while it comes."""

from __future__ import annotations

from typing import BinaryIO

from fdtui.cli.progress import CommandProgress
from fdtui.core.transfer import size_words


class AnswerSink:
    """A `fdtui.core.transfer.Sink` that keeps an answer on the disk."""

    def __init__(self, answer: BinaryIO, progress: CommandProgress) -> None:
        self._answer, self._progress, self._size = answer, progress, 0

    async def begin(self, total: int | None) -> None:
        """Nothing has to be prepared."""

    async def write(self, data: bytes) -> None:
        """Keep the next bytes."""
        self._answer.write(data)
        self._size += len(data)
        self._progress.tell(lambda: f"{size_words(self._size)} fetched")
