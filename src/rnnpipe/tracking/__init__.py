"""MLflow runs that follow the pipeline's artifacts: live while a stage trains, made afterwards where a stage was restored.

`live_run` shows a run while it trains. A stage that DVC restores from its cache runs nothing; `backfill` makes its run from
the files that training left. Both tag the run with the stage's `stage_key`, and each key has exactly one FINISHED run.
MLflow's database is therefore a view of the artifacts: deleted, it is made again by `rnnpipe track`.
"""

from rnnpipe.tracking.live import Tracker, live_run
from rnnpipe.tracking.pipeline import stage_key

__all__ = ["Tracker", "live_run", "stage_key"]
