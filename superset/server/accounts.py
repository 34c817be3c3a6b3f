"""The two accounts that come with the stack. Others are made in Superset, under Settings, List Users."""

import os
from collections.abc import Collection

from roles import VIEWER
from superset import security_manager
from superset.extensions import db

ACCOUNTS = ("admin", "viewer")


def make_accounts(reset: Collection[str]) -> None:
    """
    Makes the administrator and the viewer where they are missing. Their passwords are set only then, or for
    those whom the caller names: who has changed one in Superset keeps it.
    """
    _make("admin", "Administrator", "Admin", os.environ["PULSEHOUSE_SUPERSET_ADMIN_PASSWORD"], "admin" in reset)
    _make("viewer", "Viewer", VIEWER, os.environ["PULSEHOUSE_SUPERSET_VIEWER_PASSWORD"], "viewer" in reset)


def _make(username: str, last_name: str, role_name: str, password: str, reset: bool) -> None:
    role = security_manager.find_role(role_name)
    user = security_manager.find_user(username)
    if user is None:
        # Superset wants an address; .invalid can't be anybody's.
        email = f"{username}@pulsehouse.invalid"
        if not security_manager.add_user(username, "Pulsehouse", last_name, email, role, password=password):
            raise RuntimeError(f"The user {username} could not be made: see the lines above.")
        return
    if reset:
        security_manager.reset_password(user.id, password)
        user.active = True
        user.fail_login_count = 0
        db.session.commit()
