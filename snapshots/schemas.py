"""The columns of a snapshot's tables. Training reads these files and nothing else."""

import pyarrow as pa

FORMAT_VERSION = 1
TEXT, TIME = pa.string(), pa.timestamp("us", tz="UTC")

POSTS = pa.schema(
    {
        "post_id": TEXT,
        "title": TEXT,
        "body": TEXT,
        "ocr_text": TEXT,
        "transcript": TEXT,
        "image": TEXT,
        "language": TEXT,
        "publisher": TEXT,
        "publisher_feeling": TEXT,
        "sensitive": pa.bool_(),
        "created_at": TIME,
        "metadata": TEXT,
        "split": TEXT,
        "propensity": pa.float64(),
        "weight": pa.float64(),
    }
)
JUDGEMENTS = pa.schema(
    {
        "post_id": TEXT,
        "rater": TEXT,
        "picks": pa.list_(TEXT),
        "other": TEXT,
        "frame": TEXT,
        "seconds": pa.float64(),
        "judged_at": TIME,
    }
)
SIGNALS = pa.schema({"person_id": TEXT, "post_id": TEXT, "kind": TEXT, "at": TIME})
PEOPLE = pa.schema({"person_id": TEXT, "bio": TEXT, "features": pa.list_(pa.float32())})
PERSONAL_ROWS = pa.schema(
    {
        "post_id": TEXT,
        "affect": TEXT,
        "person_id": TEXT,
        "label": pa.int8(),
        "weight": pa.float32(),
        "source": TEXT,
    }
)


def labels_schema(label_columns: list[str]) -> pa.Schema:
    """The columns of labels.parquet, with one label column for each hard rule."""
    return pa.schema(
        {
            "post_id": TEXT,
            "affect": TEXT,
            "votes": pa.int16(),
            "raters": pa.int16(),
            "soft": pa.float64(),
            **dict.fromkeys(label_columns, pa.int8()),
            "propensity": pa.float64(),
            "weight": pa.float64(),
        }
    )
