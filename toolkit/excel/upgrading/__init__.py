"""A filled workbook of an older version, carried into the present one and counted."""
