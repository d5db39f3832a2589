// A table that is wider than a narrow screen becomes a card for each row: no number hides behind a sideways scroll.
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
})();
