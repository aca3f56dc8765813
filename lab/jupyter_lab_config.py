"""JupyterLab as `make lab` opens it: the brief with its contents beside it, and our settings underneath the reader's own.

The committed layout is a start. What the reader makes of it is kept with the environment, so that the tree stays as it was.
"""

import os
import sys
from pathlib import Path

from jupyterlab_server.workspaces_handler import WorkspacesManager

NAME = "reverse-imports"
FOLDER = Path(__file__).resolve().parent

c = get_config()  # noqa: F821 - jupyter_core gives every configuration file this function
c.ServerApp.root_dir = str(FOLDER.parent)
c.LabApp.app_settings_dir = str(FOLDER / "settings")
c.LabApp.default_url = f"/lab/workspaces/{NAME}/tree/notebooks/00_brief.ipynb"

# The variable is JupyterLab's own.
layouts = Path(os.environ.get("JUPYTERLAB_WORKSPACES_DIR") or Path(sys.prefix) / "var" / NAME / "layouts")
if os.access(next(path for path in (layouts, *layouts.parents) if path.exists()), os.W_OK):
    c.LabApp.workspaces_dir = str(layouts)
    if not any(layouts.glob("*")):
        WorkspacesManager(str(layouts)).save(NAME, (FOLDER / "workspace.json").read_text(encoding="utf-8"))
