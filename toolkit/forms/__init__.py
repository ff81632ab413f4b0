"""Every standard workbook, declared once."""

TOWNSHIP_FILE = "镇级工作簿.xlsx"
"""The name under which a township's own workbook lies beside those of its villages."""
