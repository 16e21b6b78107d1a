"""One line of a graph's text as tokens, with errors that name line and column."""

import json
import re
from dataclasses import dataclass, field

from pycandle.errors import Place, PyCandleError, refusal

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)
      | (?P<float>[0-9]+(?:\.[0-9]+(?:e[-+]?[0-9]+)?|e[-+]?[0-9]+))
      | (?P<int>[0-9]+)
      | (?P<mark>->|//|[-+*%()\[\],=:\#@$])
    )""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True)
class Token:
    """A word of the text; `kind` is empty behind the last one."""

    kind: str
    text: str
    column: int
    """From 1."""


@dataclass
class Line:
    """The tokens of a line, and which one is next."""

    file: str
    number: int
    """From 1."""
    text: str
    tokens: list[Token] = field(default_factory=list[Token])
    position: int = 0

    def __post_init__(self) -> None:
        start = 0
        while self.text[start:].strip():
            match = _TOKEN.match(self.text, start)
            if match is None or match.lastgroup is None:
                column = len(self.text) - len(self.text[start:].lstrip()) + 1
                raise self.error(f"no token starts with `{self.text[column - 1]}`", column)
            token = match[match.lastgroup]
            self.tokens.append(Token(match.lastgroup, token, match.end() - len(token) + 1))
            start = match.end()
        self.tokens.append(Token("", "", len(self.text) + 1))

    @property
    def next(self) -> Token:
        """The token that comes."""
        return self.tokens[self.position]

    def error(self, problem: str, column: int | None = None) -> PyCandleError:
        """Returns an error at a column, or at the next token."""
        column = self.next.column if column is None else column
        place = Place(self.file, self.number, self.text.strip(), f"column {column}")
        return refusal("graph-text", problem, place=place)

    def expected(self, what: str) -> PyCandleError:
        """Returns an error that says what should stand here, and what does."""
        found = f"`{self.next.text}`" if self.next.kind else "the end of the line"
        return self.error(f"expected {what}, found {found}")

    def advance(self) -> Token:
        """Returns the next token and passes it."""
        token = self.next
        if token.kind:
            self.position += 1
        return token

    def follows(self, text: str) -> bool:
        """Whether the token after the next one is this mark."""
        after = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        return after.kind == "mark" and after.text == text

    def accept(self, text: str) -> bool:
        """Passes the next token where it is this mark or this word."""
        found = self.next.kind in ("mark", "word") and self.next.text == text
        self.position += found
        return found

    def expect(self, text: str) -> None:
        """Passes this mark or word; anything else is an error."""
        if not self.accept(text):
            raise self.expected(f"`{text}`")

    def integer(self) -> int:
        """Returns an integer of 0 or more."""
        if self.next.kind != "int":
            raise self.expected("a number")
        return int(self.advance().text)

    def string(self) -> str:
        """Returns the text inside quotes."""
        if self.next.kind != "string":
            raise self.expected("a text in quotes")
        try:
            found: str = json.loads(self.next.text)
        except json.JSONDecodeError:
            raise self.error("this text has an escape that JSON does not know") from None
        self.advance()
        return found

    def name(self, what: str) -> str:
        """Returns a word, a number as a word, or a text in quotes."""
        if self.next.kind == "string":
            return self.string()
        if self.next.kind not in ("word", "int"):
            raise self.expected(what)
        return self.advance().text

    def identifier(self, what: str) -> str:
        """Returns a word without dots, or a text in quotes."""
        if self.next.kind == "string":
            return self.string()
        if self.next.kind != "word" or "." in self.next.text:
            raise self.expected(what)
        return self.advance().text

    def end(self) -> None:
        """Raises an error where something is left on the line."""
        if self.next.kind:
            raise self.expected("the end of the line")
