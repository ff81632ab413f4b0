"""A rollup as a workbook: live totals with their values."""
