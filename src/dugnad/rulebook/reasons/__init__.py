"""Why a decision came out as it did: as data, in words, and what would have changed it."""
