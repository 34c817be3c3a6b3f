"""The committed databases, datasets, charts and dashboards go into Superset, and what left the repository leaves it."""

from pathlib import Path

import yaml
from superset import security_manager
from superset.commands.exceptions import CommandInvalidError
from superset.commands.importers.v1.assets import ImportAssetsCommand
from superset.connectors.sqla.models import SqlaTable
from superset.extensions import db
from superset.models.core import Database
from superset.models.dashboard import Dashboard
from superset.models.slice import Slice
from superset.utils.core import override_user

# What leaves first: a dashboard stands on charts, a chart on a dataset, a dataset on a database.
_KINDS = {"dashboards": Dashboard, "charts": Slice, "datasets": SqlaTable, "databases": Database}


def import_assets(folder: Path) -> dict[str, set[str]]:
    """
    Imports a folder of assets, over whatever was there under the same uuid, all of it or nothing.

    Returns the uuids by kind. Ends the process with a sentence about what Superset found wrong.
    """
    configs = {path.relative_to(folder).as_posix(): yaml.safe_load(path.read_text()) for path in folder.rglob("*.yaml")}
    uuids: dict[str, set[str]] = {kind: set() for kind in _KINDS}
    for name, config in configs.items():
        kind = name.split("/")[0]
        if kind in uuids:
            uuids[kind].add(config["uuid"])
            # Superset then offers no editing, and we know what to prune.
            config["is_managed_externally"] = True
    contents = {name: yaml.safe_dump(config, sort_keys=False) for name, config in configs.items()}
    with override_user(security_manager.find_user("admin")):
        try:
            ImportAssetsCommand(contents).run()
        except Exception as error:
            raise SystemExit(f"The assets were refused: {_reasons(error)}") from error
        _prune(uuids)
    return uuids


def _reasons(error: BaseException) -> str:
    """What went wrong first, or by file what is wrong in it: Superset wraps it into "for an unknown reason"."""
    if isinstance(error, CommandInvalidError):
        return str(error.normalized_messages())
    return _reasons(error.__cause__) if error.__cause__ else f"{type(error).__name__}: {error}"


def _prune(uuids: dict[str, set[str]]) -> None:
    """Deletes what was imported once and is in the folder no more; what people made in Superset stays."""
    for kind, model in _KINDS.items():
        for found in db.session.query(model).filter(model.is_managed_externally.is_(True)):
            if str(found.uuid) not in uuids[kind]:
                db.session.delete(found)
        db.session.commit()
