"""What flake8 would find (E501): a line that is longer than the agreed hundred characters, comment or not."""
