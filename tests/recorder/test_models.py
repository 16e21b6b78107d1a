"""Real models: recorded on a CPU, replayed bit for bit, module by module."""

import pytest
import torch
from safetensors.torch import save_file

import models
from pycandle.recorder import GoldenRecorder, install
from pycandle.recorder.replay import call_name, replay

from .conftest import load
from .test_replay import assert_same


@pytest.mark.parametrize("name", ["resnet18", "bert", "t5"])
def test_a_model_replays_bit_for_bit(record, name):
    model, args, kwargs = models.build(name, "cpu")
    recording = record(model, *args, **kwargs)
    seen: dict[str, torch.Tensor] = {}

    def on_call(index, outputs):
        call = call_name(recording.entry.calls[index])
        seen.update({f"{call}/{path}": value.clone() for path, value in outputs.items()})

    found = replay(
        recording.manifest,
        "forward",
        recording.state(),
        recording.part("record.0/input/"),
        on_call=on_call,
    )

    assert_same(found, recording.part("record.0/output/"))
    assert_same(seen, recording.part("record.0/call/"))


def test_a_decoder_is_recorded_without_its_cache_and_says_so(record, capsys):
    model, args, kwargs = models.build("llama", "cpu")

    entry = record(model, *args, **kwargs).entry

    assert entry.notes[0].startswith("recorded with `use_cache=False`")
    assert "note: forward: recorded with `use_cache=False`" in capsys.readouterr().err
    assert entry.dtype_generic
    assert {node.cast for node in entry.nodes} == {None, "fixed", "input_dtype"}


def test_a_model_built_on_meta_replays_with_the_real_weights(tmp_path):
    install()
    abstract, args, kwargs = models.build("llama", "meta")
    recorder = GoldenRecorder(tmp_path)
    recorder.record(abstract, *args, **kwargs)
    recorder.save("llama")
    recording = load(tmp_path, "llama")
    model, args, _ = models.build("llama", "cpu")
    state = {**model.state_dict(), **recording.state()}

    found = replay(recording.manifest, "forward", state, {"input_ids": args[0][:1, :7]})

    expected = model(args[0][:1, :7], use_cache=False).logits
    assert torch.equal(found["logits"], expected)
    assert set(recording.trace) == {"state/model.rotary_emb.inv_freq"}


def test_replay_answers_a_request(tmp_path):
    from pycandle.recorder.__main__ import main
    from pycandle.recorder.replay_command import Request

    model, args, kwargs = models.build("bert", "cpu")
    recorder = GoldenRecorder(tmp_path)
    recorder.record(model, *args, **kwargs)
    recorder.save("bert")
    save_file({k: v.clone() for k, v in model.state_dict().items()}, tmp_path / "w.safetensors")
    mask = kwargs["attention_mask"]
    save_file({"input_ids": args[0], "attention_mask": mask}, tmp_path / "in.safetensors")
    request = Request(
        manifest=str(tmp_path / "bert_manifest.json"),
        entry="forward",
        weights=str(tmp_path / "w.safetensors"),
        inputs=[str(tmp_path / "in.safetensors")],
        out=[str(tmp_path / "out.safetensors")],
        dtype="float32",
        calls=True,
    )
    (tmp_path / "request.json").write_bytes(encode(request))

    code = main(["replay", str(tmp_path / "request.json")])

    assert code == 0
    recording = load(tmp_path, "bert")
    assert_same(read(tmp_path / "out.safetensors", "output/"), recording.part("record.0/output/"))
    assert_same(read(tmp_path / "out.safetensors", "call/"), recording.part("record.0/call/"))


def encode(request) -> bytes:
    import msgspec

    return msgspec.json.encode(request)


def read(path, prefix: str) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return {
        name.removeprefix(prefix): tensor
        for name, tensor in load_file(path).items()
        if name.startswith(prefix)
    }
