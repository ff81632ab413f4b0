"""Columns and rows: a sheet's row is a class, its columns descriptors that know their cells."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, overload

from toolkit.cells import CellRef, Raw
from toolkit.findings import Level
from toolkit.schema.kinds import Kind, as_text
from toolkit.schema.texts import header_form, spaced

T = TypeVar("T")

BLANK_IN_PRINT = "＿＿"
"""What a document shows where the workbook holds nothing."""


class Column(Generic[T]):
    """One column of a sheet; on a row it gives the typed value, on the class itself.

    `help` says what belongs there; with the kind's own sentence it is the text of the input
    prompt, of the instructions and of findings. `offers` is the column of another sheet whose
    entries a dropdown offers; `default` is what holds where nothing is filled in.
    """

    def __init__(  # noqa: PLR0913 -- a declaration names what it declares
        self,
        header: str,
        kind: Kind[T],
        *,
        required: bool = False,
        help: str = "",
        aliases: tuple[str, ...] = (),
        section: str = "",
        width: int = 0,
        example: str = "",
        offers: "Column[Any] | None" = None,
        default: T | None = None,
    ) -> None:
        self.header = header
        self.kind = kind
        self.required = required
        self.note = help
        self.aliases = aliases
        self.section = section
        self.width = width or max(kind.width, 2 * len(header) + 2)
        self.example = example or kind.example
        # What stands above a table's column: the header, and its unit on a line of its own.
        self.headed = f"{header}\n（{kind.unit}）" if kind.unit else header
        self.offers = offers
        self.default = default
        self.name = ""
        self.owner: type | None = None

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.owner = self.owner or owner  # a ledger shows columns of other classes

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes as the one column that its class declares."""
        return getattr, (self.owner, self.name)

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: "Row", owner: type) -> T | None: ...
    def __get__(self, row: "Row | None", owner: type) -> Self | T | None:
        if row is None:
            return self
        return row.fields[self.name].value  # type: ignore[return-value]  # `cast` is a call

    def __repr__(self) -> str:
        return f"<Column {self.header}>"

    @property
    def unit(self) -> str:
        """The unit of the numbers, "" where there is none."""
        return self.kind.unit

    @property
    def advice(self) -> str:
        """What to do, in the one sentence that prompt, instructions and findings share."""
        usual = "" if self.default is None else f"不填按{self.usual}执行。"
        return f"{self.note}{self.kind.how}{usual}"

    @property
    def usual(self) -> str:
        """The default as a sentence holds it, a word in quotes; "" where there is none."""
        if self.default is None:
            return ""
        text = self.kind.text(self.default)
        if not text[0].isdecimal():
            return f"“{text}”"
        return spaced(text if text.endswith(self.unit) else f"{text} {self.unit}")

    @property
    def guide(self) -> str:
        """What a vertical sheet says beside the cell: the advice, else the example."""
        return self.advice or f"例：{self.example}"

    @property
    def labels(self) -> tuple[str, ...]:
        """Header, as it stands and bare, and aliases: every spelling that finds the column."""
        return tuple(dict.fromkeys((self.header, self.headed, *self.aliases)))


class Field(NamedTuple):
    """One cell of a row: what stands there, what it was read as, and where it is."""

    value: object = None
    raw: Raw = None
    note: str = ""
    fault: str = ""
    masked: bool = False
    row: int = 0
    column: int = 0  # 0: the sheet lacks the column

    @property
    def empty(self) -> bool:
        """Whether nothing stands in the cell."""
        return self.raw is None

    @property
    def seen(self) -> str:
        """What a person sees in the cell."""
        return as_text(self.raw)


ABSENT = Field()


class Row:
    """One filled row of a sheet; made by the reader, never changed."""

    sheet: ClassVar[str]
    key: ClassVar["Column[str] | None"]
    columns: ClassVar[tuple[Column[Any], ...]]
    by_label: ClassVar[Mapping[str, Column[Any]]]
    vertical: ClassVar[bool]
    hint: ClassVar[str]
    sheet_aliases: ClassVar[tuple[str, ...]]
    if_empty: ClassVar[Level | None]
    blank_rows: ClassVar[int]

    def __init_subclass__(  # noqa: PLR0913 -- a declaration names what it declares
        cls,
        *,
        sheet: str,
        key: str = "",
        vertical: bool = False,
        hint: str = "",
        aliases: tuple[str, ...] = (),
        if_empty: Level | None = None,
        blank_rows: int = 30,
    ) -> None:
        """Declare a sheet: `vertical` sheets hold one record, a field a row.

        `aliases` are titles that the sheet had in earlier versions or goes by among staff;
        `if_empty` says how much it matters that the sheet has no row at all.
        """
        cls.sheet = sheet
        cls.columns = tuple(value for value in vars(cls).values() if isinstance(value, Column))
        # The first column that claims a label keeps it; a test forbids a second claim.
        cls.by_label = {
            header_form(label): column
            for column in reversed(cls.columns)
            for label in column.labels
        }
        cls.key = vars(cls)[key] if key else None
        cls.vertical = vertical
        cls.hint = hint
        cls.sheet_aliases = aliases
        cls.if_empty = if_empty
        cls.blank_rows = blank_rows

    def __init__(self, workbook: str, sheet: str, fields: Mapping[str, Field]) -> None:
        self.workbook = workbook
        self.sheet_title = sheet  # as the file spells it; usually cls.sheet
        self.fields = fields

    def __repr__(self) -> str:
        filled = ", ".join(f"{n}={f.value!r}" for n, f in self.fields.items() if not f.empty)
        return f"{type(self).__name__}({filled})"

    def field(self, column: Column[Any]) -> Field:
        """Return the cell under a column, ABSENT where the sheet lacks it."""
        return self.fields[column.name]

    def cell(self, column: Column[Any]) -> CellRef:
        """Return the address under a column; the row's first cell where the sheet lacks it."""
        field = self.fields[column.name]
        if field.column:
            return CellRef(self.workbook, self.sheet_title, field.row, field.column)
        return CellRef(self.workbook, self.sheet_title, self.line, 1)

    @property
    def line(self) -> int:
        """The row's number in its sheet (of a vertical sheet: its first field's)."""
        return next((field.row for field in self.fields.values() if field.row), 1)

    def printed(self, column: Column[Any]) -> str:
        """Return what a document prints: masks as they stand, a visible blank for nothing."""
        field = self.fields[column.name]
        if field.value is None:
            return field.seen.strip() or BLANK_IN_PRINT
        return column.kind.text(field.value)

    def filled(self) -> Iterator[tuple[Column[Any], Field]]:
        """Yield each column that holds something, with its cell."""
        for column in self.columns:
            field = self.fields[column.name]
            if not field.empty:
                yield column, field


R = TypeVar("R", bound=Row)
