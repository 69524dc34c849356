"""``reviewer rubric``: check credentials, list them, import and publish, print the JSON Schema."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.usage import PlainCommand, path_given, text_given

if TYPE_CHECKING:
    from reviewer.rubric import Credential
    from reviewer.rubric.differing import Difference

app = typer.Typer(no_args_is_help=True, help="Check, list, import and describe credentials.")


@app.command(cls=PlainCommand)
def check(
    which: Annotated[
        list[str],
        typer.Argument(
            parser=text_given,
            metavar="FILE|ID",
            help="Credential files, YAML or JSON, or ids from rubrics/.",
            show_default=False,
        ),
    ],
) -> None:
    """Say whether credentials are valid, and name their slots and elements; else what to change."""
    from reviewer.rubric import examine_named
    from reviewer.settings import load_settings

    folder = load_settings().rubrics_dir
    faulty = False
    for one in which:
        credential, problems = examine_named(one, folder)
        for problem in problems:
            typer.echo(f"reviewer: {problem}", err=True)
        if credential:
            typer.echo(f"{one} is valid: {_summary(credential)}.")
            for line in _ids(credential):
                typer.echo(line)
        faulty = faulty or credential is None
    if faulty:
        raise typer.Exit(1)


@app.command("list")
def list_() -> None:
    """List the credentials in the rubrics folder and those published into the store."""
    from rich.table import Table

    from reviewer.cli.screen import out
    from reviewer.rubric import list_credentials
    from reviewer.settings import load_settings
    from reviewer.wiring import published_credentials

    settings = load_settings()
    folder = settings.rubrics_dir
    listed = list_credentials(folder)
    published = {one.id: one for one in published_credentials(settings)}
    known = [
        one.credential for one in listed if one.credential and one.credential.id not in published
    ]
    caption = f"Credentials lie in {folder}"
    if published:
        caption += f"; published into the store: {', '.join(sorted(published))}"
    table = Table(caption=caption, caption_justify="left")
    table.add_column("id", no_wrap=True)
    for column in ("title", "version", "elements", "awarded for"):
        table.add_column(column, justify="right" if column == "elements" else "left")
    for each in (*known, *published.values()):
        table.add_row(*_row(each))
    out.print(table)
    problems = [one.problem for one in listed if one.problem]
    for problem in problems:
        typer.echo(f"reviewer: {problem}", err=True)
    if problems:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of credential files."""
    from reviewer.rubric import schema_text

    typer.echo(schema_text(), nl=False)


@app.command("import", cls=PlainCommand)
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            parser=path_given,
            metavar="FILE",
            help="Our YAML, a Canvas rubric CSV, or an IMS CASE CFRubric in JSON.",
            show_default=False,
        ),
    ],
    id_: Annotated[
        str | None,
        typer.Option("--id", parser=text_given, metavar="ID", help="Id; else from the title."),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--as-version", parser=text_given, metavar="V", help="Version; else 1."),
    ] = None,
    rubric: Annotated[
        str | None,
        typer.Option(parser=text_given, metavar="TITLE", help="Which rubric, of several."),
    ] = None,
    yaml_out: Annotated[
        Path | None,
        typer.Option("--yaml", parser=path_given, metavar="OUT", help="Write it as our YAML."),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish it in the store; without, look only.")
    ] = False,
) -> None:
    """Show what a rubric file would publish, and what it changes; publish it if asked to."""
    from reviewer.cli.inputs import read_input
    from reviewer.cli.outputs import check_outputs, write_whole
    from reviewer.rubric.differing import differences
    from reviewer.rubric.importing import Wanted, import_rubric
    from reviewer.rubric.writing import credential_yaml
    from reviewer.settings import load_settings
    from reviewer.wiring import newest_credentials, publish_rubric

    check_outputs(yaml_out)
    imported = import_rubric(read_input(file), file.name, Wanted(id_, version, rubric))
    credential, settings = imported.credential, load_settings()
    typer.echo(f"{imported.format}: {_summary(credential)}.")
    for line in (*_ids(credential), *(f"  note: {note}" for note in imported.notes)):
        typer.echo(line)
    before = {one.id: one for one in newest_credentials(settings)}.get(credential.id)
    if before is None:
        typer.echo(f"There is no version of {credential.id} before it.")
    else:
        changed = differences(before, credential)
        places = f"{len(changed)} place{'' if len(changed) == 1 else 's'}"
        typer.echo(f"Against version {before.version}, {places} changed.")
        for one in changed:
            typer.echo(_difference(one))
    if yaml_out is not None:
        write_whole(yaml_out, credential_yaml(credential).encode())
    if publish:
        publish_rubric(settings, credential)
        typer.echo(f"Published: {credential.id}, version {credential.version}.")


def _difference(one: "Difference") -> str:
    sign = {"added": "+", "removed": "-", "changed": "~"}[one.kind]
    texts = " → ".join(" ".join(text.split()) for text in (one.before, one.after) if text)
    return f"  {sign} {one.place}: {texts}"


def _summary(credential: "Credential") -> str:
    rule = credential.decision.in_words if credential.decision else "no decision rule"
    bare = [one.id for one in credential.elements if not one.supporting and not one.counter]
    note = f"; no indicators in {', '.join(bare)}" if bare else ""
    return (
        f"{credential.title}, version {credential.version}, {len(credential.elements)} element"
        f"{'' if len(credential.elements) == 1 else 's'}, {rule}, "
        f"hash {credential.rubric_hash[:12]}{note}"
    )


def _ids(credential: "Credential") -> tuple[str, str]:
    """What submission.yaml and tables of ratings call the parts of a credential."""
    slots = ", ".join(slot.id for slot in credential.slots) or "none: any files are taken"
    elements = ", ".join(element.id for element in credential.elements)
    return f"  slots: {slots}", f"  elements: {elements}"


def _row(credential: "Credential") -> tuple[str, ...]:
    from rich.markup import escape

    return (
        credential.id,
        escape(credential.title),
        escape(credential.version),
        str(len(credential.elements)),
        credential.decision.in_words if credential.decision else "no rule",
    )
