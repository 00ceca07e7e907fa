"""Pages of what people were told, addresses that act from a mail, the private calendar."""
