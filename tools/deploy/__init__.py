"""A release follows another on one machine: without a failed request, or not at all."""
