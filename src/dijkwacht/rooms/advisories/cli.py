"""`dijkwacht advisories`: each part adds its own commands."""

import click


@click.group()
def advisories() -> None:
    """Advisories of sources, what they say of a product, and who runs it."""
