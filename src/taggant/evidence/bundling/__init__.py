"""A case in one folder that anybody can check without us: made, checked, restored."""
