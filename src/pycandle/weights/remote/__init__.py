"""Checkpoints at an address: only the needed byte ranges are fetched.

The connections are those of huggingface_hub, which is not needed for files of this machine.
"""
