"""The documentation: Markdown by MyST, built by `make docs`."""

project = "Dijkwacht"
author = "The Dijkwacht engineers"
copyright = "EUPL-1.2"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Dijkwacht"
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
suppress_warnings = ["myst.xref_missing"]
