"""Takes pgAdmin's SQL templates out of its wheel; the rest of it isn't needed."""

import pathlib
import subprocess
import sys
import tempfile
import zipfile

RELEASE = "9.18"


def main(target):
    if target == "--version":
        print(RELEASE)
    elif not (target := pathlib.Path(target)).exists():
        with tempfile.TemporaryDirectory() as scratch:
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch, f"pgadmin4=={RELEASE}"], check=True)
            (wheel,) = pathlib.Path(scratch).iterdir()
            part = target.with_suffix(".part")
            with zipfile.ZipFile(wheel) as archive, zipfile.ZipFile(part, "w") as taken:
                # Of two of the same name, pgAdmin takes one.
                names = {name.partition("/templates/")[2]: name for name in archive.namelist() if "/templates/" in name and "/tests/" not in name}
                for short, name in names.items():
                    if short.endswith((".sql", ".macro", ".macros")):
                        taken.writestr(short, archive.read(name))
            part.rename(target)


main(sys.argv[1])
