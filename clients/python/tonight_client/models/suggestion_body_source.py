from enum import StrEnum


class SuggestionBodySource(StrEnum):
    FEATURES = "features"
    FEW_LIKES = "few-likes"
    PERSONAL = "personal"
    POPULAR = "popular"

    def __str__(self) -> str:
        return str(self.value)
