"""The page of GB/T 9704-2012 in numbers; clause numbers are those of the standard.

Two units rule it: the twip (1/20 pt) and the 字, the width of one character of 三号 type
condensed to 28 in a line.
"""

ZI = 315  # twips: 15.75 pt, so that 28 fill the 156 mm of 5.2.1 (5.2.3)
LINE_CELLS = 28  # 5.2.3
TEXT_WIDTH = 8844  # twips: 156 mm (5.2.1)
TEXT_HEIGHT = 12756  # twips: 225 mm (5.2.1)
MM_PER_TWIP = 25.4 / 1440
EMU_PER_TWIP = 635
LEFT_EDGE = 1588  # twips from the paper's edge: 28 mm (5.2.1)
FOOT_EDGE = 14854  # twips from the paper's upper edge to the lower one of the 版心

FANGSONG = "仿宋_GB2312"  # 5.2.2
HEITI = "黑体"  # 7.3.3, first level
KAITI = "楷体_GB2312"  # 7.3.3, second level
XIAOBIAOSONG = "方正小标宋简体"  # 7.3.1
SONGTI = "宋体"  # 7.5

TITLE_CELLS = 20  # characters of 二号 (22 pt) in 156 mm
TITLE_LINE = 660  # twips
CELL_LINE = 360  # twips
CELL_TYPE = 240  # twips: the 12 pt characters of a table
CELL_MARGIN = 57  # twips
LEAST_ROW = 454  # twips
FOOT_TYPE = 280  # twips: 四号 (7.5)
IMPRINT_LINE = 500  # twips: the lines of 四号 in the 版记 (7.4)
