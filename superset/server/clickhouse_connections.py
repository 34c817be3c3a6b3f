"""Connections to ClickHouse, kept for the next question: each costs three requests to make, a third of a small chart."""

import threading
from typing import Callable

from clickhouse_connect import dbapi
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import QueuePool

# As many as gunicorn has threads, and some for what a thread asks beside its question.
CONNECTIONS = 32
# Seconds; one more waits so long for a connection.
WAIT_SECONDS = 60
# Seconds; what ClickHouse said of itself when the connection was made may have changed since.
KEPT_SECONDS = 300

_pools: dict[URL, QueuePool] = {}
_lock = threading.Lock()


def kept_connections(url: URL) -> Callable:
    """What gives SQLAlchemy a connection to this address; closed, it goes back to the others."""
    with _lock:
        if url not in _pools:
            _pools[url] = QueuePool(
                lambda: _connect(url),
                pool_size=CONNECTIONS,
                max_overflow=0,
                timeout=WAIT_SECONDS,
                recycle=KEPT_SECONDS,
                # There are no transactions to undo.
                reset_on_return=None,
            )
        return _pools[url].connect


def _connect(url: URL):
    return dbapi.connect(
        host=url.host,
        port=url.port,
        username=url.username,
        password=url.password or "",
        database=url.database,
        **url.query,
    )
