// Shows or hides a model in all figures at once: its series, and its rows in figures that name models at the side.
(() => {
  const { figures, redraw } = window.fieldnotes;
  const panel = document.getElementById("models");
  if (!panel || !figures) return;
  const boxes = [...panel.querySelectorAll("input")];
  const opener = document.querySelector("button[popovertarget=models]");
  const said = document.getElementById("models-hidden");
  const models = boxes.map(({ value }) => value);
  const hidden = new Set();

  // A label is plotly markup in which all else is entities.
  const plain = (text) =>
    String(text ?? "")
      .replace(/<[^>]*>/g, "")
      .replace(/&#(\d{1,6});/g, (_, code) => String.fromCodePoint(Math.min(code, 0x10ffff)));
  // Long names are shortened in labels; a label of two models, as of a difference, is of neither.
  const short = (text) => text.endsWith("…") && text.length > 6;
  const isName = (text, model) => text === model || (short(text) && model.startsWith(text.slice(0, -1)));
  const modelOf = (text) => {
    const parts = plain(text).split(" · ");
    const named = models.filter((model) => parts.some((part) => isName(part, model)));
    return named.length === 1 ? named[0] : undefined;
  };

  const isHidden = (text) => hidden.has(modelOf(text));

  // The places of a category axis whose rows are of hidden models.
  function hiddenRows({ yaxis }) {
    const { ticktext = [], tickvals = [] } = yaxis ?? {};
    return tickvals.filter((_, at) => isHidden(ticktext[at]));
  }

  function withoutRows(trace, rows) {
    if (rows.length === 0 || !Array.isArray(trace.y)) return trace;
    const isOut = (y) => typeof y === "number" && rows.some((row) => Math.abs(y - row) < 0.5);
    const x = trace.x?.map((one, at) => (isOut(trace.y[at]) ? null : one));
    const text = Array.isArray(trace.text) ? trace.text.map((one, at) => (isOut(trace.y[at]) ? "" : one)) : trace.text;
    return { ...trace, ...(x ? { x } : {}), ...(text === undefined ? {} : { text }) };
  }

  // What `draw` draws of a figure.
  function shown({ data, layout }) {
    if (hidden.size === 0) return { data, layout };
    const groups = new Set(data.filter(({ name, legendgroup }) => legendgroup && isHidden(name)).map(({ legendgroup }) => legendgroup));
    const rows = hiddenRows(layout);
    const own = structuredClone(layout);
    const places = [own.yaxis, own.yaxis2].filter((axis) => axis?.tickvals);
    for (const axis of places)
      axis.ticktext = axis.ticktext?.map((text, at) => (rows.includes(axis.tickvals[at]) ? "" : text));
    for (const change of [own.meta?.narrow, own.meta?.print])
      if (change?.["yaxis.ticktext"] && own.yaxis?.tickvals)
        change["yaxis.ticktext"] = change["yaxis.ticktext"].map((text, at) => (rows.includes(own.yaxis.tickvals[at]) ? "" : text));
    const left = data
      .filter(({ name, legendgroup }) => !(isHidden(name) || groups.has(legendgroup)))
      .map((trace) => withoutRows(trace, rows));
    return { data: left, layout: own };
  }

  function tell() {
    const left = models.length - hidden.size;
    const some = hidden.size > 0;
    opener.textContent = some ? `Models in the figures: ${left} of ${models.length}` : "Models in the figures";
    said.textContent = some
      ? `Hidden in the figures: ${models.filter((one) => hidden.has(one)).join(", ")}. The text and the tables count every model.`
      : "";
    said.hidden = !some;
    for (const box of boxes) box.checked = !hidden.has(box.value);
    for (const button of document.querySelectorAll(".legend button")) {
      const model = modelOf(button.textContent);
      if (model !== undefined) button.setAttribute("aria-pressed", String(!hidden.has(model)));
    }
  }

  // The address keeps what is hidden, so that the view can be sent.
  const key = "#without=";
  function remember() {
    const names = [...hidden].map(encodeURIComponent).join(",");
    if (hidden.size > 0 || location.hash.startsWith(key))
      history.replaceState(null, "", hidden.size > 0 ? key + names : location.pathname + location.search);
  }

  function set(model, on) {
    if (on) hidden.delete(model);
    else hidden.add(model);
    remember();
    tell();
    redraw();
  }

  function fromAddress() {
    if (!location.hash.startsWith(key)) return;
    const names = location.hash.slice(key.length).split(",");
    hidden.clear();
    for (const model of models) if (names.includes(encodeURIComponent(model))) hidden.add(model);
    tell();
    redraw();
  }

  for (const box of boxes) box.addEventListener("change", () => set(box.value, box.checked));
  panel.querySelector("button").addEventListener("click", () => {
    hidden.clear();
    remember();
    tell();
    redraw();
  });
  window.addEventListener("hashchange", fromAddress);
  opener.hidden = false;
  Object.assign(window.fieldnotes, {
    shown,
    /** Hides the model of a legend's entry everywhere; false if the entry is no model. */
    pressed(text) {
      const model = modelOf(text);
      if (model !== undefined) set(model, hidden.has(model));
      return model !== undefined;
    },
    told: tell,
  });
  fromAddress();
})();
