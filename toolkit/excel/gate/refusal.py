"""The refusal of a file, on its way to the one who knows the file's name."""

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再交。"
SEND_AGAIN = "请在原电脑上重新打开、保存后再交。"
DAMAGED = f"文件没有传完或已损坏，读不了。{SEND_AGAIN}"
LOCKED = "文件设有打开密码，读不了。请去掉密码另存后再交。"


class Refusal(Exception):  # noqa: N818 -- a verdict on its way to preflight, which adds the name
    """The sentence of a refusal, still without the file's name."""
