"""The jobs of this room."""

from dijkwacht.rooms.reporting.customers.tasks import file_filing

__all__ = ["file_filing"]
