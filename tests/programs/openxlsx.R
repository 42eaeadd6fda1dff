# As exceljs.js, with openxlsx.
suppressPackageStartupMessages(library(openxlsx))

arguments <- commandArgs(trailingOnly = TRUE)
book <- loadWorkbook(arguments[1])
texts <- matrix(arguments[-(1:2)], nrow = 2)
cells <- as.matrix(read.xlsx(arguments[1], sheet = 1, colNames = FALSE, skipEmptyRows = FALSE,
                             skipEmptyCols = FALSE))
for (n in seq_len(ncol(texts))) {
  place <- which(cells == enc2utf8(texts[1, n]), arr.ind = TRUE)
  if (nrow(place) == 0) stop(paste("not there:", texts[1, n]))
  first <- place[order(place[, 1], place[, 2])[1], ]
  writeData(book, 1, texts[2, n], startCol = first[2], startRow = first[1], colNames = FALSE)
}
saveWorkbook(book, arguments[2], overwrite = TRUE)
