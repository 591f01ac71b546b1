"""The little without a home: clock, ids, money, periods, national identity numbers."""
