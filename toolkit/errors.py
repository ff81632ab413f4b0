"""What can stop us. A fault in a village's data is never one of these: it is a Finding.

* ToolkitError              5  程序内部出错
  - UsageError              2  参数或设置不对
  - TemplateError           2  文稿模板不对
    - FaultyTemplateError   2  里面的占位符、样式等不对，逐条写明
  - OutputError             2  结果写不出去
    - EditedError           4  结果有人改过，没有覆盖
  - BalanceError            4  汇总对账不平，没有写出
  - LiveError               3  打开着的工作簿连不上
  - UnreadableError         3  一个输入文件读不了；其余文件照常处理
    - OtherFormError        3  是标准工作簿，但不是这里要的那一种；在文件夹里遇到的跳过
"""


class ToolkitError(Exception):
    """One Chinese sentence for the person at the desk: what is wrong and what to do next."""

    exit_code = 5

    @property
    def reason(self) -> str:
        """The sentence without a file's name in front, for lists that name the file."""
        return str(self)


class UsageError(ToolkitError):
    """The command line or a setting cannot be followed."""

    exit_code = 2


class TemplateError(ToolkitError):
    """A content template cannot be used; the sentence names paragraph and placeholder."""

    exit_code = 2


class FaultyTemplateError(TemplateError):
    """What a content template says cannot be followed; `faults` has a sentence for each place."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes it again in another process."""
        return type(self), self.faults, self.__dict__


class OutputError(ToolkitError):
    """A result cannot be written where it was asked for; what stood there is unharmed."""

    exit_code = 2


class EditedError(OutputError):
    """A result stands there that somebody has edited since it was written; it stays as it is."""

    exit_code = 4


class BalanceError(ToolkitError):
    """A rollup does not add up, and so was not written; the sentence says where."""

    exit_code = 4


class LiveError(ToolkitError):
    """The open workbook cannot be got at; the sentence says what to do."""

    exit_code = 3


class UnreadableError(ToolkitError):
    """An input file cannot be read; the sentence says what the file is and what to do."""

    exit_code = 3

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(f"{name}：{reason}" if name else reason)
        self._reason = reason

    @property
    def reason(self) -> str:
        """The sentence without the file's name in front."""
        return self._reason


class OtherFormError(UnreadableError):
    """A standard workbook of another kind, such as our own rollup among the villages' files."""
