"""Workbooks as files: judged, read, built, marked and upgraded."""
