"""Superset writes down who opened what and when; the metadata database must not grow for ever."""

import logging
import threading
import time

KEPT_DAYS = 90
EVERY_SECONDS = 24 * 60 * 60

logger = logging.getLogger(__name__)


def forget_old_logs(app) -> None:
    """Deletes what is older than 90 days, now and every day, beside the requests."""
    threading.Thread(target=_every_day, args=(app,), daemon=True).start()


def _every_day(app) -> None:
    from superset.commands.logs.prune import LogPruneCommand

    while True:
        try:
            with app.app_context():
                LogPruneCommand(KEPT_DAYS).run()
        except Exception:  # The next day tries again; the dashboards go on.
            logger.exception("Old log entries could not be deleted")
        time.sleep(EVERY_SECONDS)
