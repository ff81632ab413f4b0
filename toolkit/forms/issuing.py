"""What each village on a roster is issued: a workbook of its own, with what is known filled in."""

from toolkit.forms import township, village
from toolkit.outputs import safe_name
from toolkit.schema.form import Filling, Identity


def unfit(entry: township.Village, seen: set[str]) -> str:
    """Say why a roster row gets no workbook, "" where it does; note its code as seen."""
    if not entry.code or not entry.village:
        return "村代码或村名没有填好，没有发放。请填好后再发放。"
    if entry.code in seen:
        return f"村代码 {entry.code} 与前面的村重复，没有发放。请改正后再发放。"
    seen.add(entry.code)
    return ""


def village_file(entry: township.Village, year: int) -> str:
    """Return the file name of a village's workbook."""
    return safe_name(f"{entry.code}-{entry.village}-{year}") + ".xlsx"


def identity(code: str, year: str) -> Identity:
    """Return what a village's workbook of the present version says it is."""
    return Identity(village.FORM.id, village.FORM.version, code, year)


def prefilled(entry: township.Village, town: township.Township, year: int) -> Filling:
    """Return what the township knows of a village, as the village would fill it in."""
    known = {
        "year": year,
        "code": entry.code,
        "county": town.county,
        "town": town.town,
        "village": entry.village,
        "branch": entry.branch,
        "secretary": entry.secretary,
        "secretary_phone": entry.secretary_phone,
        "clerk": entry.clerk,
        "clerk_phone": entry.clerk_phone,
    }
    profile = {name: value for name, value in known.items() if value is not None}
    people = [("村党组织书记", entry.secretary), ("村文书", entry.clerk)]
    persons = [{"role": role, "name": name} for role, name in people if name]
    return {village.Profile: [profile], village.Person: persons}
