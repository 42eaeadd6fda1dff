// As exceljs.js, with xlsx-populate.
const XlsxPopulate = require("xlsx-populate");

const [, , source, target, ...texts] = process.argv;

const textOf = (value) =>
  value instanceof XlsxPopulate.RichText ? value.text() : value;

XlsxPopulate.fromFileAsync(source).then((book) => {
  for (let n = 0; n < texts.length; n += 2) {
    const [before, after] = texts.slice(n, n + 2);
    const cells = book.sheet(0).usedRange().cells().flat();
    const cell = cells.find((one) => textOf(one.value()) === before);
    if (!cell) throw new Error(`not there: ${before}`);
    cell.value(after);
  }
  return book.toFileAsync(target);
});
