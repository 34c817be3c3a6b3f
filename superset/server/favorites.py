"""Whoever may only look has no favorites either."""

from superset.constants import MODEL_API_RW_METHOD_PERMISSION_MAP


def favorites_are_changes() -> None:
    """Superset counts a star as reading, though it is written down; here it takes the right to write."""
    MODEL_API_RW_METHOD_PERMISSION_MAP.update(add_favorite="write", remove_favorite="write")
