from enum import StrEnum


class Certificate(StrEnum):
    G = "G"
    NC_17 = "NC-17"
    PG = "PG"
    PG_13 = "PG-13"
    R = "R"

    def __str__(self) -> str:
        return str(self.value)
