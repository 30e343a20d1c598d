"""What a source says of one product. It stands in `data`, where feeds may use it: they know no room."""

from dijkwacht.data.statements import COLUMNS, Notation, ProductStatement, Status

__all__ = ["COLUMNS", "Notation", "ProductStatement", "Status"]
