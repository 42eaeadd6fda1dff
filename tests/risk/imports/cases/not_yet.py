"""What is not right yet, in words: the one list of cases that are known to fail.

Each is tried all the same. One that begins to come out right fails until its row is taken away.
"""

NOT_YET: dict[str, str] = {
    # 8 numbers
    "pesatura_indici.xlsx": "the level NULLO is not asked, indices are not taken as numbers",
    # 9 letters of a legend
    "misure_a_lettere.xlsx": "letters become measures, whatever the legend says",
    # 13 our own files
    "nostro_celle_separate.xlsx": "blanks left by separating cells clear fields",
    "nostro_ordinato_solo_visibili.xlsx": "titles are exchanged between the rows of other keys",
    "nostro_misura_senza_pallino.xlsx": "a line without our bullet goes on with the entry above",
    "own-tabella-unmerged.xlsx": "blanks left by separating cells clear fields",
    # 14 limits
    "spazio_in_fondo.xlsx": "refused: a blank counts as a row",
    "titoli_riga_38.xlsx": "refused, and the command cannot be told the row of the heads",
}
