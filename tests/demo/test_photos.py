"""The demo's photos, as the model wants them."""

from pathlib import Path

import numpy as np
import pytest

from photos import PHOTOS, find_photos, load_photo


@pytest.mark.parametrize("photo", find_photos(PHOTOS), ids=PHOTOS)
def test_a_photo_lies_in_memory_as_its_shape_says(photo: Path) -> None:
    pixels = load_photo(photo)

    assert pixels.shape == (3, 224, 224)
    assert pixels.flags["C_CONTIGUOUS"]
    assert pixels.dtype == np.float32
    assert -1 <= pixels.min() < pixels.max() <= 1
