"""What processes of ours know of the surroundings of this one."""

ALLOWED = (
    "PATH",
    "HOME",
    "USERPROFILE",
    "LOCALAPPDATA",
    "LANG",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "COMSPEC",
    "PATHEXT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "FONTCONFIG_PATH",
    "FONTCONFIG_FILE",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_DATA_DIRS",
    "MPLCONFIGDIR",
    "SSL_CERT_FILE",
)
"""Variables that kernels, agents and the browser take over; whatever else is set, a secret among
it, they do not have.
"""
