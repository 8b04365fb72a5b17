from enum import StrEnum


class GetMovieMaxCertificate(StrEnum):
    G = "G"
    GP = "GP"
    M = "M"
    MPG = "M/PG"
    NC_17 = "NC-17"
    PG = "PG"
    PG_13 = "PG-13"
    R = "R"
    X = "X"

    def __str__(self) -> str:
        return str(self.value)
