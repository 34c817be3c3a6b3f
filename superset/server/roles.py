"""What each role may do. Superset's own Gamma may make and change charts, so viewers get a role of their own."""

from superset import security_manager
from superset.connectors.sqla.models import SqlaTable
from superset.extensions import db

VIEWER = "Pulsehouse viewer"
ANALYST = "Pulsehouse analyst"

# To open dashboards, filter them, see how a chart was asked, and take its rows along. The one thing written is the
# state of a filter, which lies in memory.
_LOOK = [
    ("can_read", "Dashboard"),
    ("can_dashboard", "Superset"),
    ("can_dashboard_permalink", "Superset"),
    ("can_read", "DashboardPermalinkRestApi"),
    ("can_read", "DashboardFilterStateRestApi"),
    ("can_write", "DashboardFilterStateRestApi"),
    ("can_view_chart_as_table", "Dashboard"),
    ("can_view_query", "Dashboard"),
    ("can_read", "Chart"),
    ("can_slice", "Superset"),
    ("can_csv", "Superset"),
    ("can_explore_json", "Superset"),
    ("can_get", "Datasource"),
    ("can_time_range", "Api"),
    ("can_query_form_data", "Api"),
    ("can_query", "Api"),
    ("can_read", "CssTemplate"),
    ("can_read", "Theme"),
    ("can_read", "CurrentUserRestApi"),
    # The token that every request which is no reading needs.
    ("can_read", "SecurityRestApi"),
    ("can_recent_activity", "Log"),
    ("can_log", "Superset"),
    ("can_language_pack", "Superset"),
    ("can_get", "MenuApi"),
    ("menu_access", "Home"),
    ("menu_access", "Dashboards"),
]

# To ask one's own questions: charts without saving them, drilling down, and SQL Lab.
_ASK = [
    ("can_explore", "Superset"),
    ("can_read", "Explore"),
    ("can_read", "ExploreFormDataRestApi"),
    ("can_write", "ExploreFormDataRestApi"),
    ("can_drill", "Dashboard"),
    ("can_get_drill_info", "Dataset"),
    ("can_samples", "Datasource"),
    ("can_read", "Dataset"),
    ("menu_access", "Charts"),
    ("menu_access", "Data"),
    ("menu_access", "Datasets"),
]


def make_roles(dataset_uuids: set[str], database_uuids: set[str]) -> None:
    """
    Gives both roles exactly what they may do, so that what was added by hand is gone afterwards: a viewer reads the
    committed datasets, an analyst asks the committed databases what ClickHouse lets its reader ask.
    """
    from superset.models.core import Database

    datasets = [found for found in db.session.query(SqlaTable) if str(found.uuid) in dataset_uuids]
    databases = [found for found in db.session.query(Database) if str(found.uuid) in database_uuids]
    look = _permissions(_LOOK) + [_made("datasource_access", dataset.perm) for dataset in datasets]
    ask = _permissions(_ASK) + [_made("database_access", database.perm) for database in databases]
    sql_lab = security_manager.find_role("sql_lab")
    _set(VIEWER, look)
    _set(ANALYST, [*look, *ask, *sql_lab.permissions])


def _permissions(wanted: list[tuple[str, str]]) -> list:
    found = {pair: security_manager.find_permission_view_menu(*pair) for pair in wanted}
    missing = [pair for pair, permission in found.items() if permission is None]
    if missing:
        raise ValueError(f"This Superset has no such permissions, look at roles.py: {missing}")
    return list(found.values())


def _made(permission: str, view: str):
    return security_manager.add_permission_view_menu(permission, view)


def _set(name: str, permissions: list) -> None:
    role = security_manager.find_role(name) or security_manager.add_role(name)
    role.permissions = list({permission.id: permission for permission in permissions}.values())
    db.session.commit()
