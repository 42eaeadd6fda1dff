#!/bin/sh
# Italian text in Braille by liblouis 3.24.0 (Debian 12), which screen readers and embossers use.
#
# Guess: the Italian table of six dots has a sign for each sign of Italian typesetting, the curved apostrophe first:
#        quotation marks, both dashes, dots of suspension, bullets.
# Seen:  « » ° § × are there. The apostrophe ’ is not: its number is spelt instead ('x2019', nine cells), in the middle
#        of the word, where the straight one takes one. So are “ ” – — … · • → €. The table of eight dots has them all.
# Needs: Debian's liblouis-bin.
set -eu
command -v lou_translate >/dev/null || { echo "missing: lou_translate (liblouis-bin)"; exit 2; }
lou_translate --version | grep -q "Liblouis) 3.24.0" || { echo "described for liblouis 3.24.0"; exit 2; }
in_braille() { # TABLE TEXT
  printf '%s' "$2" | lou_translate --forward "unicode.dis,it-it-comp$1.utb"
}
# Dots 3, 6, 1346, then 2 0 1 9 as letters: what stands for a sign the table does not know.
unknown=⠄⠠⠭
echo "dell'ufficio: $(in_braille 6 "dell'ufficio")"
echo "dell’ufficio: $(in_braille 6 "dell’ufficio")"
for sign in '«' '»' '°' '§' '×' "'"; do
  case $(in_braille 6 "$sign") in "$unknown"*) echo "changed: $sign is unknown"; exit 1 ;; esac
done
for sign in '’' '“' '”' '–' '—' '…' '·' '•' '→' '€'; do
  case $(in_braille 6 "$sign") in "$unknown"*) ;; *) echo "changed: $sign is known"; exit 1 ;; esac
  case $(in_braille 8 "$sign") in "$unknown"*) echo "changed: $sign is unknown in eight dots"; exit 1 ;; esac
done
echo "as described: ten signs of Italian typesetting are spelt by their numbers in six dots"
