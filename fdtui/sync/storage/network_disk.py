"""Whether a folder is on the disk of another computer, and what this computer is called.

SQLite's WAL needs memory that all who use the file share, so it is for one computer alone; and two
computers with one home must not take each other's file for their own.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""The file systems that this process sees, a line each; Linux only (``man proc_pid_mountinfo``)."""
_KINDS = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs",
        "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs",
        "vmhgfs",
    }
)  # fmt: skip
_LOCAL_FUSE = frozenset({"fuseblk", "fuse.fuse-overlayfs", "fuse.lxcfs", "fuse.mergerfs"})


def read_mounts() -> str:
    """The mounts of this process; empty where the system does not say."""
    try:
        return MOUNTS.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def network_disk_of(folder: Path, mounts: str) -> str:
    """The kind of network disk that ``folder`` is on, such as ``nfs4``; empty where it is on none."""
    real = os.path.realpath(folder)
    best, kind = "", ""
    for line in mounts.splitlines():
        where, _, rest = line.partition(" - ")
        columns, kinds = where.split(" "), rest.split(" ")
        if len(columns) < 5 or not kinds[0]:
            continue
        point = _unescaped(columns[4])
        if len(point) >= len(best) and _is_within(real, point):  # of two on one place the last counts
            best, kind = point, kinds[0]
    return kind if _is_network(kind) else ""


def host_name() -> str:
    """This computer in a file's name: another one with the same home has another name."""
    try:
        name = os.uname().nodename
    except (AttributeError, OSError):  # Windows
        name = os.environ.get("COMPUTERNAME", "")
    return re.sub(r"[^A-Za-z0-9-]+", "-", name)[:64].strip("-").lower() or "unnamed"


def _is_network(kind: str) -> bool:
    is_fuse = kind == "fuse" or kind.startswith("fuse.")
    return kind in _KINDS or (is_fuse and kind not in _LOCAL_FUSE)


def _is_within(path: str, point: str) -> bool:
    return point in {"/", path} or path.startswith(f"{point}/")


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
