"""How a model is trained, whatever its task: one module, one data module, one way from first step to best weights."""
