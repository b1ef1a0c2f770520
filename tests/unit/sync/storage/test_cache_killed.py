"""A program that is killed while it writes its cache leaves the old board or the new one, whole."""

import random
import subprocess
import sys
import textwrap
from pathlib import Path

from fdtui.sync.storage.cache import DiskCache

WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from fdtui.core.schema import Schema, WorkflowRef
    from fdtui.core.task import Task
    from fdtui.sync.storage import cache
    from fdtui.sync.storage.protocols import Snapshot

    cache.WRITE_DELAY = cache.SCREEN_PAUSE = 0.0
    kept = cache.DiskCache(Path(sys.argv[1]))
    for turn in range(10**6):
        tasks = {
            str(n): Task(str(n), str(n), {"Stage": f"{turn}", "Turn": turn})
            for n in range(200 + turn % 50)
        }
        kept.remember(Snapshot(WorkflowRef("w", "Work"), Schema(), tasks, float(turn)))
        assert kept.flush()
        print(turn, flush=True)
    """
)


def test_a_kill_at_any_moment_leaves_a_whole_board(tmp_path: Path) -> None:
    path, chance = tmp_path / "cache-1.db", random.Random(3)
    for _ in range(6):
        argv = [sys.executable, "-c", WRITER, str(path)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 12)):
                last = writer.stdout.readline()
            writer.kill()
        cache = DiskCache(path)
        said: list[str] = []
        cache.listen(said.append)
        found = cache.recall(None)
        cache.close()
        assert said == []
        assert found is not None
        assert found.at is not None
        assert found.at >= float(last)
        turn = int(found.at)
        assert len(found.tasks) == 200 + turn % 50
        assert {task.row["Turn"] for task in found.tasks.values()} == {turn}
