"""What MLflow copies into a registered model and runs to load it (models from code): nothing is pickled."""

from mlflow.models import ModelConfig, set_model

from rnnpipe.tracking.served_models import SERVED

set_model(SERVED[ModelConfig().get("task")]())  # type: ignore[no-untyped-call]
