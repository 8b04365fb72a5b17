"""What can be wrong with a model's files. Each message says what to do."""

from __future__ import annotations

from tonight.domain.errors import ModelArtifactError


class ModelMissingError(ModelArtifactError):
    """There is no such version, or a file of it is gone or cannot be read."""


class ModelDamagedError(ModelArtifactError):
    """The bytes are not those that were published."""


class ModelTruncatedError(ModelDamagedError):
    """A file has not the length that was published."""


class ModelForeignError(ModelArtifactError):
    """It is not a model, or one of an algorithm that this release does not know."""


class ModelRefusedError(ModelArtifactError):
    """It is whole, and was measured to be worse than what is in use."""


class ModelTooNewError(ModelArtifactError):
    """A newer release wrote it in a layout that this one cannot read."""
