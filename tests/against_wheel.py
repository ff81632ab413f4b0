"""Builds the wheel and runs the suite against it, away from the checkout: finds unshipped files."""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
# What the suite reads besides the installed package.
BESIDE = (
    "tests",
    "examples",
    "templates",
    "docs",
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "pyproject.toml",
)

_AWAY = ("-p", "no:cacheprovider", "--ignore=tests/test_checkout.py")


def main() -> int:
    """Return pytest's exit code."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        run(sys.executable, "-m", "build", "--wheel", "--outdir", str(work), str(CHECKOUT))
        wheel = next(work.glob("*.whl"))
        environment = work / "environment"
        # The test tools come from the environment in use; the package from the wheel alone.
        venv.create(environment, with_pip=False)
        packages = next((environment / "lib").glob("python*/site-packages"))
        run(
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--target",
            str(packages),
            str(wheel),
        )
        tools = [path for path in sys.path if path.endswith("site-packages")]
        (packages / "tools.pth").write_text("\n".join(tools))
        away = work / "away"
        for name in BESIDE:
            source = CHECKOUT / name
            if source.is_dir():
                shutil.copytree(source, away / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, away / name)
        shared = CHECKOUT.parent / "shared"
        if shared.exists():
            (work / "shared").symlink_to(shared)
        python = str(environment / "bin" / "python")
        where = subprocess.run(
            [python, "-c", "import toolkit; print(toolkit.__file__)"],
            cwd=away,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        if not where.startswith(str(environment)):
            print(f"the suite would test {where}, not the wheel")  # noqa: T201
            return 1
        return subprocess.run(
            [
                python,
                "-m",
                "pytest",
                "-q",
                "-n",
                "auto",
                "-p",
                "no:cacheprovider",
                "--ignore=tests/test_checkout.py",
                "tests",
            ],
            cwd=away,
            check=False,
        ).returncode


def run(*command: str) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
