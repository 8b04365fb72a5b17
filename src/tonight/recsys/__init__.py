"""The scientific core: numpy and scipy on item and user indices, without input or output."""
