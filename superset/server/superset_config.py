"""How Superset runs here: two processes on SQLite, one ClickHouse that is only read, nothing fetched from elsewhere."""

import os
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from clickhouse_connections import kept_connections
from event_logger import EventLogger
from favorites import favorites_are_changes
from metadata_database import tune_sqlite
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import NullPool

FOLDER = os.environ["PULSEHOUSE_SUPERSET_FOLDER"]
CLICKHOUSE = urlsplit(os.environ["PULSEHOUSE_SUPERSET_CLICKHOUSE_URL"])
BEHIND_PROXY = os.environ.get("PULSEHOUSE_SUPERSET_BEHIND_PROXY") == "true"

SECRET_KEY = os.environ["PULSEHOUSE_SUPERSET_SECRET_KEY"]
# Threads share the file; whoever finds it locked waits, in seconds.
SQLALCHEMY_DATABASE_URI = f"sqlite:///{FOLDER}/superset.db?check_same_thread=false&timeout=30"
tune_sqlite()
APP_NAME = "Pulsehouse"
EVENT_LOGGER = EventLogger()

# --- Which databases ------------------------------------------------------------------------------------------------


def only_clickhouse(uri: URL) -> None:
    """Refuses every other database: files, spreadsheets, servers, and what an administrator of Superset may think of."""
    if uri.drivername not in ("clickhousedb", "clickhousedb+connect") or uri.host != "clickhouse":
        raise ValueError("Superset reads this stack's ClickHouse and nothing else: write clickhousedb://clickhouse/pulsehouse.")


def as_reader(uri: URL, params: dict, *_) -> tuple[URL, dict]:
    """
    Whatever else a connection says, it goes to this stack's ClickHouse, as the user who may only read. So the committed
    assets need no address and no password, and nobody who may edit a connection gets anywhere else.
    """
    secure = CLICKHOUSE.scheme == "https"
    ours = URL.create(
        "clickhousedb+connect",
        username=unquote(CLICKHOUSE.username or "default"),
        password=unquote(CLICKHOUSE.password or ""),
        host=CLICKHOUSE.hostname,
        port=CLICKHOUSE.port or (8443 if secure else 8123),
        database=uri.database or "pulsehouse",
        query={
            **({"secure": "true"} if secure else {}),
            # Charts ask side by side, and a session takes one query at a time.
            "autogenerate_session_id": "false",
            "send_receive_timeout": "65",
        },
    )
    # Superset makes an engine for every question; the connections behind it are kept.
    return ours, {"poolclass": NullPool, "creator": kept_connections(ours)}


DB_SQLA_URI_VALIDATOR = only_clickhouse
DB_CONNECTION_MUTATOR = as_reader
PREVENT_UNSAFE_DB_CONNECTIONS = True
# An imported dataset may name an address to load rows from: none.
DATASET_IMPORT_ALLOWED_DATA_URLS: list[str] = []

# --- Which features -------------------------------------------------------------------------------------------------

FEATURE_FLAGS = {
    "ALERT_REPORTS": False,
    "ALLOW_ADHOC_SUBQUERY": False,
    "EMBEDDED_SUPERSET": False,
    # SQL is sent as it stands: no Jinja.
    "ENABLE_TEMPLATE_PROCESSING": False,
    "ENABLE_SUPERSET_META_DB": False,
    "SSH_TUNNELING": False,
    "TAGGING_SYSTEM": False,
}
# No worker and no broker runs beside it.
CELERY_CONFIG = None
LANGUAGES = {
    "en": {"flag": "us", "name": "English"},
    "fr": {"flag": "fr", "name": "Français"},
}
# "Last 6 hours" ends now, not at the last midnight.
DEFAULT_RELATIVE_START_TIME = "now"
DEFAULT_RELATIVE_END_TIME = "now"
# The viewer of ClickHouse is stopped after 60 s; these wait for its answer.
SUPERSET_WEBSERVER_TIMEOUT = 70
SQLLAB_TIMEOUT = 60
ROW_LIMIT = 10_000

# --- Caches ---------------------------------------------------------------------------------------------------------


def in_memory(key_prefix: str, lifetime: timedelta, entries: int) -> dict:
    """A cache of each process."""
    return {
        "CACHE_TYPE": "SimpleCache",
        "CACHE_KEY_PREFIX": key_prefix,
        "CACHE_DEFAULT_TIMEOUT": int(lifetime.total_seconds()),
        "CACHE_THRESHOLD": entries,
    }


def in_files(name: str, lifetime: timedelta, entries: int) -> dict:
    """A cache that all processes see: what one was told to keep, the other is asked for."""
    return {
        "CACHE_TYPE": "FileSystemCache",
        "CACHE_DIR": f"{FOLDER}/cache/{name}",
        "CACHE_DEFAULT_TIMEOUT": int(lifetime.total_seconds()),
        "CACHE_THRESHOLD": entries,
    }


# Two people with the same dashboard open ask ClickHouse twice at the most; nobody sees what is older than that.
DATA_CACHE_CONFIG = in_memory("data_", timedelta(seconds=30), 500)
CACHE_CONFIG = in_memory("metadata_", timedelta(minutes=5), 500)
FILTER_STATE_CACHE_CONFIG = in_files("filters", timedelta(days=7), 5_000)
EXPLORE_FORM_DATA_CACHE_CONFIG = in_files("explore", timedelta(days=7), 5_000)
# Dashboards that refresh themselves may be answered from the cache.
DASHBOARD_AUTO_REFRESH_MODE = "fetch"

# --- Who may log in, and what a browser is told ---------------------------------------------------------------------

WTF_CSRF_ENABLED = True
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = "memory://"
# A dashboard is some hundred requests at once; what has to be slow is guessing passwords.
RATELIMIT_APPLICATION = "1000 per second"
AUTH_RATE_LIMITED = True
# Each process counts its own.
AUTH_RATE_LIMIT = "10 per minute"
PERMANENT_SESSION_LIFETIME = timedelta(days=7)
favorites_are_changes()
# A browser keeps cookies by host, not by port: two stacks on one machine would log each other out.
SESSION_COOKIE_NAME = f"pulsehouse_superset_{os.environ['PULSEHOUSE_SUPERSET_PORT']}"
SESSION_COOKIE_SECURE = BEHIND_PROXY
ENABLE_PROXY_FIX = BEHIND_PROXY
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    # Superset's own policy without the addresses of others: maps, fonts, its makers' counter.
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
        "frame-ancestors": ["'self'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": BEHIND_PROXY,
}
