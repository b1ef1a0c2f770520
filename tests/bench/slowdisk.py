"""A disk that takes its time to make things durable, for programs that ask the C library for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

_SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
static int slow(const char *name, int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, name);
    int answer = real(fd);
    usleep(atoi(getenv("SYNC_MICROSECONDS")));
    return answer;
}
int fsync(int fd) { return slow("fsync", fd); }
int fdatasync(int fd) { return slow("fdatasync", fd); }
"""


def slow_disk(folder: Path, milliseconds: float) -> dict[str, str]:
    """The environment in which each ``fsync`` takes so much longer; needs a C compiler."""
    source, library = folder / "slowdisk.c", folder / "slowdisk.so"
    source.write_text(_SOURCE)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "SYNC_MICROSECONDS": str(int(milliseconds * 1000))}
