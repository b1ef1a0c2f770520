"""The cache as wiring makes it: whose file it is, what is in it, and a local workspace from it."""

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from fdtui import wiring
from fdtui.config.paths import Folders
from fdtui.config.secret import Secret
from fdtui.config.settings import Profile
from fdtui.core.details import Part
from fdtui.core.frozen import replace
from fdtui.server import seed
from fdtui.server.store import open_store
from fdtui.sync.gateway import Gateway
from fdtui.sync.session import Session, SessionOptions
from fdtui.wiring import remote
from tests.contract.test_serve import running as serving
from tests.unit.test_wiring import running

CANARY = "canary-" + "7" * 40


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(*(tmp_path / name for name in ("config", "data", "state", "cache")))


def test_each_key_user_address_and_profile_has_a_cache_of_its_own(folders: Folders) -> None:
    one, other = Secret(CANARY), Secret(CANARY + "8")
    profile = Profile(name="p", user="ada@example.com")
    caches: list[Any] = [
        wiring.cache_of(folders, profile, "https://a.example", one),
        wiring.cache_of(folders, profile, "https://a.example", other),
        wiring.cache_of(folders, profile, "https://b.example", one),
        wiring.cache_of(folders, replace(profile, user="eve@example.com"), "https://a.example", one),
        wiring.cache_of(folders, replace(profile, name="q"), "https://a.example", one),
    ]
    assert len({cache._path for cache in caches}) == 5
    assert caches[0]._path == wiring.cache_of(folders, profile, "https://a.example", one)._path  # type: ignore[attr-defined]
    assert CANARY not in str(caches[0]._path)
    assert not folders.cache.exists()  # nothing is made before there is something to keep


async def test_a_local_workspace_is_there_before_its_server(tmp_path: Path, folders: Folders) -> None:
    database = tmp_path / "local.db"
    store = open_store(f"sqlite:///{database}")
    seed.fill(store)
    store.close()
    profile = Profile(name="local", local=True)

    def session() -> Session:
        cache = wiring.cache_of(folders, profile, database, Secret(CANARY))
        return wiring.local_session(database, SessionOptions(), None, cache)

    first = session()
    assert not first.state.loaded
    async with running(first):
        key = next(iter(first.state.base))
        first.fetch_details(key, Part.COMMENTS, Part.CHECKLIST, Part.ACTIVITY)
        await first.idle()
        shown, schema = dict(first.state.base), first.state.schema
    cache: Any = first.cached._cache
    await asyncio.to_thread(cache._thread.join)
    again = session()
    assert dict(again.state.base) == shown
    assert (again.state.schema, again.state.workspace) == (schema, first.state.workspace)
    assert again.state.as_of is not None
    before = again.state.base
    async with running(again):
        await again.idle()
        assert again.state.as_of is None
        assert all(again.state.base[key] is task for key, task in before.items())
    files = list(folders.cache.iterdir())
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert not [each for each in files if CANARY.encode() in each.read_bytes()]


async def test_a_remote_board_is_live_by_a_question_that_was_asked_before_its_client_was_loaded(
    tmp_path: Path, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    open_client = remote.open_client

    def counted(url: str, *given: Any, **known: Any) -> Gateway:
        opened.append(url)
        return open_client(url, *given, **known)

    monkeypatch.setattr(remote, "open_client", counted)
    options = json.dumps({"db": f"sqlite:///{tmp_path / 'x.db'}", "port": 0, "demo": True})
    with serving(options, 2) as (_, said):
        url, key = said["FDTUI_URL"], Secret(said["FDTUI_API_KEY"])

        def session() -> Session:
            cache = wiring.cache_of(folders, Profile(name="p", url=url), url, key)
            return wiring.remote_session(url, key, SessionOptions(), cache=cache)

        first = session()
        async with running(first):
            shown = dict(first.state.base)
        cache: Any = first.cached._cache
        await asyncio.to_thread(cache._thread.join)
        again = session()
        assert (len(opened), again.state.as_of is None) == (1, False)
        async with running(again):
            assert (again.state.as_of, len(opened)) == (None, 1)
            assert dict(again.state.base) == shown
            gateway = again._poller.gateway
            assert gateway is not None
            assert gateway.keeps_keys_for > 0  # what a dead run had asked may be asked again
            asked = again.log.requests
            assert [(each.status, each.path.partition("?")[0]) for each in asked] == [
                (200, f"/api/v1/workflows/{again.state.workflow.id}/changes")  # type: ignore[union-attr]
            ]
            workspace = await gateway.workspace()
            assert (workspace, len(opened)) == (again.state.workspace, 2)
            assert gateway.keeps_keys_for > 0
