"""
Makes a Superset ready to be served, however far it is: `prepare.py ASSETS_FOLDER [--reset-passwords [ACCOUNT…]]`.

The tables of the metadata database, the permissions, the assets, the roles, the accounts. Every step may be run again.
In one process and not by Superset's commands: each of those takes five seconds to load it anew.
"""

from argparse import ArgumentParser
from pathlib import Path

from end_with_parent import end_with_parent


def main(assets: Path, reset_passwords: list[str] | None) -> None:
    import superset
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        _upgrade(Path(superset.__file__).parent / "migrations")
        from superset import appbuilder, security_manager

        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        from accounts import ACCOUNTS, make_accounts
        from assets import import_assets
        from roles import make_roles

        # The roles first without data, because accounts need a role and the import needs the administrator.
        make_roles(set(), set())
        # The option without a name is for all of them.
        make_accounts(ACCOUNTS if reset_passwords == [] else reset_passwords or [])
        uuids = import_assets(assets)
        make_roles(uuids["datasets"], uuids["databases"])


def _upgrade(migrations: Path) -> None:
    from flask_migrate import upgrade

    upgrade(directory=str(migrations))


if __name__ == "__main__":
    end_with_parent()
    parser = ArgumentParser()
    parser.add_argument("assets", type=Path)
    parser.add_argument("--reset-passwords", nargs="*", metavar="ACCOUNT")
    main(**vars(parser.parse_args()))
