"""The demo cell: its texts and people are the TOML files beside this module, described in their headers."""
