"""Model files: arrays and a manifest, published atomically, checked and memory-mapped."""
