"""Execute the notebooks in examples/ anew, and store what comes out.

python scripts/notebook.py [--check]

With --check nothing is stored. A cell that fails, or warns, is an error either way.
Needs the group docs.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parent.parent / "examples"
QUIET = {"TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore:IProgress not found"}
"""No progress bars: whether a run is long enough for one depends on the machine."""
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def is_widget(output: nbformat.NotebookNode) -> bool:
    """Return whether an output is a widget, such as a bar, which does not last."""
    return "application/vnd.jupyter.widget-view+json" in output.get("data", {})


def executed(path: Path) -> nbformat.NotebookNode:
    """Return a notebook with the outputs of now, and nothing of this machine.

    It runs in a copy of its folder, where it may write files.

    Args:
        path: The notebook.

    Raises:
        nbclient.exceptions.CellExecutionError: A cell fails.
        SystemExit: A cell warns.
    """
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as scratch:
        folder = shutil.copytree(path.parent, Path(scratch) / "examples")
        resources = {"metadata": {"path": str(folder)}}
        client = NotebookClient(
            notebook,
            timeout=120,
            resources=resources,
            extra_arguments=["--log-level=ERROR"],
        )
        client.execute(env={**os.environ, **QUIET})
    notebook.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{number}", {}
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if not is_widget(one)]
    warned = [
        cell.id
        for cell in notebook.cells
        if any(output.get("name") == "stderr" for output in cell.get("outputs", []))
    ]
    if warned:
        message = f"{path.name} warns in {', '.join(warned)}"
        raise SystemExit(message)
    return notebook


if __name__ == "__main__":
    for source in sorted(EXAMPLES.glob("*.ipynb")):
        done = executed(source)
        if "--check" not in sys.argv[1:]:
            nbformat.write(done, source)
