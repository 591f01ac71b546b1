"""E-mail: a client that sends notices through any SMTP server, and a catcher that stands in for one."""
