"""The dashboards as code: what they show, and how that becomes Grafana's JSON."""
