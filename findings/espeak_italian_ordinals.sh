#!/bin/sh
# eSpeak NG 1.51 (Debian 12), the free voice that the screen reader NVDA brings along, reading ordinals and ticks
# in Italian, by itself: a screen reader may put words in the place of signs before. Asked for phonemes; what each
# means is told by the same voice reading the word in letters.
#
# Guess: "1° gennaio", "2° comma", "I semestre" are read as ordinals, since Italian keyboards have ° and no º; the marks of
#        a ticked table are all named, or none is.
# Seen:  with the sign of the keyboard a day or a paragraph is in degrees: "1° gennaio" is "uno gradi gennaio"; with the
#        ordinal sign º it is "primo gennaio". "II semestre" is "secondo semestre", "I semestre" is "i semestre".
#        ✔ and ☑ are named, ✓, ✗, ● and × are silence.
# Needs: espeak-ng 1.51.
set -eu
command -v espeak-ng >/dev/null || { echo "missing: espeak-ng"; exit 2; }
espeak-ng --version | grep -q " 1\.51" || { echo "missing: espeak-ng 1.51"; exit 2; }
changed=0
# without stress, length and pauses, which depend on what stands beside a word
said() { espeak-ng -v it -q -x -- "$1" | tr -d "\n _',*!|:"; }
same() {
  if [ "$(said "$1")" = "$(said "$2")" ]; then echo "“$1” is read as “$2”"; else echo "“$1” is no longer read as “$2”"; changed=1; fi
}
same "1° gennaio" "uno gradi gennaio"
same "1º gennaio" "primo gennaio"
same "2° comma" "due gradi comma"
same "2º comma" "secondo comma"
same "3ª fase" "terza fase"
same "1^ seduta" "uno seduta"
same "II semestre" "secondo semestre"
same "I semestre" "i semestre"
for sign in ✔ ☑; do
  if [ -n "$(said "$sign")" ]; then echo "$sign is named"; else echo "$sign is silent now"; changed=1; fi
done
for sign in ✓ ✗ ● ×; do
  if [ -z "$(said "$sign")" ]; then echo "$sign is silent"; else echo "$sign is named now"; changed=1; fi
done
[ "$changed" = 0 ] || { echo "changed"; exit 1; }
echo "as described: degrees instead of ordinals, and ticks that are silent"
