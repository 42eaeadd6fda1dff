/* A measurement is never taken away: it is written when its row is left, not with half of what is
   being mended. A column pasted from a spreadsheet goes down the fields of its kind, a row of cells on to the
   next fields. Without this file what is pasted stays in one field. */
(() => {
  "use strict";

  const FIELDS = "input:not([type=hidden], [type=checkbox], [type=file]), select, textarea";
  /* fase-0123…-note of one row is fase-note of all */
  const kindOf = (field) => field.name.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-/, "");
  const inGrid = () => [...document.querySelectorAll(`.treat [data-saves] :is(${FIELDS})`)];
  const blockOf = (field) => field.closest("[data-saves]");

  const ROW = "[data-saves-as-row]";

  document.addEventListener(
    "change",
    (event) => {
      if (event.isTrusted && event.target.closest(ROW)) event.stopImmediatePropagation();
    },
    true,
  );

  /* whoever looks at another window meanwhile has not left it */
  document.addEventListener("focusout", (event) => {
    const row = event.target.closest(ROW);
    const isIn = row?.contains(event.relatedTarget) || row?.contains(document.activeElement);
    if (!row || isIn || !window.saving.dirtyIn(row).length) return;
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });

  /* a cell with a break in it comes in quotes, as spreadsheets write it */
  const cellsOf = (text) => {
    const rows = [[""]];
    let isQuoted = false;
    for (let place = 0; place < text.length; place += 1) {
      const sign = text[place];
      const row = rows[rows.length - 1];
      if (sign === '"' && isQuoted && text[place + 1] === '"') {
        row[row.length - 1] += sign;
        place += 1;
      } else if (sign === '"' && (isQuoted || row[row.length - 1] === "")) isQuoted = !isQuoted;
      else if (sign === "\t" && !isQuoted) row.push("");
      else if (sign === "\n" && !isQuoted) rows.push([""]);
      else row[row.length - 1] += sign;
    }
    return rows;
  };

  /* a choice is found by its words, a day of the calendar is turned round */
  const valueFor = (field, text) => {
    if (field.tagName === "SELECT") {
      const same = (option) => option.text.trim().toLowerCase() === text.toLowerCase();
      return [...field.options].find(same)?.value;
    }
    const day = field.type === "date" && /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
    return day ? `${day[3]}-${day[2].padStart(2, "0")}-${day[1].padStart(2, "0")}` : text;
  };

  const put = (field, cell) => {
    const value = valueFor(field, cell.trim());
    if (value === undefined || value === field.value) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const isTable = (data, rows) =>
    (rows.length > 1 || rows[0].length > 1) && /<t[dr]\b/i.test(data.getData("text/html"));
  const isLines = (field, rows) => field.tagName !== "TEXTAREA" && rows.length > 1;

  document.addEventListener("paste", (event) => {
    const first = event.target instanceof Element && event.target.closest(FIELDS);
    if (!first || !first.closest(".treat [data-saves]")) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    const rows = cellsOf(text.replace(/\n+$/, ""));
    if (!isTable(event.clipboardData, rows) && !isLines(first, rows)) return;
    event.preventDefault();
    const all = inGrid();
    const down = all.filter((field) => kindOf(field) === kindOf(first));
    const blocks = new Set();
    down.slice(down.indexOf(first), down.indexOf(first) + rows.length).forEach((field, place) => {
      const at = all.indexOf(field);
      rows[place].forEach((cell, step) => {
        const next = all[at + step];
        if (!next || blockOf(next) !== blockOf(field)) return;
        put(next, cell);
        blocks.add(blockOf(field));
      });
    });
    /* each row saves itself once all its cells are there */
    for (const block of blocks) {
      const field = block.querySelector(FIELDS);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
})();
