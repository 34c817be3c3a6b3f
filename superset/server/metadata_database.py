"""How the metadata database is written: threads share one file."""

import sqlite3

from sqlalchemy import event
from sqlalchemy.engine import Engine


def tune_sqlite() -> None:
    """
    Readers don't wait for a writer, and a commit does not wait for the disk. After a power cut the last entries of the
    log may be gone; the file is whole.
    """
    event.listen(Engine, "connect", _tune)


def _tune(connection, _record) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
