"""Every standard workbook, declared once."""
