"""The words of a query on a command line, where one that excludes begins like an option: `search oil -price`."""

from __future__ import annotations

import click

_MARK = "\0"  # before a word, while click looks for options; no argument of a process can hold it


class QueryCommand(click.Command):
    """A command that takes a query. One minus and a word that is none of its options belong to the query."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = {name: option for option in self.get_params(ctx) for name in option.opts if name.startswith("-")}
        marked: list[str] = []
        for number, arg in enumerate(args):
            if arg == "--":
                marked += args[number:]
                break
            is_value = number > 0 and _takes_value(options.get(args[number - 1]))
            marked.append(arg if is_value or not _excludes(arg, options) else f"{_MARK}{arg}")
        rest = super().parse_args(ctx, marked)
        ctx.params = {name: _unmarked(value) for name, value in ctx.params.items()}
        return rest


def _unmarked(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_unmarked, value))
    return value.removeprefix(_MARK) if isinstance(value, str) else value


def _excludes(arg: str, options: dict[str, click.Parameter]) -> bool:
    if arg in options or len(arg) < 2 or arg[0] != "-" or arg[1] == "-":
        return False
    return not _takes_value(options.get(arg[:2]))  # `-oFILE`


def _takes_value(option: click.Parameter | None) -> bool:
    return isinstance(option, click.Option) and not option.is_flag
