"""A call for other programs: a transcript, a note for the CRM, a table, a conversation record."""
