"""What happened, in order, in the same transaction as the change."""
