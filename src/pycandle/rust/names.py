"""Rust names from Python names."""

import re
import unicodedata

_KEYWORDS = frozenset(
    [
        "as",
        "async",
        "await",
        "break",
        "const",
        "continue",
        "crate",
        "dyn",
        "else",
        "enum",
        "extern",
        "false",
        "fn",
        "for",
        "gen",
        "if",
        "impl",
        "in",
        "let",
        "loop",
        "match",
        "mod",
        "move",
        "mut",
        "pub",
        "ref",
        "return",
        "self",
        "static",
        "struct",
        "super",
        "trait",
        "true",
        "type",
        "unsafe",
        "use",
        "where",
        "while",
        "abstract",
        "become",
        "box",
        "do",
        "final",
        "macro",
        "override",
        "priv",
        "try",
        "typeof",
        "unsized",
        "virtual",
        "yield",
        "Self",
    ]
)


def snake(name: str) -> str:
    """Returns a variable, field or function name: snake case, no keyword, no leading digit."""
    text = re.sub(r"[^0-9a-zA-Z_]+", "_", _ascii(name))
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", text)
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text).lower()
    text = re.sub(r"_+", "_", text).strip("_") or "x"
    if text[0].isdigit():
        text = f"n{text}"
    return f"{text}_" if text in _KEYWORDS else text


def _ascii(name: str) -> str:
    """Returns a name with letters for those with marks: `größe` is `grosse`."""
    text = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def camel(name: str) -> str:
    """Returns a type name as Rust words: `CLIPMLP` is `Clipmlp`, `ViTLayer` stays."""
    text = re.sub(r"[^0-9a-zA-Z]+", "_", _ascii(name))
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", text)
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    words = [word for word in text.split("_") if word]
    joined = "".join(word[:1].upper() + word[1:].lower() for word in words) or "Model"
    joined = f"N{joined}" if joined[0].isdigit() else joined
    return f"{joined}_" if joined in _KEYWORDS else joined


class Names:
    """Names in use in one scope."""

    def __init__(self, taken: set[str] | None = None) -> None:
        """Starts with the names that are taken already."""
        self.taken = set(taken or ())

    def fresh(self, wanted: str) -> str:
        """Returns `wanted`, with a number behind it where it is taken, and takes it."""
        name, count = wanted, 2
        while name in self.taken:
            name = f"{wanted}{count}" if not wanted[-1].isdigit() else f"{wanted}_{count}"
            count += 1
        self.taken.add(name)
        return name
