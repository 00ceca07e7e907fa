"""Pages of work given to people."""
