"""The schema of a row: the chemical analysis of a wine from one of three growers."""

from modelyard.schema.columns import Number, Text
from modelyard.schema.contract import Classes, Schema

SCHEMA = Schema(
    columns=(
        Text("bottle", "number of the bottle, unique", max_length=20),
        Number("alcohol", "alcohol", min=5, max=25, unit="% by volume"),
        Number("malic_acid", "malic acid", min=0, max=20, unit="g/l"),
        Number("ash", "ash", min=0, max=10, unit="g/l"),
        Number("alcalinity_of_ash", "alcalinity of the ash", min=0, max=60, unit="meq/l"),
        Number("magnesium", "magnesium", min=0, max=500, unit="mg/l"),
        Number("phenols", "total phenols", min=0, max=10, unit="g/l"),
        Number("flavanoids", "flavanoids", min=0, max=10, unit="g/l"),
        Number("nonflavanoids", "phenols that are no flavanoids", min=0, max=5, unit="g/l"),
        Number("proanthocyanins", "proanthocyanins", min=0, max=10, unit="g/l"),
        Number("color_intensity", "intensity of the colour", min=0, max=30),
        Number("hue", "hue", min=0, max=5),
        Number("dilution", "optical density at 280 nm over 315 nm, diluted", min=0, max=10),
        Number("proline", "proline", min=0, max=5000, unit="mg/l"),
    ),
    target=Classes(
        "grower", "who grew the wine", values=("grower one", "grower two", "grower three")
    ),
    key="bottle",
)
