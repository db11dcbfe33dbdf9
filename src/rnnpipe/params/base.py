"""What all parameter classes share: strictness, and the ranges of common fields."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0.0, lt=1.0)]
Rate = Annotated[float, Field(gt=0.0, lt=1e3)]
Count = Annotated[int, Field(ge=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class Strict(BaseModel):
    """No unknown key, no conversion of types, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
