"""JupyterLab as `make lab` opens it: the brief with its contents beside it, and our settings
underneath the reader's own.

The committed layout is a start. What the reader makes of it is kept with the environment, so that
the tree stays as it was. A notebook is shown as its kernel describes itself and stored without what
differs by machine, so that opening changes nothing.
"""

import os
import sys
from pathlib import Path
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyterlab_server.workspaces_handler import WorkspacesManager

from helpers.engine.cells import STABLE_KERNEL, STABLE_LANGUAGE

NAME = "reverse-imports"
FOLDER = Path(__file__).resolve().parent


def keep_equal_outputs(cells: list[dict[str, Any]], stored: list[dict[str, Any]]) -> None:
    """Put stored outputs in the place of equal ones: a browser knows one kind of number and sends
    93.0 back as 93.
    """
    outputs = {cell.get("id"): cell.get("outputs") for cell in stored}
    for cell in cells:
        if "outputs" in cell and cell["outputs"] == outputs.get(cell.get("id")):
            cell["outputs"] = outputs[cell["id"]]


class NotebooksAsStored(AsyncLargeFileManager):
    """The files as JupyterLab serves them, but a notebook is read as its kernel describes itself
    and stored in its stable form.

    JupyterLab writes the kernel's name and language into every notebook that it opens. The stored
    form leaves out what differs from machine to machine, so a notebook would count as unsaved
    before anyone has touched it.
    """

    def from_kernel(self) -> dict[str, Any]:
        """What JupyterLab writes into a notebook's metadata once the kernel runs."""
        kernel = self.parent.kernel_spec_manager.get_kernel_spec(STABLE_KERNEL["name"])
        named = STABLE_KERNEL | {"display_name": kernel.display_name, "language": kernel.language}
        return {"kernelspec": named, "language_info": dict(IPythonKernel.language_info)}

    async def get(
        self,
        path: str,
        content: bool = True,
        type: str | None = None,
        format: str | None = None,
        require_hash: bool = False,
    ) -> dict[str, Any]:
        model: dict[str, Any] = await super().get(path, content, type, format, require_hash)
        if content and model["type"] == "notebook":
            metadata = model["content"]["metadata"]
            if metadata.get("kernelspec") == STABLE_KERNEL:
                metadata.update(self.from_kernel())
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        if model.get("type") == "notebook" and "content" in model:
            metadata, shown = model["content"]["metadata"], self.from_kernel()
            if shown.items() <= metadata.items():
                language = {key: shown["language_info"][key] for key in STABLE_LANGUAGE}
                metadata.update(kernelspec=dict(STABLE_KERNEL), language_info=language)
            if await self.file_exists(path):
                stored = await super().get(path, type="notebook")
                keep_equal_outputs(model["content"]["cells"], stored["content"]["cells"])
        saved: dict[str, Any] = await super().save(model, path)
        return saved


c = get_config()  # noqa: F821 - jupyter_core gives every configuration file this function
c.ServerApp.root_dir = str(FOLDER.parent)
c.ServerApp.contents_manager_class = NotebooksAsStored
c.LabApp.app_settings_dir = str(FOLDER / "settings")
c.LabApp.default_url = f"/lab/workspaces/{NAME}/tree/notebooks/00_brief.ipynb"

# The variable is JupyterLab's own.
layouts = Path(
    os.environ.get("JUPYTERLAB_WORKSPACES_DIR") or Path(sys.prefix) / "var" / NAME / "layouts"
)
if os.access(next(path for path in (layouts, *layouts.parents) if path.exists()), os.W_OK):
    c.LabApp.workspaces_dir = str(layouts)
    if not any(layouts.glob("*")):
        WorkspacesManager(str(layouts)).save(
            NAME, (FOLDER / "workspace.json").read_text(encoding="utf-8")
        )
