"""What holds the monitoring together: rules, their tests, dashboards, playbook and metrics."""
