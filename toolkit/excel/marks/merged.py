"""Merged cells: which cell stands for the others of its area."""

from dataclasses import dataclass

from toolkit.cells import Area, a1, place
from toolkit.excel.marks.splice import Element


@dataclass(frozen=True)
class Merged:
    """The merged cells of a sheet, counted from 1."""

    areas: tuple[Area, ...]

    def head(self, cell: str) -> str:
        """Return the first cell of the area that a cell lies in, itself where it lies in none."""
        row, column = place(cell)
        for (top, left), (bottom, right) in self.areas:
            if top <= row <= bottom and left <= column <= right:
                return a1(top, left)
        return cell


def merged_cells(root: Element) -> Merged:
    """Return the merged cells of a sheet."""
    refs = (each.get("ref").split(":") for each in root.all("mergeCells", "mergeCell"))
    return Merged(tuple((place(ref[0]), place(ref[-1])) for ref in refs))
