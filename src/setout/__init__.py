"""setout carries a written implementation plan onto the ground: plan.md in, validated repository out."""

__version__ = "0.1.0"
