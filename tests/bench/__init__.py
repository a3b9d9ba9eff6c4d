"""Measurements that run side by side. Quote the ratios, since machines are noisy."""
