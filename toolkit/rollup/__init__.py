"""Consolidation: many villages' workbooks into the figures of one month."""
