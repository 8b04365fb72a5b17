"""Eight stages from ten lines to a service, each running and tested: doc/evolution.md."""
