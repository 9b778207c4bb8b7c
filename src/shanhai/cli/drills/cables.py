"""Network namespaces for drills: each node on a machine of its own, as it seems, with a cable that can be pulled.

This process moves into a namespace of its own, so that nothing of the machine's network is touched and everything is
gone when the drill ends. Peers speak over one of two bridges; a node whose cable is moved to the other one is cut off.
A second cable carries the drill's questions and is never pulled. Needs the rights of an administrator.
"""

import ctypes
import os
import subprocess
from contextlib import suppress

CLONE_NEWNET = 0x40000000
PEERS, ASKED = "10.77.0", "10.78.0"
NEAR, FAR, ASK = "br-near", "br-far", "br-ask"


class NoNamespacesError(Exception):
    """This machine does not allow network namespaces; says why."""


def _unshare() -> None:
    """Move the calling process into a new network namespace."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def ip(*words: str, inside: int = 0) -> None:
    """Run `ip`, in the namespace of a process where one is named.

    Raises:
        NoNamespacesError: If it fails.
    """
    command = [*entering(inside), "ip", *words] if inside else ["ip", *words]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except OSError as error:
        raise NoNamespacesError(f"ip: {error}") from error
    if done.returncode:
        raise NoNamespacesError(f"ip {' '.join(words)}: {done.stderr.strip()[:120]}")


def entering(pid: int) -> list[str]:
    """Return what goes before a command that is to run in a process's namespace."""
    return ["nsenter", "-t", str(pid), "-n", "--"]


class Cables:
    """So many namespaces, cabled."""

    def __init__(self, count: int) -> None:
        """Lay the cables.

        Raises:
            NoNamespacesError: Where that is not allowed.
        """
        self._holders: list[subprocess.Popen[bytes]] = []
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY)
        try:
            _unshare()
            for bridge in (NEAR, FAR, ASK):
                ip("link", "add", bridge, "type", "bridge")
                ip("link", "set", bridge, "up")
            ip("addr", "add", f"{ASKED}.254/24", "dev", ASK)
            ip("link", "set", "lo", "up")
            for at in range(count):
                self._lay(at)
        except (OSError, NoNamespacesError) as error:
            self.end()
            raise NoNamespacesError(str(error)) from error

    def _lay(self, at: int) -> None:
        command = ["sleep", "infinity"]
        holder = subprocess.Popen(command, preexec_fn=_unshare)  # noqa: PLW1509 - one thread still
        self._holders.append(holder)
        pid = holder.pid
        for bridge, cable, net in ((NEAR, "peer", PEERS), (ASK, "ask", ASKED)):
            ip(
                "link",
                "add",
                f"{cable}{at}",
                "type",
                "veth",
                "peer",
                "name",
                cable,
                "netns",
                str(pid),
            )
            ip("link", "set", f"{cable}{at}", "master", bridge)
            ip("link", "set", f"{cable}{at}", "up")
            ip("addr", "add", f"{net}.{at + 1}/24", "dev", cable, inside=pid)
            ip("link", "set", cable, "up", inside=pid)
        ip("link", "set", "lo", "up", inside=pid)

    def inside(self, at: int) -> list[str]:
        """Return what goes before a command that is to run on a node's machine."""
        return entering(self._holders[at].pid)

    def pull(self, *cut: int) -> None:
        """Leave these nodes with one another, away from the others."""
        for at in cut:
            ip("link", "set", f"peer{at}", "master", FAR)

    def mute(self, at: int, *others: int) -> None:
        """Let a node hear others and not be heard by them."""
        for other in others:
            ip("route", "add", "blackhole", f"{PEERS}.{other + 1}/32", inside=self._holders[at].pid)

    def heal(self, count: int) -> None:
        """Plug every cable in again, and let everybody be heard."""
        for at in range(count):
            ip("link", "set", f"peer{at}", "master", NEAR)
            for other in range(count):
                with suppress(NoNamespacesError):  # most were never muted
                    pid = self._holders[at].pid
                    ip("route", "del", "blackhole", f"{PEERS}.{other + 1}/32", inside=pid)

    def end(self) -> None:
        """End the namespaces and go back to the machine's network."""
        for holder in self._holders:
            holder.kill()
            holder.wait()
        ctypes.CDLL(None).setns(self._home, CLONE_NEWNET)
        os.close(self._home)
