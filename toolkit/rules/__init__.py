"""The rules: each asks one question of the workbooks and answers with the cells that fail it."""
