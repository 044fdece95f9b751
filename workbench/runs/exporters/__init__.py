"""The host's own exporters: each module has `write(reader, path, streams) -> the paths written`."""

from workbench.texts import T
from workbench.tool import Exporter

EXPORTERS = (
    Exporter("csv", T("Table (CSV)"), "workbench.runs.exporters.table:write"),
    Exporter("parquet", T("Table (Parquet)"), "workbench.runs.exporters.parquet:write"),
    Exporter("tensorboard", T("TensorBoard's event files"), "workbench.runs.exporters.tensorboard:write"),
    Exporter("text", T("Text (TXT)"), "workbench.runs.exporters.text:write"),
    Exporter("images", T("Images (PNG)"), "workbench.runs.exporters.images:write"),
)
