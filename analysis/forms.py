"""What the page sends about a file of labels."""

from django import forms

from analysis.analyses import MAX_BYTES
from analysis.plans import NO_SEPARATOR, ROLES, Plan, names_in
from lib.errors import PathosError


class AnalysisForm(forms.Form):
    """A file, and what its columns are where their names don't tell."""

    file = forms.FileField(
        help_text="CSV, JSON, JSON lines or Parquet, maybe zipped by gzip; a JSON export of Label "
        f"Studio; a zip of doccano. At most {MAX_BYTES >> 20} MB."
    )
    name = forms.CharField(
        required=False,
        max_length=200,
        help_text="Empty: the file’s. An analysis of that name takes the file’s new rows in.",
    )
    columns = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Which column is what",
        help_text="Only where the columns’ names don’t tell, one a line: picks=offensiveness. "
        f"A column can be: {', '.join(ROLES)}.",
    )
    labels = forms.CharField(
        required=False,
        label="Names for lists of 0 and 1",
        help_text="In the lists’ order, with commas between them.",
    )
    separator = forms.CharField(
        required=False,
        max_length=10,
        label="Sign between the labels of a cell",
        help_text=f"Empty: | ; # or a comma, if it occurs. “{NO_SEPARATOR}”: a cell is one label.",
    )
    keep_names = forms.BooleanField(
        required=False, help_text="Otherwise raters get pseudonyms.", label="Keep annotators’ names"
    )

    def clean_columns(self) -> dict[str, str]:
        lines = [line.strip() for line in self.cleaned_data["columns"].splitlines() if line.strip()]
        pairs = dict(line.partition("=")[::2] for line in lines)
        if not all(role.strip() and column.strip() for role, column in pairs.items()):
            raise forms.ValidationError("Write each line as ROLE=COLUMN, such as picks=label.")
        return {role.strip(): column.strip() for role, column in pairs.items()}

    def clean(self) -> dict:
        said = super().clean()
        if not self.errors:
            try:
                self.plan = Plan(
                    columns=said["columns"],
                    labels=names_in(said["labels"]),
                    separator=said["separator"],
                    keep_names=said["keep_names"],
                )
            except PathosError as bad:
                self.add_error("columns", bad.message)
        return said
