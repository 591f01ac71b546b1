"""CPU seconds of a process and all it started, from /proc (Linux)."""

import os
from collections import defaultdict
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def tree() -> dict[int, list[int]]:
    """Every process's children now, by process id."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            fields = _stat(int(folder.name))
            if fields:
                children[int(fields[1])].append(int(folder.name))
    return children


def below(pid: int) -> list[int]:
    """The process and everything below it."""
    children, found, left = tree(), [], [pid]
    while left:
        one = left.pop()
        found.append(one)
        left += children.get(one, [])
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the process, of what it started and of what has ended and been waited for."""
    ticks = 0
    for one in below(pid):
        fields = _stat(one)
        if fields:
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICK


def peak_mb() -> float:
    """The most memory this program has held, in MiB. `getrusage` would begin with its parent's (exec(2) hands it on)."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def command(pid: int) -> str:
    """The process's command line, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _stat(pid: int) -> list[str]:
    """The fields after the name: state, parent … (proc(5))."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
