"""What `init` and `import` do for editors: the line at the top of each file, and copies of the schemas."""

from pathlib import Path

import pytest

from blinkdecl.config import schema_text
from tests.support.repository import Repository

LINE = "# yaml-language-server: $schema="
COPIES = {f".blinkdecl/{name}.schema.json": schema_text(name) for name in ("config", "routes")}


def schema_of(file: Path) -> Path:
    """Return where the first line of a file leads."""
    first = file.read_text().splitlines()[0]
    assert first.startswith(LINE)
    return (file.parent / first.removeprefix(LINE)).resolve()


def test_each_file_leads_to_the_schema(repository: Repository) -> None:
    """Also one of an environment, and after `fmt`."""
    (repository.folder / "blinkdecl.yaml").unlink()
    assert repository("--env", "prod", "init").code == 0
    assert repository("fmt", "--check").code == 0
    repository.edit("version: 1", "limits: {max_deletes: 0}\nversion: 1", "environments/prod.yaml")
    assert "environments/prod.yaml" in repository("fmt").out
    for name in ("blinkdecl.yaml", "environments/prod.yaml"):
        assert schema_of(repository.folder / name).read_text() == schema_text("config")


@pytest.mark.parametrize("profile", ["native"])
@pytest.mark.parametrize("initialised", [True, False])
def test_an_import_leads_to_a_schema_that_is_there(panther: Repository, *, initialised: bool) -> None:
    """A line that leads nowhere would be an error in an editor."""
    panther.sandbox.edit(
        "Blink night", create=True, webhook_url=f"{panther.sandbox.url}/webhooks/soc", severities="LOW"
    )
    if initialised:
        assert panther("init").code == 0
    assert panther("import", "--all", "--to", "destinations/soc/night.yaml").code == 0
    file = panther.folder / "destinations/soc/night.yaml"
    if initialised:
        assert schema_of(file).read_text() == schema_text("config")
        assert panther("fmt", "--check", "destinations/soc/night.yaml").code == 0
    else:
        assert LINE not in file.read_text()


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_of_another_version_is_renewed(repository: Repository, name: str) -> None:
    """One that is current is kept, and so is a link, which somebody made on purpose."""
    copy = repository.folder / name
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(COPIES[name])
    assert f"Kept    {name}" in repository("init").out
    copy.write_text("{}\n")
    assert f"Renewed {name}" in repository("init").out
    assert copy.read_text() == COPIES[name]
    elsewhere = repository.folder / "elsewhere.json"
    elsewhere.write_text("{}\n")
    copy.unlink()
    copy.symlink_to(elsewhere)
    assert f"Kept    {name}" in repository("init").out
    assert elsewhere.read_text() == "{}\n"


def test_whoever_has_no_routing_tests_needs_no_schema_of_them(repository: Repository) -> None:
    """The first `init` writes what everybody needs."""
    assert "routes" not in repository("init").out
