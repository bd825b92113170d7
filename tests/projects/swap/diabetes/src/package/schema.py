"""The schema of a row: a diabetes patient on the day of the first examination."""

from modelyard.schema.columns import Category, Number, Text
from modelyard.schema.contract import Quantity, Schema, Slice

SCHEMA = Schema(
    columns=(
        Text("patient", "number of the patient, unique", max_length=20),
        Number("age", "age", min=18, max=110, unit="years"),
        Category("sex", "sex, in the code of the study", values=("1", "2")),
        Number("bmi", "body mass index", min=10, max=80, unit="kg/m²"),
        Number("blood_pressure", "mean blood pressure", min=40, max=200, unit="mmHg"),
        Number("cholesterol", "total cholesterol", min=50, max=600, unit="mg/dl"),
        Number("ldl", "low-density lipoproteins", min=10, max=500, unit="mg/dl"),
        Number("hdl", "high-density lipoproteins", min=5, max=200, unit="mg/dl"),
        Number("log_triglycerides", "logarithm of the triglycerides in mg/dl", min=2, max=9),
        Number("glucose", "blood sugar, if it was measured", False, 20, 600, "mg/dl"),
    ),
    target=Quantity("progression", "progression of the disease one year later", unit="points"),
    key="patient",
    slices=(Slice("sex", "sex", protected=True),),
)
