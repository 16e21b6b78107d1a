"""Reading a pickle as data: nothing is imported, called or set.

Globals, calls and persistent ids become plain records. What a pickle would do when it is loaded
is thereby visible, and does not happen.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from pycandle.weights.pickle_machine import (
    Call,
    Global,
    Machine,
    More,
    PersistentId,
    PickleError,
    PickleTruncatedError,
)

MAX_OPCODES = 32_000_000
"""Some 60 opcodes describe a tensor. Each allocates about 100 bytes at most."""

_MAX_LONG = 255
_KEY_TYPES = (str, int, float, bool, bytes, type(None))


class Pickle(NamedTuple):
    """What one pickle describes."""

    value: Any
    end: int
    """The position after its last byte."""
    globals: list[Global]
    persistent_ids: list[PersistentId]


def read_pickle(data: bytes, position: int = 0, more: More | None = None) -> Pickle:
    """Returns the pickle that starts at `position` of `data`; raises PickleError.

    `data` may be only the start of what `more` has.
    """
    machine = Machine(data, position, more)
    opcodes = _OPCODES
    checked = 0
    try:
        for _ in range(MAX_OPCODES):
            if machine.position >= checked:
                checked = machine.read_ahead()
                data = machine.data
            code = data[machine.position]
            machine.position += 1
            if code == 0x2E:
                value = machine.stack.pop()
                return Pickle(value, machine.position, machine.globals, machine.persistent_ids)
            opcodes[code](machine)
    except struct.error:
        raise PickleTruncatedError("the pickle is truncated") from None
    except IndexError:
        if machine.position >= len(machine.data):
            raise PickleTruncatedError("the pickle is truncated") from None
        raise PickleError(f"the pickle takes from an empty stack {machine.place()}") from None
    except KeyError:
        raise PickleError(f"unknown opcode or memo entry {machine.place()}") from None
    except (ValueError, UnicodeDecodeError):
        raise PickleError(f"malformed operand {machine.place()}") from None
    raise PickleError(f"the pickle has more than {MAX_OPCODES} opcodes")


_Opcode: TypeAlias = Callable[[Machine], None]


def _constant(make: Callable[[], Any]) -> _Opcode:
    def push(machine: Machine) -> None:
        machine.stack.append(make())

    return push


def _number(form: str) -> _Opcode:
    read = struct.Struct(form)

    def push(machine: Machine) -> None:
        position = machine.position
        machine.position = position + read.size
        machine.stack.append(read.unpack_from(machine.data, position)[0])

    return push


def _text(count: int) -> _Opcode:
    def push(machine: Machine) -> None:
        machine.stack.append(str(machine.take(machine.take_int(count)), "utf-8", "surrogatepass"))

    return push


def _bytes(count: int) -> _Opcode:
    def push(machine: Machine) -> None:
        machine.stack.append(machine.take(machine.take_int(count)))

    return push


def _python2_text(count: int) -> _Opcode:
    """Python 2 wrote its `str` so: text where it is UTF-8, as torch reads it."""

    def push(machine: Machine) -> None:
        data = machine.take(machine.take_int(count))
        try:
            machine.stack.append(data.decode())
        except UnicodeDecodeError:
            machine.stack.append(data)

    return push


def _tuple_of(count: int) -> _Opcode:
    def push(machine: Machine) -> None:
        stack = machine.stack
        if len(stack) < count:
            raise PickleError(f"the pickle takes from an empty stack {machine.place()}")
        items = tuple(stack[-count:])
        del stack[-count:]
        stack.append(items)

    return push


def _long(count: int) -> _Opcode:
    def push(machine: Machine) -> None:
        length = machine.take_int(count)
        if length > _MAX_LONG:
            raise PickleError(f"an integer of {length} bytes {machine.place()}")
        machine.stack.append(int.from_bytes(machine.take(length), "little", signed=True))

    return push


def _get(form: str) -> _Opcode:
    read = struct.Struct(form)

    def push(machine: Machine) -> None:
        position = machine.position
        machine.position = position + read.size
        machine.stack.append(machine.memo[read.unpack_from(machine.data, position)[0]])

    return push


def _put(form: str) -> _Opcode:
    read = struct.Struct(form)

    def store(machine: Machine) -> None:
        position = machine.position
        machine.position = position + read.size
        machine.memo[read.unpack_from(machine.data, position)[0]] = machine.stack[-1]

    return store


def _memoize(machine: Machine) -> None:
    machine.memo[len(machine.memo)] = machine.stack[-1]


def _protocol(machine: Machine) -> None:
    if (version := machine.take_int(1)) > 5:
        raise PickleError(f"unknown pickle protocol {version}")


def _int_line(machine: Machine) -> None:
    """Protocol 1 writes booleans as `00` and `01`."""
    line = machine.take_line()
    machine.stack.append(line == "01" if line in ("00", "01") else int(line))


def _long_line(machine: Machine) -> None:
    machine.stack.append(int(machine.take_line().removesuffix("L")))


def _mark(machine: Machine) -> None:
    machine.outer.append(machine.stack)
    machine.stack = []


def _pop(machine: Machine) -> None:
    if machine.stack:
        machine.stack.pop()
    else:
        machine.pop_mark()


def _pop_mark(machine: Machine) -> None:
    machine.pop_mark()


def _duplicate(machine: Machine) -> None:
    machine.stack.append(machine.stack[-1])


def _tuple(machine: Machine) -> None:
    items = machine.pop_mark()
    machine.stack.append(tuple(items))


def _list(machine: Machine) -> None:
    items = machine.pop_mark()
    machine.stack.append(items)


def _global(machine: Machine) -> None:
    module = machine.take_line()
    _push_global(machine, module, machine.take_line())


def _stack_global(machine: Machine) -> None:
    name, module = machine.stack.pop(), machine.stack.pop()
    if type(module) is not str or type(name) is not str:
        raise PickleError(f"a global whose name is no text {machine.place()}")
    _push_global(machine, module, name)


def _push_global(machine: Machine, module: str, name: str) -> None:
    found = Global(module, name)
    machine.globals.append(found)
    machine.stack.append(found)


def _persistent_id(machine: Machine) -> None:
    found = PersistentId(machine.stack.pop())
    machine.persistent_ids.append(found)
    machine.stack.append(found)


def _call(machine: Machine) -> None:
    args, function = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(Call(function, args))


def _call_with_keywords(machine: Machine) -> None:
    kwargs, args = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(Call(machine.stack.pop(), args, kwargs))


def _build(machine: Machine) -> None:
    state, target = machine.stack.pop(), machine.stack[-1]
    if type(target) is not Call or target.state is not None:
        raise PickleError(f"state for what takes none {machine.place()}")
    target.state = state


def _set_item(machine: Machine) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    _set_items_of(machine, [key, value])


def _set_items(machine: Machine) -> None:
    _set_items_of(machine, machine.pop_mark())


def _set_items_of(machine: Machine, items: list[Any]) -> None:
    target: Any = machine.stack[-1]
    if type(target) is Call:
        if target.items is None:
            target.items = {}
        target = target.items
    if type(target) is not dict or len(items) % 2:
        raise PickleError(f"items for what is no dict {machine.place()}")
    for index in range(0, len(items), 2):
        key = items[index]
        # Hashing a nested tuple can take forever, and no name of a tensor is one.
        target[key if type(key) in _KEY_TYPES else ("opaque", id(key))] = items[index + 1]


def _append(machine: Machine) -> None:
    value = machine.stack.pop()
    _append_to(machine, [value])


def _appends(machine: Machine) -> None:
    _append_to(machine, machine.pop_mark())


def _append_to(machine: Machine, items: list[Any]) -> None:
    target = machine.stack[-1]
    if type(target) is list:
        target.extend(items)
    elif type(target) is not Call:  # An object of a class that extends list holds no state dict.
        raise PickleError(f"elements for what is no list {machine.place()}")


def _frame(machine: Machine) -> None:
    machine.take(8)


_OPCODES: dict[int, _Opcode] = {
    0x80: _protocol,
    0x95: _frame,
    0x28: _mark,
    0x30: _pop,
    0x31: _pop_mark,
    0x32: _duplicate,
    0x4E: _constant(lambda: None),
    0x88: _constant(lambda: True),
    0x89: _constant(lambda: False),
    0x7D: _constant(dict),
    0x5D: _constant(list),
    0x8F: _constant(list),  # EMPTY_SET
    0x29: _constant(tuple),
    0x4B: _number("<B"),
    0x4D: _number("<H"),
    0x4A: _number("<i"),
    0x49: _int_line,
    0x4C: _long_line,
    0x8A: _long(1),
    0x8B: _long(4),
    0x47: _number(">d"),
    0x8C: _text(1),
    0x58: _text(4),
    0x8D: _text(8),
    0x55: _python2_text(1),
    0x54: _python2_text(4),
    0x43: _bytes(1),
    0x42: _bytes(4),
    0x8E: _bytes(8),
    0x85: _tuple_of(1),
    0x86: _tuple_of(2),
    0x87: _tuple_of(3),
    0x74: _tuple,
    0x6C: _list,
    0x91: _tuple,  # FROZENSET
    0x71: _put("<B"),
    0x72: _put("<I"),
    0x94: _memoize,
    0x68: _get("<B"),
    0x6A: _get("<I"),
    0x63: _global,
    0x93: _stack_global,
    0x51: _persistent_id,
    0x52: _call,  # REDUCE
    0x81: _call,  # NEWOBJ
    0x92: _call_with_keywords,  # NEWOBJ_EX
    0x62: _build,
    0x73: _set_item,
    0x75: _set_items,
    0x61: _append,
    0x65: _appends,
    0x90: _appends,  # ADDITEMS
}
"""What `torch.save` writes, in any protocol from 1 to 5; INST, OBJ and EXT are not among it."""
