"""Traps of steps that some instances of a class lack: layers, sums, activations, children."""

from torch import Tensor, nn

from traps.trap import floats, trap


class Inverted(nn.Module):
    def __init__(self, width: int, hidden: int, out: int) -> None:
        super().__init__()
        self.expand = nn.Linear(width, hidden) if hidden != width else None
        self.norm = nn.LayerNorm(hidden)
        self.project = nn.Linear(hidden, out)
        self.has_skip = width == out

    def forward(self, x: Tensor) -> Tensor:
        y = x
        if self.expand is not None:
            y = self.expand(y).relu()
        y = self.project(self.norm(y))
        if self.has_skip:
            y = y + x
        return y


@trap(
    floats(2, 6),
    shows=(
        "expand: Option<Linear>",
        "match &self.expand",
        "if self.residual",
        "Inverted::new(",
    ),
    hides=("InvertedB", "InvertedWith"),
)
class OptionalEverything(nn.Module):
    """Blocks of one class lack a first layer, an activation and a last sum, or all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Inverted(6, 6, 8)
        self.two = Inverted(8, 12, 8)
        self.three = Inverted(8, 12, 6)
        self.four = Inverted(6, 6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.four(self.three(self.two(self.one(x))))


class Plain(nn.Module):
    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, out)
        self.shortcut = nn.Linear(width, out) if width != out else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x).relu() + self.shortcut(x)


@trap(
    floats(2, 6),
    shows=("shortcut: Option<Linear>", "None => x.clone()"),
    hides=("PlainB", "PlainWith"),
)
class OptionalShortcut(nn.Module):
    """The shortcut is a plain layer, or the input itself."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Plain(6, 6)
        self.two = Plain(6, 8)

    def forward(self, x: Tensor) -> Tensor:
        return self.two(self.one(x))


class Acted(nn.Module):
    def __init__(self, act: nn.Module) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.act = act

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.fc(x) + x)


@trap(floats(2, 6), shows=("if self.relu",), hides=("ActedB", "ActedWith"))
class OptionalLastStep(nn.Module):
    """What is missing is the last step, so that the result itself stands for it."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Acted(nn.ReLU())
        self.two = Acted(nn.Identity())

    def forward(self, x: Tensor) -> Tensor:
        return self.two(self.one(x)) - self.one(x)


class Squeezed(nn.Module):
    def __init__(self, *, gated: bool) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.gate = Acted(nn.Sigmoid()) if gated else None
        self.act = nn.Tanh() if gated else nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc(x)
        return self.act(x if self.gate is None else self.gate(x))


@trap(floats(2, 6), hides=("Option<",))
class NothingLeftOpen(nn.Module):
    """One kind has the child and another activation, the other lacks it: nothing is optional."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Squeezed(gated=True)
        self.two = Squeezed(gated=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.two(self.one(x))


class Reused(nn.Module):
    def __init__(self, *, same: bool) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.post = nn.Linear(6, 6)
        self.same = same

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc(x)
        if self.same:
            x = self.post(x)
        return self.post(x.tanh())


@trap(floats(2, 6), hides=("Option<",))
class OptionalUseOfALayer(nn.Module):
    """A layer is used twice, or once: it is there in any case."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Reused(same=True)
        self.two = Reused(same=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.two(self.one(x))


class Stage(nn.Module):
    def __init__(self, width: int, out: int, depth: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Plain(width, width) for _ in range(depth))
        self.down = nn.Linear(width, out) if width != out else None

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        for block in self.blocks:
            x = block(x)
        return (x if self.down is None else self.down(x)), x


@trap(floats(2, 6), shows=("for block in &self.blocks",))
class OptionalBesideLoops(nn.Module):
    """Stages of other depths return two values, of which one may be the other."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Stage(6, 8, 2)
        self.two = Stage(8, 8, 3)

    def forward(self, x: Tensor) -> Tensor:
        x, y = self.one(x)
        x, z = self.two(x)
        return x + z + y.sum(-1, keepdim=True)
