"""Columns as Arrow tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from parkflow.analysis.replication.tables import Table


def column(values: Sequence[Any]) -> pa.Array:
    """Values as an Arrow array of their own type, or as text where they have several."""
    types = {type(value) for value in values if value is not None}
    if types <= {int, float} or (len(types) == 1 and types <= {bool, str}):
        return pa.array([float(v) if types == {int, float} and v is not None else v for v in values])
    return pa.array([value if isinstance(value, str) else json.dumps(value, default=str) for value in values])


def table_of(columns: Table, point: int | None = None) -> pa.Table:
    """Columns as an Arrow table, with the number of a sweep's point in front if there is one."""
    length = len(next(iter(columns.values())))
    front = {} if point is None else {"point": pa.array(np.full(length, point, dtype=np.int32))}
    return pa.table(front | {key: pa.array(values) for key, values in columns.items()})


def observations_table(columns: Mapping[str, pa.Array], observations: Sequence[Sequence[Any]]) -> pa.Table:
    """Observations as rows, beside columns that number them."""
    names = ("policy", "measure", "from", "to", "group", "value", "weight", "censored")
    types = [pa.string()] * 5 + [pa.float64(), pa.float64(), pa.int32()]
    given = zip(names, zip(*observations, strict=True), types, strict=True)
    return pa.table(dict(columns) | {name: pa.array(values, type_) for name, values, type_ in given})
