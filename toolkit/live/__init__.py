"""Beside the open workbook: Excel or WPS on Windows, attached to from outside.

Law: what can be known from a copy of the workbook is not asked of the program.
"""
