"""Rectification workbooks for village Party branches: issued, checked, consolidated, printed."""

__version__ = "0.1.0"
