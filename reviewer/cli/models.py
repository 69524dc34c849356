"""``reviewer models``: what weights there are, bringing them here, and checking them again."""

from typing import Annotated

import typer

from reviewer.cli.usage import text_given
from reviewer.errors import ReviewerError, WeightsError

app = typer.Typer(no_args_is_help=True, help="List, pull and verify model weights.")


@app.command("list")
def list_() -> None:
    """List the models, their size, licence and whether they are on this machine."""
    from rich.table import Table

    from reviewer.cli.screen import out
    from reviewer.settings import load_settings
    from reviewer.weights import installed, load_manifests

    settings = load_settings()
    table = Table(caption=f"Weights lie in {settings.models_dir}", caption_justify="left")
    table.add_column("id", no_wrap=True)  # it has to be typed, so it is whole at any width
    for column in ("role", "engine", "MB", "here", "default", "licence"):
        table.add_column(column, justify="right" if column == "MB" else "left", overflow="fold")
    for manifest in load_manifests(settings.manifests_dir).values():
        table.add_row(
            manifest.id,
            manifest.role,
            manifest.engine,
            f"{manifest.bytes / 1e6:.0f}",
            "yes" if installed(manifest, settings.models_dir) else "no",
            "yes" if manifest.default else "",
            manifest.licence,
        )
    out.print(table)


@app.command("pull")
def pull_(
    ids: Annotated[
        list[str] | None,
        typer.Argument(parser=text_given, metavar="ID", help="Which ones."),
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="All default models.")] = False,
) -> None:
    """Fetch weights, check their SHA-256, and install them; what is already right is kept."""
    from reviewer.cli.screen import bar, err
    from reviewer.settings import load_settings
    from reviewer.weights import find_manifest, load_manifests, pull

    settings = load_settings()
    manifests = load_manifests(settings.manifests_dir)
    named = [find_manifest(manifests, one) for one in ids or []]
    wanted = [one for one in manifests.values() if one in named or (default and one.default)]
    if not wanted:
        raise WeightsError(
            "Say which models to pull, by id or with --default; `reviewer models list` shows them."
        )
    if settings.offline:
        raise WeightsError("REVIEWER_OFFLINE=1 forbids pulling; unset it for this command.")
    for manifest in wanted:
        with bar(f"{manifest.id}: pulling", manifest.bytes) as advance:
            pull(manifest, settings.models_dir, advance)
        err.print(f"{manifest.id}: here and verified ({manifest.bytes / 1e6:.0f} MB)")


@app.command("verify")
def verify_() -> None:
    """Hash the files of every installed model again; status 1 if any is not the maker's."""
    from reviewer.cli.screen import bar, out
    from reviewer.settings import load_settings
    from reviewer.weights import load_manifests, locate, verify

    settings = load_settings()
    wrong: list[str] = []
    for manifest in load_manifests(settings.manifests_dir).values():
        if not (settings.models_dir / manifest.id).exists():
            out.print(f"{manifest.id}: not on this machine")
            continue
        try:
            with bar(f"{manifest.id}: verifying", manifest.bytes) as advance:
                verify(manifest, settings.models_dir, advance)
            out.print(f"{manifest.id}: right ({locate(manifest, settings.models_dir)})")
        except ReviewerError as error:
            wrong.append(str(error))
    if wrong:
        raise WeightsError(" ".join(wrong))
