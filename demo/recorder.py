"""Records EfficientNet-Lite0 on the meta device: this becomes `.pycandle/scripts/recorder.py`."""

import torch
from efficientnet_lite_pytorch import EfficientNet
from spy import GoldenRecorder

device = "meta"
with torch.device(device):
    model = EfficientNet.from_name("efficientnet-lite0")
model.eval()

images = torch.randn(1, 3, 224, 224, device=device)

recorder = GoldenRecorder(output_dir="../traces")
recorder.record(model, images)
recorder.save("efficientnet_lite0")
