"""Who keeps a customer whom several employees look after."""

from __future__ import annotations

from custmerge.protocols import SurvivorshipRule
from custmerge.survivorship.defaults import default_rule
from custmerge.survivorship.rules import oldest

__all__ = ["owner_rule"]


def owner_rule(created_at: str | None) -> SurvivorshipRule:
    """Return the rule for who owns a customer: who was first.

    Who entered a customer first is protected from those who enter it again later.
    Without a column that says when a record was made, the owner of the most recent
    one is.

    Args:
        created_at: The column that says when a record was made, if there is one.

    Examples:
        >>> owner_rule("created_at").name
        'oldest, then most_recent, then most_frequent, then most_complete'
        >>> owner_rule(None).name
        'most_recent, then most_frequent, then most_complete'
    """
    usual = default_rule(None)
    return usual if created_at is None else oldest(created_at).then(usual)
