"""One thin file for each stage of dvc.yaml: read, call, write."""
