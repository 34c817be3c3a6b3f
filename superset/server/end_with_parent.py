"""A process whose parent was killed must not go on alone."""

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    """
    The parent holds the other end of our standard input and writes nothing: the input ends when the parent does,
    however it died. Where the environment does not say so, as under Docker, the input says nothing.
    """
    if os.environ.get("PULSEHOUSE_SUPERSET_END_WITH_STDIN") == "true":
        threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    # The file itself: Python's own reader would hold a lock that a fork copies.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
