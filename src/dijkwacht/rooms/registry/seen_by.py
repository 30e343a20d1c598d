"""A condition of row-level security: by whom a sector is watched over, its entities are read. Pure: no Django."""

from typing import Final

IN_SECTORS: Final = (
    '"{}" in (select organisation_id from registry_organisationsector'
    " where sector = any ((select dijkwacht_sectors())::text[]))"
)
