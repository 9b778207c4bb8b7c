"""What a command does when it is told to end: it cleans up, as after Ctrl-C, and leaves nothing half done."""

import signal
import sys
import threading
from types import FrameType

_TOLD = ("SIGTERM", "SIGHUP")


def tidily() -> None:
    """Turn the signals that end a process into an exit with 128 + signal, so that temporary files are removed.

    Handlers that somebody has set stay, and so does all of it outside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for name in _TOLD:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
