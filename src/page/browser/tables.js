// Tables: their rows in another order, or fewer of them; and where a table is wider than a narrow screen, a card for each
// row, so that no number hides behind a sideways scroll.
(() => {
  const narrow = matchMedia("(max-width: 640px)");

  function label(table) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    for (const row of table.tBodies[0]?.rows ?? [])
      for (const [at, cell] of [...row.cells].entries()) cell.dataset.label = heads[at] ?? "";
  }

  function fit(scroll) {
    const table = scroll.querySelector("table");
    if (!table) return;
    scroll.classList.remove("cards");
    if (!narrow.matches || scroll.scrollWidth <= scroll.clientWidth + 1) return;
    label(table);
    scroll.classList.add("cards");
  }

  // A folded table has no width until it is opened.
  const widths = new WeakMap();
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (widths.get(target) === target.clientWidth) continue;
      widths.set(target, target.clientWidth);
      fit(target);
    }
  });
  for (const scroll of document.querySelectorAll(".scroll")) watch.observe(scroll);

  const FEWEST_SORTED = 3;
  const MOST_UNFILTERED = 12;
  const textOf = (cell) => (cell?.firstChild?.textContent ?? "").trim();

  // A number as it is written, "under 1 %" a little less than its limit; NaN if the cell has none.
  function numberOf(cell) {
    const [, sign, digits] = /([-\u2212]?)(\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?)/i.exec(textOf(cell)) ?? [];
    if (digits === undefined) return Number.NaN;
    const size = Number(digits.replaceAll(",", "")) * (sign ? -1 : 1);
    const edge = /^(under|<)/.test(textOf(cell)) ? -1 : /^(over|>)/.test(textOf(cell)) ? 1 : 0;
    return size + edge * 1e-9 * Math.max(1, Math.abs(size));
  }

  const isUnknown = (value) => value === "" || Number.isNaN(value);
  const compared = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));

  function sortable(table) {
    const body = table.tBodies[0];
    const written = [...body.rows];
    const again = [...body.querySelectorAll(".again")];
    const heads = [...table.tHead.rows[0].cells];
    function sortBy(at, order) {
      const read = heads[at].classList.contains("number") ? numberOf : textOf;
      const keyed = written.map((row) => ({ row, value: read(row.cells[at]) }));
      // What is unknown stays last in either order; sorting keeps the order of equals.
      if (order !== "none")
        keyed.sort(
          (a, b) =>
            Number(isUnknown(a.value)) - Number(isUnknown(b.value)) ||
            (isUnknown(a.value) ? 0 : compared(a.value, b.value) * (order === "ascending" ? 1 : -1)),
        );
      body.append(...keyed.map(({ row }) => row));
      // A name repeats the one above only in the order written.
      for (const cell of again) cell.classList.toggle("again", order === "none");
      for (const [i, head] of heads.entries()) {
        if (i === at && order !== "none") head.setAttribute("aria-sort", order);
        else head.removeAttribute("aria-sort");
      }
    }
    for (const [at, head] of heads.entries()) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        sortBy(at, now === null ? "ascending" : now === "ascending" ? "descending" : "none");
      });
    }
  }

  function filterable(table, scroll) {
    const rows = [...table.tBodies[0].rows];
    const line = document.createElement("p");
    const label = document.createElement("label");
    const input = document.createElement("input");
    const told = document.createElement("output");
    line.className = "filter";
    input.type = "search";
    label.append("Rows with ", input);
    line.append(label, " ", told);
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
      const left = rows.filter(({ hidden }) => !hidden).length;
      told.textContent = words.length === 0 ? "" : `${left} of ${rows.length} rows`;
    });
    scroll.before(line);
  }

  for (const table of document.querySelectorAll(".scroll .fieldnotes-table")) {
    const rows = table.tBodies[0]?.rows.length ?? 0;
    if (rows >= FEWEST_SORTED && table.tHead?.rows.length === 1) sortable(table);
    if (rows > MOST_UNFILTERED) filterable(table, table.closest(".scroll"));
  }
})();
