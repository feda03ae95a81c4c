"""JSON as people and programs write it who do not keep to its rules, as JSON (pure): comments, commas behind the last
value, single quotes, names without quotes, the words of Python and JavaScript for nothing.
"""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(
    r"""(?P<space>[\s\ufeff\x1e]+|//[^\n]*|/\*.*?\*/|\#[^\n]*)|(?P<double>"(?:[^"\\]|\\.)*+")|(?P<single>'(?:[^'\\]|\\.)*+')"""
    r"""|(?P<comma>,)|(?P<end>[\]}])|(?P<word>[A-Za-z_$][\w$]*)|(?P<other>[-+.\d][-+.\w]*|.)""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)|\"|\n", re.DOTALL)
_NAMED = re.compile(r"\s*:")
_WORDS = {"True": "true", "False": "false", "None": "null", "undefined": "null"}


def strict(text: str) -> str:
    """`text` by the rules, as far as it was meant for JSON; what is none at all stays none."""
    parts: list[str] = []
    comma = False
    for found in _TOKEN.finditer(text):
        kind, written = found.lastgroup, found[0]
        if kind == "space":
            continue
        if kind == "comma":
            comma = True
            continue
        if comma and kind != "end":
            parts.append(",")
        comma = False
        if kind == "single":
            written = f'"{_ESCAPED.sub(_in_double, written[1:-1])}"'
        elif kind == "word":
            written = json.dumps(written) if _NAMED.match(text, found.end()) else _WORDS.get(written, written)
        parts.append(written)
    return " ".join(parts)


def _in_double(found: re.Match[str]) -> str:
    if found[0] == '"':
        return '\\"'
    if found[0] == "\n":
        return "\\n"
    return found[1] if found[1] == "'" else found[0]
