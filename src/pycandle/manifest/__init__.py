"""The manifest: the file between the recorder and everything else."""
