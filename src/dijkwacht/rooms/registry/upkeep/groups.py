"""The groups of fields that a review asks about, one by one. Pure: no Django."""

from typing import Final

# What stands under a group comes from the organisation's own fields, or from what belongs to it.
GROUPS: Final = {
    "identity": (
        "name",
        "country",
        "declaration",
        "kvk",
        "rsin",
        "oin",
        "roo",
        "lei",
        "foreign_register",
        "foreign_number",
    ),
    "activities": ("sectors", "entity_types", "member_states", "arrangements"),
    "reach": ("emails", "phones", "addresses"),
    "contacts": (),
    "assets": (),
}
