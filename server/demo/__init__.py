"""The demo: an openly fictional (示例) pair of hospitals with some weeks of activity, made by the real services."""
