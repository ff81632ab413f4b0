"""The names that 印发通知 can use: those of the village whose plan it is, and the township's."""

from toolkit.forms.township import Formality, Township
from toolkit.schema.workbook import Workbook
from toolkit.word import vocabulary
from toolkit.word.content import TITLE, Content
from toolkit.word.formalities import joint_organs
from toolkit.word.scope import Glossary, Scope

_TITLE = "方案标题"
_ISSUERS, _SIGNERS = "发文机关", "署名机关"
_OWN = (Township.committee, Township.office, Township.contact, Township.phone)
"""What a township's 镇情 tells beside the names that the village's workbook has too."""


def issued_vocabulary(
    of_village: Scope, town: Workbook | None, row: Formality | None, plan: Content
) -> Scope:
    """Return a village's names with those of the township that issues its plan.

    The row of 公文要素 that fits tells the day, and who issues it where several organs do; the
    plan's own template its title.
    """
    title = "".join(line.text for line in plan.fill(of_village) if line.style == TITLE)
    of_town = _town(next(iter(town.rows(Township)), None) if town else None)
    organs = joint_organs(row) or (of_town[Township.committee.header],)
    values = {
        **of_village.values,
        **of_town,
        _ISSUERS: " ".join(organs),
        _SIGNERS: "\n".join(organs),
        Formality.day.header: _day(row),
        _TITLE: title.replace("\n", ""),
    }
    return Scope(values, of_village.tables)


def _town(own: Township | None) -> dict[str, str]:
    told = vocabulary.row_values(own or vocabulary.blank_row(Township))
    return {column.header: told[column.header] for column in _OWN}


def _day(row: Formality | None) -> str:
    return "" if row is None or row.field(Formality.day).empty else row.printed(Formality.day)


# -- every name -----------------------------------------------------------------------------------


def specimen() -> Scope:
    """Return the vocabulary of a township and a village that have something everywhere."""
    base = vocabulary.specimen()
    row = vocabulary.example_row(Formality)
    town = vocabulary.row_values(vocabulary.example_row(Township))
    own = {column.header: town[column.header] for column in _OWN}
    issuer = own[Township.committee.header]
    more = {
        _ISSUERS: issuer,
        _SIGNERS: issuer,
        Formality.day.header: _day(row),
        _TITLE: "青石镇上河村2022年度软弱涣散党组织整顿实施方案",
    }
    return Scope({**base.values, **own, **more}, base.tables)


def glossary() -> Glossary:
    """Return what the names of an issued plan hold."""
    base = vocabulary.glossary()
    own = {c.header: f"“{Township.sheet}”表里的{c.header}。" for c in _OWN}
    more = {
        _ISSUERS: "镇党委全称；联合行文的，是发文机关标志里的各个机关，用空格隔开，写在标题里。",
        _SIGNERS: "镇党委全称；联合行文的，是发文机关标志里的各个机关，一个一行，写在落款里。",
        Formality.day.header: f"“{Formality.sheet}”表里印发通知的印发日期。",
        _TITLE: "所印发的整顿方案的标题，不带书名号。",
    }
    return Glossary({**base.said, **own, **more}, base.rows)
