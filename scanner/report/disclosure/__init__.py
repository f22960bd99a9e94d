"""The disclosure page: what a client is told of generative AI in a delivery, to print and to complete."""
