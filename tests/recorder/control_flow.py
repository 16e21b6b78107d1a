"""Models with ops that hold programs of their own."""

import torch
from torch._higher_order_ops.map import map as map_over
from torch._higher_order_ops.scan import scan
from torch._higher_order_ops.while_loop import while_loop


class ChoiceBySize(torch.nn.Module):
    def forward(self, x):
        return torch.cond(x.shape[0] > 3, lambda x: x.sin(), lambda x: x.cos(), (x,))


class ChoiceOfSizes(torch.nn.Module):
    def forward(self, x):
        return torch.cond(x.sum() > 0, lambda x: x.sin(), lambda x: x[:1].cos(), (x,))


class ChoiceOfNumbers(torch.nn.Module):
    def forward(self, x):
        return torch.cond(x.sum() > 0, lambda x: (x.sin(), 3), lambda x: (x.cos(), 4), (x,))[0]


class ChoiceWithAnEffect(torch.nn.Module):
    def forward(self, x):
        seen = []

        def noted(x):
            seen.append(x)
            return x.sin()

        return torch.cond(x.sum() > 0, noted, lambda x: x.cos(), (x,))


class Looping(torch.nn.Module):
    def forward(self, x):
        return while_loop(lambda x: x.sum() < 9, lambda x: (x + 1,), (x,))


class Mapping(torch.nn.Module):
    def forward(self, x):
        return map_over(lambda row: row.sin(), x)


class Scanning(torch.nn.Module):
    def forward(self, x):
        return scan(lambda sum, row: (sum + row, sum * row), x[0], x)
