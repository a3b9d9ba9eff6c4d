"""Reports: summaries for staff and managers.

The digest, App Home, queues and lists, subscriptions, and exports.
"""
