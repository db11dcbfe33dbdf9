"""One thin file for each stage of dvc.yaml: read, call, write.

`python -m rnnpipe.stages.x` imports this package before the stage's file, and thus before numpy: the one moment at which the
number of threads can be set for all libraries.
"""

import sys

from rnnpipe.common.process import prepare

if sys.argv[0] == "-m":  # Python is still looking for the module that it was asked to run
    prepare(sys.argv[1:])
