"""Recurrent cells, one class each: the lecture's, and those that came after them.

Every file of this folder is read, so that a cell is known as soon as its file lies here.
"""

from importlib import import_module
from pkgutil import iter_modules

from rnnpipe.layers.cells.frame import CELLS, RecurrentCell

for _file in iter_modules(__path__):
    import_module(f"{__name__}.{_file.name}")

__all__ = ["CELLS", "RecurrentCell"]
