"""Return copies: findings marked in a workbook's own bytes, and cleared again."""
