"""Letters: compose, deliver, mailbox."""
