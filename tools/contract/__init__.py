"""The contract with the clients: nothing that was released is taken away unannounced."""
