"""The wheel, as it is built and installed."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy; the build backend is installed already, so nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    kept = ("blinkdecl", "schemas", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")
    for name in kept:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            source.mkdir(exist_ok=True)
            shutil.copy(path, source)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_wheel_holds_the_schemas_and_no_tests(wheel: Path) -> None:
    """What is needed at run time is inside, and nothing else."""
    names = zipfile.ZipFile(wheel).namelist()
    assert "blinkdecl/schemas/config.schema.json" in names
    assert "blinkdecl/config/log_types.txt" in names
    assert {name.split("/")[0] for name in names} == {"blinkdecl", f"{wheel.name.rsplit('-', 3)[0]}.dist-info"}


def test_installed_wheel_validates_an_example(wheel: Path, tmp_path: Path) -> None:
    """In a fresh environment, called from /, the command finds its schemas."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv/bin/python"
    site = next((tmp_path / "venv/lib").glob("python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    # The libraries are lent by this environment, behind the wheel's own package: installing them needs a network.
    lent = next(path for path in sys.path if path.endswith("site-packages"))
    environment = {**os.environ, "PYTHONPATH": f"{site}:{lent}"}
    environment.pop("CI", None)
    done = subprocess.run(
        [python, "-m", "blinkdecl", "-C", str(ROOT / "examples/quickstart"), "validate"],
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Success!" in done.stdout, done.stderr
    where = subprocess.run(
        [python, "-c", "import blinkdecl; print(blinkdecl.__file__)"],
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(site) in where.stdout
