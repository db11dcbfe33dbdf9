"""How each network is trained: the LightningModules."""
