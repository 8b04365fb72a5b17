"""The history of the schema; ``tonight.storage.migration`` runs it."""
