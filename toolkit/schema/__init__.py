"""The words that forms are declared in: kinds, columns, row classes, forms, filled workbooks."""
