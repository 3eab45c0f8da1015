"""Contributed files in, values and their problems out."""
