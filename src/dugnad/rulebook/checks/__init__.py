"""What can be found wrong in compiled rules without a case: mixed units, gaps and overlaps in tables."""
