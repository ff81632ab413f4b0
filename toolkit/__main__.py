"""Lets `python -m toolkit` stand for `zhengdun`."""

from toolkit.cli import main

main()
