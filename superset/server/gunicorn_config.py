"""The web server: two processes with threads. A chart's answer is 100 ms of Python, and one process has one core for it."""

from end_with_parent import end_with_parent

wsgi_app = "superset.app:create_app()"
workers = 2
worker_class = "gthread"
threads = 8
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
    """In each process that answers, once Superset is there."""
    from forget_old_logs import forget_old_logs

    forget_old_logs(worker.wsgi)
