"""Photos in, class names out: what is around the model in the demo."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

PHOTOS = ("chelsea.png", "coffee.png")
SIZE = 224
# As the model was trained (its TensorFlow original: `MEAN_RGB` and `STDDEV_RGB`), on 0 to 255.
MEAN, STD = 127.0, 128.0


@dataclass(frozen=True)
class Guess:
    """One class for one photo."""

    index: int
    name: str
    probability: float


def find_photos(names: tuple[str, ...]) -> list[Path]:
    """Returns photos that come with scikit-image."""
    import skimage

    return [Path(skimage.__file__).parent / "data" / name for name in names]


def load_photo(path: Path) -> np.ndarray:
    """Returns f32[3, 224, 224]: the shorter side at 224, the centre of the longer one."""
    photo = Image.open(path).convert("RGB")
    scale = SIZE / min(photo.size)
    size = (round(photo.width * scale), round(photo.height * scale))
    photo = photo.resize(size, Image.Resampling.BICUBIC)
    left, top = (size[0] - SIZE) // 2, (size[1] - SIZE) // 2
    pixels = np.asarray(photo.crop((left, top, left + SIZE, top + SIZE)), dtype=np.float32)
    # safetensors writes memory as it lies.
    return np.ascontiguousarray(((pixels - MEAN) / STD).transpose(2, 0, 1))


def best_guesses(logits: np.ndarray, count: int) -> list[Guess]:
    """Returns the likeliest classes of one photo, f32[1000], the best one first."""
    from timm.data import ImageNetInfo

    scores = np.exp(logits - logits.max())
    probabilities = scores / scores.sum()
    info = ImageNetInfo()
    return [
        Guess(int(index), info.index_to_description(int(index)), float(probabilities[index]))
        for index in np.argsort(-probabilities)[:count]
    ]
