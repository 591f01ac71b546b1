"""Case, tasks, deadlines, appeal."""
