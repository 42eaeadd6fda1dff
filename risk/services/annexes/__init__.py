"""The annex: its state, approvals, remarks, content as canonical data, issue."""
