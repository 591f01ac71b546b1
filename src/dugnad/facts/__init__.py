"""What is known about whom, from which source, valid when, fetched on what basis."""
