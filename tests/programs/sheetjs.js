// As exceljs.js, with SheetJS: values, merged and hidden cells are kept, looks and lists are not.
const XLSX = require("xlsx");

const [, , source, target, ...texts] = process.argv;
const book = XLSX.readFile(source, { cellStyles: true, cellFormula: true });
const sheet = book.Sheets[book.SheetNames[0]];
for (let n = 0; n < texts.length; n += 2) {
  const [before, after] = texts.slice(n, n + 2);
  const place = Object.keys(sheet).find((key) => sheet[key].v === before);
  if (!place) throw new Error(`not there: ${before}`);
  sheet[place] = { t: "s", v: after };
}
XLSX.writeFile(book, target, { bookType: "xlsx", cellStyles: true });
