"""Measurements, side by side in one run. Ratios are what to quote; machines are noisy."""
