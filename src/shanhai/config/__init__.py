"""Settings, environment, addresses, server entry and logs: the one place that knows everything."""
