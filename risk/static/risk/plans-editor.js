/* The text of a chapter with its forms seen as they are, over the field it is typed in. The field
   stays what is saved: the editor writes into it the same plain text a person would type. */
(() => {
  "use strict";

  const MOST_ROWS = 300;
  const MOST_COLUMNS = 12;
  const field = document.querySelector("textarea[name=blocks]");
  const frame = document.getElementById("redattore");
  if (!field || !frame || field.matches("[aria-invalid=true]")) return;

  const said = frame.querySelector("[role=status]");
  const tell = (name) => (said.textContent = name ? frame.dataset[name] : "");
  const bar = frame.querySelector("[role=toolbar]");
  const preview = () => document.querySelector("#anteprima [data-words]");

  // --- from what is seen to what is typed -------------------------------------------------------

  const escaped = (text) =>
    text
      .replace(/\s+/g, " ")
      .replace(/[\\*_[\]]/g, "\\$&")
      .replace(/(?<=[\p{L}\p{N}])\\_(?=[\p{L}\p{N}])/gu, "_");
  const has = (node, mark) => (node.marks || []).some((one) => one.type === mark);
  const linkOf = (node) => (node.marks || []).find((one) => one.type === "link")?.attrs.href || "";

  const parted = (nodes, by) => {
    const parts = [];
    for (const node of nodes) {
      const value = by(node);
      if (parts.length && parts.at(-1).value === value) parts.at(-1).nodes.push(node);
      else parts.push({ value, nodes: [node] });
    }
    return parts;
  };

  const marked = (nodes, marks) => {
    if (!marks.length) return nodes.map((node) => escaped(node.text || " ")).join("");
    const [[name, sign], ...others] = marks;
    return parted(nodes, (node) => has(node, name))
      .map((part) => {
        const words = marked(part.nodes, others);
        const bare = words.trim();
        return part.value && bare ? words.replace(bare, () => sign + bare + sign) : words;
      })
      .join("");
  };

  const line = (node) =>
    parted(node.content || [], linkOf)
      .map(({ value, nodes }) => {
        const words = marked(nodes, [
          ["bold", "**"],
          ["italic", "*"],
        ]);
        return value ? `[${words}](${value})` : words;
      })
      .join("")
      .trim();

  const first = (text) =>
    text.replace(/^([-+])(?=\s|$)/, "\\$1").replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
  const indented = (text, width) => text.replace(/\n(?=.)/g, `\n${" ".repeat(width)}`);

  const item = (node, sign) => {
    const pieces = typedBlocks(node.content || []);
    const text = pieces.reduce((before, piece, place) => {
      const isList = /List$/.test(node.content[place]?.type);
      return before + (isList ? "\n" : "\n\n") + piece;
    });
    return sign + indented(text, sign.length);
  };

  const isLoose = (one) => one.content.filter((two) => two.type === "paragraph").length > 1;

  const list = (node, turn) => {
    const start = node.attrs?.start ?? 1;
    const items = (node.content || []).filter((one) => one.content?.some((two) => two.content));
    return items
      .map((one, place) =>
        item(
          one,
          node.type === "orderedList" ? `${start + place}${".)"[turn]} ` : `${"-+"[turn]} `,
        ),
      )
      .join(items.some(isLoose) ? "\n\n" : "\n");
  };

  const table = (node) => {
    const rows = (node.content || []).map((row) =>
      (row.content || []).map((cell) =>
        (cell.content || []).map(line).filter(Boolean).join(" ").replaceAll("|", "\\|"),
      ),
    );
    const width = Math.max(...rows.map((row) => row.length));
    const drawn = rows.map((row) => {
      const cells = [...row, ...Array(width - row.length).fill("")];
      return `| ${cells.join(" | ")} |`;
    });
    drawn.splice(1, 0, `|${" --- |".repeat(width)}`);
    return drawn.join("\n");
  };

  const typedBlocks = (nodes) => {
    let before = "";
    let turn = 0;
    return nodes
      .map((node) => {
        turn = node.type === before && /List$/.test(node.type) ? 1 - turn : 0;
        before = node.type;
        if (node.type === "table") return table(node);
        if (/List$/.test(node.type)) return list(node, turn);
        return first(line(node));
      })
      .filter(Boolean);
  };

  // --- what is pasted -----------------------------------------------------------------------------

  /* lists of a word processor are paragraphs that call themselves items */
  const asLists = (page) => {
    for (const paragraph of [...page.querySelectorAll("p[data-look*='mso-list']")]) {
      const style = paragraph.dataset.look;
      const level = Math.min(3, Number(/level(\d)/.exec(style)?.[1] || 1));
      const shown = paragraph.querySelector("[data-look*='Ignore']");
      const kind = /^\s*\(?[0-9a-z]{1,3}[.)]/i.test(shown?.textContent || "") ? "ol" : "ul";
      shown?.remove();
      let rows = paragraph.previousElementSibling;
      if (!rows?.matches("[data-pasted]")) {
        rows = page.createElement(kind);
        rows.dataset.pasted = "";
        paragraph.before(rows);
      }
      for (let depth = 1; depth < level && rows.lastElementChild; depth += 1) {
        const inner = rows.lastElementChild.querySelector(":scope > ul, :scope > ol");
        rows = inner || rows.lastElementChild.appendChild(page.createElement(kind));
      }
      const row = page.createElement("li");
      rows.append(row);
      row.append(...paragraph.childNodes);
      paragraph.remove();
    }
  };

  /* the policy of the page refuses styles where they are read, too */
  const unstyled = (html) =>
    html
      .replace(/<style\b[\s\S]*?<\/style\s*>/gi, "")
      .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s)style\s*=/gi, "$1data-look="));

  /* read where nothing is fetched and nothing runs */
  const cleaned = (html) => {
    const page = new DOMParser().parseFromString(unstyled(html), "text/html");
    for (const rows of page.querySelectorAll("table")) {
      const cells = [...rows.rows].map((row) => row.cells.length);
      if (rows.rows.length > MOST_ROWS + 1 || Math.max(0, ...cells) > MOST_COLUMNS) {
        tell("large");
        return "";
      }
      for (const cell of rows.rows[0]?.querySelectorAll("td") || []) {
        const head = page.createElement("th");
        head.append(...cell.childNodes);
        cell.replaceWith(head);
      }
    }
    const dropped = page.querySelectorAll("script, style, img, svg, object, iframe, video, audio");
    tell(page.querySelector("img, svg, object, iframe, video") ? "images" : "");
    for (const one of dropped) one.remove();
    for (const heading of page.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
      const paragraph = page.createElement("p");
      const strong = paragraph.appendChild(page.createElement("strong"));
      strong.append(...heading.childNodes);
      heading.replaceWith(paragraph);
    }
    asLists(page);
    return page.body.innerHTML;
  };

  // --- the editor and its bar ---------------------------------------------------------------------

  const start = (kit) => {
    const place = frame.querySelector("[data-place]");
    const label = document.querySelector(`label[for="${field.id}"]`);
    label.id ||= "etichetta-testo";
    const editor = new kit.Editor({
      element: place,
      injectCSS: false,
      content: preview()?.innerHTML || "",
      extensions: [
        ...[kit.Document, kit.Paragraph, kit.Text, kit.Bold, kit.Italic, kit.BulletList],
        ...[kit.OrderedList, kit.ListItem, kit.TableRow, kit.TableHeader, kit.TableCell],
        ...[kit.Table, kit.UndoRedo].filter(Boolean),
        kit.Link.configure({ openOnClick: false, autolink: false, linkOnPaste: false }),
      ],
      editorProps: {
        attributes: {
          role: "textbox",
          "aria-multiline": "true",
          "aria-labelledby": label.id,
          "aria-describedby": `${field.id}_note`,
          class: "chapter-words",
        },
        transformPastedHTML: cleaned,
      },
      onUpdate: () => {
        field.value = typedBlocks(editor.getJSON().content || []).join("\n\n");
        field.dispatchEvent(new Event("input", { bubbles: true }));
      },
      onBlur: () => field.dispatchEvent(new Event("change", { bubbles: true })),
      onTransaction: () => light(),
    });

    const acts = {
      grassetto: () => editor.chain().focus().toggleBold().run(),
      corsivo: () => editor.chain().focus().toggleItalic().run(),
      puntato: () => editor.chain().focus().toggleBulletList().run(),
      numerato: () => editor.chain().focus().toggleOrderedList().run(),
      tabella: () =>
        editor.chain().focus().insertTable({ rows: 3, cols: 2, withHeaderRow: true }).run(),
      riga: () => editor.chain().focus().addRowAfter().run(),
      "riga-via": () => editor.chain().focus().deleteRow().run(),
      colonna: () => editor.chain().focus().addColumnAfter().run(),
      "colonna-via": () => editor.chain().focus().deleteColumn().run(),
    };
    acts.collegamento = () => {
      const now = editor.getAttributes("link").href || "https://";
      const address = window.prompt(frame.dataset.ask, now);
      if (address === null) return;
      const chain = editor.chain().focus().extendMarkRange("link");
      if (address.trim()) chain.setMark("link", { href: address.trim() }).run();
      else chain.unsetMark("link").run();
    };
    const shown = { grassetto: "bold", corsivo: "italic", puntato: "bulletList" };
    shown.numerato = "orderedList";
    const buttons = [...bar.querySelectorAll("button")];
    const light = () => {
      const inTable = editor?.isActive("table");
      for (const button of buttons) {
        const name = shown[button.dataset.act];
        if (name) button.setAttribute("aria-pressed", String(editor.isActive(name)));
        if (button.dataset.inTable !== undefined) {
          button.setAttribute("aria-disabled", String(!inTable));
        }
      }
    };
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.getAttribute("aria-disabled") !== "true") acts[button?.dataset.act]?.();
    });
    /* one stop of the Tab key, arrows inside, as in every bar of tools */
    const stop = (button) => {
      for (const one of buttons) one.tabIndex = one === button ? 0 : -1;
    };
    stop(buttons[0]);
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const here = buttons.indexOf(document.activeElement);
      if (!step || here < 0) return;
      event.preventDefault();
      const next = buttons[(here + step + buttons.length) % buttons.length];
      stop(next);
      next.focus();
    });

    /* how lists and tables are typed: their buttons say it where there are buttons */
    const describes = (field.getAttribute("aria-describedby") || "").split(" ");
    const help = document.getElementById(describes.find((id) => id.endsWith("_helptext")));
    const plain = frame.querySelector("[data-plain]");
    const turn = (isPlain) => {
      field.hidden = !isPlain;
      if (help) help.hidden = !isPlain;
      place.hidden = isPlain;
      bar.hidden = isPlain;
      plain.setAttribute("aria-pressed", String(isPlain));
    };
    plain.addEventListener("click", () => {
      const isPlain = plain.getAttribute("aria-pressed") !== "true";
      /* typed text is seen once it is saved: until then it stays where it is typed */
      if (!isPlain && window.saving?.isUnsaved?.(field.closest("[data-saves]"))) {
        tell("unsaved");
        return;
      }
      tell("");
      turn(isPlain);
    });
    /* what came back from a save, or was chosen of two versions, is what is seen */
    document.addEventListener("htmx:afterRequest", () => {
      const typed = typedBlocks(editor.getJSON().content || []).join("\n\n");
      if (typed === field.value || field.matches("[aria-invalid=true]")) return;
      if (document.activeElement?.closest(".chapter-words")) return;
      editor.commands.setContent(preview()?.innerHTML || "", { emitUpdate: false });
    });
    frame.hidden = false;
    turn(false);
    light();
  };

  import(frame.dataset.kit).then(start, () => frame.remove());
})();
