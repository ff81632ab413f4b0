"""Rectification workbooks for village Party branches: issued, checked, consolidated, turned into documents."""

__version__ = "0.1.0"
