import argparse
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.urls import reverse

from agreement import reports, text
from agreement.options import Options
from analysis import campaigns, figures, names, ordinal, reading
from analysis.answers import Answers
from analysis.plans import FORMATS, NO_SEPARATOR, REPEATS, ROLES, Plan, names_in
from lib.commands import PathosCommand
from lib.errors import PathosError
from lib.import_command import SOME_REJECTED, name_and_column
from lib.rejects import RejectsFile, place_for


class Command(PathosCommand):
    help = (
        "Reads the agreement of labels you already have: CSV, JSON or Parquet with a row for each "
        "judgement or a column for each rater, Label Studio's JSON, doccano's zip. They become a "
        "campaign for analysis only. The same file again changes nothing; more rows are added."
    )
    prints_figures = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", choices=FORMATS, default="auto", help="default: told by content"
        )
        parser.add_argument("--name", help="what the analysis is called; default: the file's name")
        parser.add_argument(
            "--columns", metavar="ROLE=COLUMN", type=role_and_column, action="append", default=[],
            help=f"which column is what, where names don't tell. Roles: {', '.join(ROLES)}. raters "
            "and labels take several, with commas; rater=# where the file says nothing of raters",
        )  # fmt: skip
        parser.add_argument(
            "--labels", type=names_in, default=(), metavar="A,B,C",
            help="names for lists of 0 and 1, in the lists' order; with --ordinal grades, lowest first",
        )  # fmt: skip
        parser.add_argument(
            "--separator", default="",
            help=f"between the labels of a cell, or '{NO_SEPARATOR}'; default: | ; # or , if it occurs",
        )  # fmt: skip
        parser.add_argument(
            "--repeats", choices=REPEATS, default="auto",
            help="a rater twice on a post: join the labels (default where each row holds one) or "
            "let the first row hold and reject others",
        )  # fmt: skip
        parser.add_argument(
            "--keep-names", action="store_true", help="of annotators; default: pseudonyms"
        )
        parser.add_argument("--ordinal", metavar="COLUMN", help=ordinal.HELP)
        parser.add_argument("--encoding", default="utf-8", help="of text files; default utf-8")
        parser.add_argument("--rejects", type=Path, metavar="PATH", help="default FILE.rejects.csv")

    def handle(self, *, file: Path, rejects: Path | None, json: bool, **options) -> None:
        plan = plan_of(options)
        rejects = rejects or place_for(file)
        if rejects.resolve() == file.resolve():
            raise PathosError("--rejects names the very file to read. Name another one.")
        with RejectsFile(rejects) as rejected:
            answers = reading.read(file, plan, rejected.add)
            if options["ordinal"]:
                found = ordinal.figures(answers, options["ordinal"], options["labels"])
                self.print_figures(found, ordinal.lines(found), as_json=json)
            else:
                self._analyse(answers, options["name"] or names.name_of(file), plan, rejected, json)
        if rejected.count:
            were = "row was" if rejected.count == 1 else "rows were"
            raise CommandError(
                f"{rejected.count:,} {were} left out; {rejected.path} says why. The figures rest "
                "on all others.",
                returncode=SOME_REJECTED,
            )

    def _analyse(
        self, answers: Answers, name: str, plan: Plan, rejected: RejectsFile, json: bool
    ) -> None:
        is_new = campaigns.check_name(name=name) is None
        if is_new and not json:
            self._print(figures.of_file(answers, campaign=names.slug_of(name)))
        with self.progress((), total=len(answers.rows), unit="judgements stored") as progress:
            brought = campaigns.bring(
                answers=answers,
                name=name,
                reject=rejected.add,
                keep_names=plan.keep_names,
                told=progress.update,
            )
        if json or not is_new or brought.judgements < len(answers.rows):
            report = reports.compute(campaign=brought.campaign, options=Options())
            self._print(report.figures, as_json=json)
        if not json:
            told = ", ".join(f"{count:,} {what}" for what, count in brought.counts.items())
            address = reverse("agreement:report", args=[brought.campaign.slug])
            self.stdout.write(f"\nBrought in: {told}.\nIts page: {address}")

    def _print(self, report: dict, *, as_json: bool = False) -> None:
        self.print_figures(report, text.lines(report), as_json=as_json)


def plan_of(options: dict) -> Plan:
    columns = dict(options["columns"])
    if options["ordinal"]:
        columns["picks"] = options["ordinal"]
    return Plan(
        format=options["format"],
        columns=columns,
        labels=() if options["ordinal"] else options["labels"],
        separator=NO_SEPARATOR if options["ordinal"] else options["separator"],
        repeats="reject" if options["ordinal"] else options["repeats"],
        keep_names=options["keep_names"],
        encoding=options["encoding"],
    )


def role_and_column(given: str) -> tuple[str, str]:
    role, column = name_and_column(given)
    if role not in ROLES:
        raise argparse.ArgumentTypeError(f"'{role}' is none of: {', '.join(ROLES)}")
    return role, column
