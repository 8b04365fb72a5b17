from enum import StrEnum


class FeedbackKind(StrEnum):
    DISLIKED = "disliked"
    LIKED = "liked"
    NEVER = "never"
    NOT_TONIGHT = "not_tonight"
    OKAY = "okay"
    SEEN = "seen"

    def __str__(self) -> str:
        return str(self.value)
