#!/bin/sh
# 双击或在终端运行；后面可以写工作簿或文件夹。
for given do
    shift
    case $given in
    /*) ;;
    *) [ ! -e "$given" ] || given=$PWD/$given ;;
    esac
    set -- "$@" "$given"
done
CDPATH='' cd -- "$(dirname -- "$0")" || exit 2
export PYTHONUTF8=1
if command -v zhengdun >/dev/null 2>&1; then
    zhengdun watch "$@"
elif python3 -c 'import toolkit' >/dev/null 2>&1; then
    python3 -m toolkit watch "$@"
elif python -c 'import toolkit' >/dev/null 2>&1; then
    python -m toolkit watch "$@"
else
    echo '这台电脑没有装 zhengdun。请先装 Python 3.11 以上版本，再用 pip 装 zhengdun 安装包。' >&2
    (exit 2)
fi
code=$?
if [ -t 0 ] && [ -t 1 ]; then
    printf '按回车键关闭。'
    read -r _
fi
exit $code
