"""The refusal of a file, on its way to the one who knows the file's name."""

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送。"
SEND_AGAIN = "请在原电脑上重新打开、保存后重新报送。"
DAMAGED = f"文件没有传完或已损坏，读不了。{SEND_AGAIN}"
LOCKED = "文件设有打开密码，读不了。请去掉密码，另存后重新报送。"
FILL_IN = "请把内容填到镇里发放的工作簿里再报送。"


class Refusal(Exception):  # noqa: N818 -- a verdict on its way to open_bytes, which adds the name
    """The sentence of a refusal, still without the file's name."""
