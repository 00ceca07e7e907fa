"""Search over the texts of a cell: what is searched (sources), who may find it (walls), how (matching, queries)."""
