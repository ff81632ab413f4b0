"""A township's work folder: made, found, looked at, and run for a month."""
