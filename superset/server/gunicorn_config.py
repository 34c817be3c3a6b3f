"""The web server: one process with threads, because SQLite and the caches are one process's."""

from end_with_parent import end_with_parent

wsgi_app = "superset.app:create_app()"
workers = 1
worker_class = "gthread"
threads = 16
# Seconds; longer than Superset waits for ClickHouse.
timeout = 90
# What runs is a chart whose reader sees the page go; the rest of the stack waits to stop.
graceful_timeout = 1
keepalive = 15
# A filtered dashboard is a long address.
limit_request_line = 8190
control_socket_disable = True


def on_starting(_server) -> None:
    """In the process that starts the others: it takes them along when it ends."""
    end_with_parent()


def post_worker_init(worker) -> None:
    """In the process that answers, once Superset is there."""
    from forget_old_logs import forget_old_logs

    forget_old_logs(worker.wsgi)
