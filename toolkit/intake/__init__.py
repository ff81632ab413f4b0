"""Intake: an existing plan, in Word or as plain text, read into rows of the village workbook."""
