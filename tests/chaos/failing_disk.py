"""A disk that fails: the k-th call that writes the journal, once or from then on.

A library in C before the C library, for a process and all that it forks. It does nothing until it is
armed in the process that is to suffer.
"""

from __future__ import annotations

import ctypes
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int at, why, for_good, calls;

void chaos_arm(int k, int error, int forever) { at = k; why = error; for_good = forever; calls = 0; }
int chaos_calls(void) { return calls; }

static int is_ours(const char *path) { return path && strstr(path, "/journal-") != 0; }

static int is_ours_fd(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

static int fails(int ours) {
    if (!ours) return 0;
    int number = __sync_add_and_fetch(&calls, 1);
    if (!at || (for_good ? number < at : number != at)) return 0;
    errno = why;
    return 1;
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *) dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    return fails(is_ours_fd(fd)) ? -1 : real(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t where) {
    REAL(pwrite);
    return fails(is_ours_fd(fd)) ? -1 : real(fd, data, size, where);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t where) {
    REAL(pwrite64);
    return fails(is_ours_fd(fd)) ? -1 : real(fd, data, size, where);
}
int fsync(int fd) {
    REAL(fsync);
    return fails(is_ours_fd(fd)) ? -1 : real(fd);
}
int fdatasync(int fd) {
    REAL(fdatasync);
    return fails(is_ours_fd(fd)) ? -1 : real(fd);
}
int ftruncate(int fd, off_t size) {
    REAL(ftruncate);
    return fails(is_ours_fd(fd)) ? -1 : real(fd, size);
}
int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    return fails(is_ours_fd(fd)) ? -1 : real(fd, size);
}
int unlink(const char *path) {
    REAL(unlink);
    return fails(is_ours(path)) ? -1 : real(path);
}
int rename(const char *path, const char *other) {
    REAL(rename);
    return fails(is_ours(path) || is_ours(other)) ? -1 : real(path, other);
}
"""


@dataclass(frozen=True)
class DiskFault:
    """The k-th call fails with this error number; 0 for none, which only counts."""

    at: int = 0
    error: int = 0
    for_good: bool = False

    def __str__(self) -> str:
        return f"call {self.at} fails with {self.error} {'for good' if self.for_good else 'once'}"


def build(folder: Path) -> Path:
    """The library; raises `OSError` or `subprocess.CalledProcessError` without a C compiler."""
    source, library = folder / "failing.c", folder / "failing.so"
    source.write_text(_SOURCE)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-w", "-o", library, source, "-ldl"], check=True)
    return library


def arm(fault: DiskFault) -> None:
    """From now on, in this process."""
    ctypes.CDLL(None).chaos_arm(fault.at, fault.error, int(fault.for_good))


def calls() -> int:
    """How many calls have written the journal since then."""
    return int(ctypes.CDLL(None).chaos_calls())
