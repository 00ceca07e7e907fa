"""Pages of turns of self-criticism and of shortcomings."""
