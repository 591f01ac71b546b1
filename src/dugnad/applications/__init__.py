"""Drafts, submissions, attachments, receipts."""
