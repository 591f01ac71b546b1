"""Becomes another program that dies with its parent and, where asked, is not root.

Run as a file, with nothing but the standard library, so that it starts in a few milliseconds:

    python -S launch.py PARENT_PID SIGNAL IDENTITY PROGRAM ARGUMENT...

SIGNAL is what the program gets when its parent is gone, also by kill -9. IDENTITY is one of

    same          keep the user
    namespace     a user namespace in which root is user 1000 (PostgreSQL refuses to run as root)
    user:UID:GID  another user
    open:UID:GID  another user who may still pass through folders closed to it, as root can
"""

import ctypes
import os
import signal
import struct
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CLONE_NEWUSER = 0x10000000
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CANNOT = 125


class CannotLaunchError(Exception):
    """The kernel refused what the identity needs; the text says what."""


def launched(
    program: list[str], *, identity: str = "same", on_death: signal.Signals = signal.SIGTERM
) -> list[str]:
    """Build the command line that runs `program` tied to this process's life (see the top)."""
    me = str(os.getpid())
    return [sys.executable, "-I", "-S", __file__, me, str(int(on_death)), identity, *program]


def die_with_parent(parent: int, number: int) -> None:
    """Let the kernel send this process signal `number` when its parent dies; end now if it has died."""
    if sys.platform != "linux":
        return
    if ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise CannotLaunchError("the kernel would not tie this process to its parent")
    if os.getppid() != parent:
        os._exit(0)


def _enter_namespace() -> None:
    uid, gid = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER) != 0:
        raise CannotLaunchError(f"no user namespace: {os.strerror(ctypes.get_errno())}")
    try:
        Path("/proc/self/uid_map").write_text(f"1000 {uid} 1", encoding="ascii")
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"1000 {gid} 1", encoding="ascii")
    except OSError as error:
        raise CannotLaunchError(f"no mapping in the user namespace: {error.strerror}") from error


def _become(uid: int, gid: int, *, keep_passage: bool) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        if keep_passage:
            libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    except OSError as error:
        raise CannotLaunchError(f"may not become user {uid}: {error.strerror}") from error
    if keep_passage:
        bit = 1 << _CAP_DAC_OVERRIDE
        header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
        capabilities = struct.pack("<6I", bit, bit, bit, 0, 0, 0)
        if (
            libc.capset(header, capabilities) != 0
            or libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0) != 0
        ):
            raise CannotLaunchError(f"may not pass through closed folders: {os.strerror(ctypes.get_errno())}")


def take_identity(identity: str) -> None:
    """Change who this process is, in one of the four ways the module describes."""
    kind, _, rest = identity.partition(":")
    if kind == "namespace":
        _enter_namespace()
    elif kind in {"user", "open"}:
        uid, _, gid = rest.partition(":")
        _become(int(uid), int(gid), keep_passage=kind == "open")


def main(arguments: list[str]) -> None:
    """Take the identity, tie the life to the parent's, become the program."""
    parent, number, identity, program = int(arguments[0]), int(arguments[1]), arguments[2], arguments[3:]
    try:
        take_identity(identity)
        # After the identity: changing it clears the tie.
        die_with_parent(parent, number)
        # A program starts with the default answer to every signal, whatever its parent had blocked.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execvp(program[0], program)  # noqa: S606 - the program is named by our own caller
    except (CannotLaunchError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        os._exit(_CANNOT)


if __name__ == "__main__":
    main(sys.argv[1:])
