"""The windows of one file ring each other."""

import asyncio
import socket
from pathlib import Path

import pytest

from fdtui.sync.storage.doorbell import MAX_PATH, Doorbell


async def test_all_others_hear_and_who_is_gone_is_forgotten(tmp_path: Path) -> None:
    place, heard = tmp_path / "journal-x.db", list[str]()
    bells = {name: Doorbell(place, name) for name in "abc"}
    for name, bell in bells.items():
        assert bell.listen(lambda name=name: heard.append(name))
    bells["c"].close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as dead:
        dead.bind(str(tmp_path / "journal-x-dead.bell"))
    bells["a"].ring()
    await asyncio.sleep(0.05)
    assert heard == ["b"]
    assert [each.name for each in tmp_path.glob("*.bell")] != []
    assert not (tmp_path / "journal-x-dead.bell").exists()
    for bell in bells.values():
        bell.close()
    assert list(tmp_path.glob("*.bell")) == []


async def test_many_rings_block_nobody(tmp_path: Path) -> None:
    one, other = Doorbell(tmp_path / "j.db", "a"), Doorbell(tmp_path / "j.db", "b")
    heard = asyncio.Event()
    assert other.listen(heard.set)
    for _ in range(5_000):
        one.ring()
    await heard.wait()
    other.close()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
async def test_a_path_that_is_too_long_for_a_socket_is_heard_as_well(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * MAX_PATH)
    folder.mkdir()
    one, other = Doorbell(folder / "j.db", "a"), Doorbell(folder / "j.db", "b")
    heard = asyncio.Event()
    assert other.listen(heard.set)
    one.ring()
    await heard.wait()
    other.close()
    assert list(folder.iterdir()) == []
