"""What a file that somebody brings is: an issue of ours, what was made of it, or unknown.

`verify_file` is the one door, of the page and of the command (docs/decisions/0039). From the
outside in: `unpacking` opens envelopes, `lookup` finds issues by digest, `appended` reads what
stands after the issued bytes, `claims` what a file says of itself, `wording` the Italian sentences.
"""
