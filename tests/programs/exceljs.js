// Open a workbook and save it again; of each pair of texts, the first cell of the first sheet that
// says the one says the other. Called with IN OUT, then the two texts of each pair.
const { Workbook } = require("exceljs");

const [, , source, target, ...texts] = process.argv;

const textOf = (value) =>
  value && value.richText ? value.richText.map((part) => part.text).join("") : value;

(async () => {
  const book = new Workbook();
  await book.xlsx.readFile(source);
  for (let n = 0; n < texts.length; n += 2) {
    const [before, after] = texts.slice(n, n + 2);
    let isDone = false;
    book.worksheets[0].eachRow((row) =>
      row.eachCell((cell) => {
        if (!isDone && cell.master === cell && textOf(cell.value) === before) {
          cell.value = after;
          isDone = true;
        }
      })
    );
    if (!isDone) throw new Error(`not there: ${before}`);
  }
  await book.xlsx.writeFile(target);
})();
