"""The relations a calculation needs, and the one statement that joins them."""
