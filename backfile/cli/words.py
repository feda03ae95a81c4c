"""What is typed on a command line: text, and the words of a query, of which one may begin like an option (`-price`)."""

from __future__ import annotations

import os
import re

import click

_MARK = "\0"  # before a word, while click looks for options; no argument of a process can hold it
_LETTER = re.compile("-[A-Za-z]")


class QueryCommand(click.Command):
    """A command that takes a query. One minus and a word that is none of its options belong to the query.

    Not so one letter, and the name of an option with a value: who writes `-f csv` or `-limit 5` means no word, and an
    answer that leaves out articles with it would be taken for another one.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = {name: option for option in self.get_params(ctx) for name in option.opts if name.startswith("-")}
        marked: list[str] = []
        for number, arg in enumerate(args):
            if arg == "--":
                marked += args[number:]
                break
            is_value = number > 0 and _takes_value(options.get(args[number - 1]))
            if is_value or not _excludes(arg, options):
                marked.append(arg)
                continue
            is_meant = _takes_value(options.get(f"-{arg}"))
            if is_meant or _LETTER.fullmatch(arg):
                meant = f"write -{arg} for the option" if is_meant else "`--help` lists those there are"
                raise click.UsageError(f"There is no option {arg}: {meant}, NOT {arg[1:]} to leave out the word.", ctx)
            marked.append(f"{_MARK}{arg}")
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


class _Text(click.types.StringParamType):
    """Text that can be kept and compared. Bytes that are none would come back as other signs than were typed."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = super().convert(value, param, ctx)
        if text.isascii():
            return text
        try:
            return os.fsencode(text).decode() if any("\ud800" <= char <= "\udfff" for char in text) else text
        except UnicodeError:
            self.fail(f"{text!r} is not text in UTF-8.", param, ctx)


TEXT = _Text()


def take_text(command: click.Command) -> None:
    """Have `command`, and each of its own, refuse what is no text wherever it takes one."""
    for param in command.params:
        if param.type is click.STRING:
            param.type = TEXT
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        take_text(one)
