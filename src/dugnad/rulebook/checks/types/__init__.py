"""What every expression can be, worked out without a case: FEEL's types, with what is known of the values."""
