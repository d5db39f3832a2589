// Shows what a store's calls say of a selection. All numbers come from the server, which asks the library; texts from logs
// become text nodes, never markup.
(() => {
  const kept = "fieldnotes-look";
  const state = { where: "", by: "model", metric: "duration_p95", only: [] };
  const token = takeToken();

  // The token stands first after "#"; it stays in this tab and leaves the address, where the state takes its place.
  function takeToken() {
    const [first, rest = ""] = location.hash.slice(1).split("&", 2);
    const isState = first.startsWith("state=");
    if (first !== "" && !isState) sessionStorage.setItem(kept, first);
    const held = isState ? first : rest;
    if (held.startsWith("state=")) readState(held.slice(6));
    history.replaceState(null, "", held === "" ? location.pathname : `#${held}`);
    return sessionStorage.getItem(kept) ?? "";
  }
  function readState(text) {
    try {
      Object.assign(state, JSON.parse(decodeURIComponent(text)));
    } catch {
      // An address that was cut off begins with all calls.
    }
  }
  const keepState = () => history.replaceState(null, "", `#state=${encodeURIComponent(JSON.stringify(state))}`);

  function visible(text) {
    return String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g, "\ufffd");
  }
  function made(tag, attributes = {}, ...children) {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) one.addEventListener(name.slice(2), value);
      else one.setAttribute(name, value);
    }
    for (const child of children) one.append(typeof child === "object" ? child : visible(child));
    return one;
  }
  function drawn(tag, attributes = {}, ...children) {
    const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    one.append(...children);
    return one;
  }

  // One question of each kind at a time: a newer one ends the older one, on the server as well.
  const running = new Map();
  async function ask(question, body) {
    running.get(question)?.abort();
    const stop = new AbortController();
    running.set(question, stop);
    const response = await fetch(`/${question}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-fieldnotes-token": token },
      body: JSON.stringify(body),
      signal: stop.signal,
    });
    if (!response.ok) throw new Error((await response.json()).error);
    return response;
  }
  const answer = async (question, body) => (await ask(question, body)).json();
  async function stream(question, body, take) {
    const reader = (await ask(question, body)).body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (text + value).split("\n");
      text = lines.pop();
      for (const line of lines) take(JSON.parse(line));
    }
  }

  const main = document.getElementById("look");
  const views = {};
  function view(name, title) {
    const body = made("div");
    const section = made("section", { id: name, "aria-label": title }, made("h2", {}, title), body);
    views[name] = { section, body };
    return section;
  }
  const shown = (name, ...children) => {
    views[name].section.classList.remove("waiting");
    views[name].body.replaceChildren(...children);
  };
  const cell = (value) => {
    if (value === null || value === undefined) return "not given";
    if (typeof value === "object") return value.text ?? JSON.stringify(value);
    return typeof value === "number" ? String(Number(value.toPrecision(6))) : value;
  };
  function table(columns, rows, act) {
    const head = made("tr", {}, ...columns.map((name) => made("th", { scope: "col" }, name)));
    const body = rows.map((row) => {
      const cells = columns.map((name) => {
        const td = made("td", row[name]?.note ? { title: visible(row[name].note) } : {}, cell(row[name]));
        return td;
      });
      const found = act?.(row);
      if (found) cells[0].replaceChildren(made("button", { type: "button", onclick: found }, cell(row[columns[0]])));
      return made("tr", {}, ...cells);
    });
    return made("table", {}, made("thead", {}, head), made("tbody", {}, ...body));
  }
  const columnsOf = (rows) => [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== "claim");

  const where = made("input", { id: "where", "aria-label": "where", spellcheck: "false", autocomplete: "off" });
  const by = made("select", { id: "by", "aria-label": "side by side" });
  const metric = made("select", { id: "metric", "aria-label": "metric" });
  const said = made("p", { id: "said", role: "status", class: "soft" });
  const form = made(
    "form",
    {
      class: "row",
      onsubmit: (event) => {
        event.preventDefault();
        change({ where: where.value, from: undefined, to: undefined, least: undefined, most: undefined, only: [] });
      },
    },
    made("label", { for: "where" }, "where"),
    where,
    by,
    metric,
    made("button", { type: "submit" }, "Look"),
    made("button", { type: "button", id: "all", onclick: () => change({ where: "", from: undefined, to: undefined, least: undefined, most: undefined, only: [] }) }, "All calls"),
    made("button", { type: "button", id: "differ", onclick: () => void differ() }, "What differs from the rest"),
    made("button", { type: "button", id: "list", onclick: () => void list() }, "Calls"),
    made("button", { type: "button", id: "code", onclick: () => void code() }, "As a cell, as a command"),
  );
  main.append(
    form,
    said,
    view("verdict", "Verdict"),
    view("course", "Time"),
    view("groups", "Side by side"),
    view("durations", "Durations"),
    view("errors", "Errors"),
    view("attributes", "Attributes"),
    view("more", "Behind the numbers"),
  );
  by.addEventListener("change", () => change({ by: by.value }));
  metric.addEventListener("change", () => change({ metric: metric.value }));

  function change(changes) {
    Object.assign(state, changes);
    keepState();
    void look();
  }
  // Keeps one value of a column, or stops keeping it.
  function keep(name, value) {
    const same = state.only.some((one) => one.name === name && one.values[0] === value);
    const rest = state.only.filter((one) => one.name !== name);
    change({ only: same ? rest : [...rest, { name, values: [value] }] });
  }

  let parts = {};
  let resting;
  async function look() {
    for (const { section } of Object.values(views)) section.classList.add("waiting");
    clearTimeout(resting);
    running.get("verdict")?.abort();
    try {
      const found = {};
      await stream("views", state, (part) => {
        if (part.part === "failed") throw new Error(part.error);
        found[part.part] = part;
        parts = found;
        show(part);
      });
      shown("more");
      resting = setTimeout(() => void verdict(), 400);
    } catch (error) {
      tell(error);
    }
  }
  function tell(error) {
    if (error.name === "AbortError") return;
    said.replaceChildren(visible(error.message));
    said.className = "error";
  }

  function show(part) {
    const of = part.share === 1 ? "" : `, from ${(100 * part.share).toPrecision(2)} % of the users`;
    if (part.part === "selected") {
      where.value = part.where ?? "";
      said.className = "soft";
      said.replaceChildren(visible(`${part.calls} calls of ${part.users} users, ${part.from} to ${part.to} UTC${of}`));
      if (part.calls === 0) for (const name of ["course", "groups", "attributes"]) shown(name, "No call is selected.");
    }
    if (part.part === "course" || part.part === "metric") shown("course", ...course());
    if (part.part === "groups") {
      const { rows, notes } = part.table;
      const [name] = part.table.by;
      const order = new Map(parts.selected.groups.map(({ value }, at) => [value, at]));
      const first = rows.filter((row) => order.has(row[name])).sort((a, b) => order.get(a[name]) - order.get(b[name]));
      shown("groups", table(columnsOf(rows), first, (row) => () => keep(name, row[name])), notesOf(notes));
    }
    if (part.part === "durations") shown("durations", ...durations(part.rows));
    if (part.part === "errors") shown("errors", table(["error", "value", "calls", "users"], part.rows));
    if (part.part === "attributes")
      shown(
        "attributes",
        ...part.columns.flatMap(({ name, values, others }) => [
          made("h3", {}, name),
          table(["value", "calls", "failed"], values, ({ value }) => () => keep(name, value)),
          ...(others > 0 ? [made("p", { class: "soft" }, `${others} calls with other values`)] : []),
        ]),
      );
  }
  const notesOf = (notes = []) => made("ul", { class: "notes" }, ...notes.map((one) => made("li", {}, one)));

  const colours = ["#2563b0", "#a0470b", "#1c6b42", "#8430a8", "#a8261b", "#0e7490", "#7c6f00", "#5b646e"];
  const size = { width: 960, height: 200, left: 50, bottom: 20 };

  // Calls in each bin as bars, the metric of each group as a line with its intervals.
  function course() {
    const rows = parts.course?.rows ?? [];
    const times = [...new Set(rows.map(({ time }) => time))];
    if (times.length === 0) return ["No call has a time."];
    const x = (at) => size.left + ((size.width - size.left) * (at + 0.5)) / times.length;
    const svg = drawn("svg", { viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "aria-label": "course" });
    const name = state.metric;
    const [own] = (parts.metric?.table.by ?? []).filter((one) => one !== "time");
    const groups = (parts.selected?.groups ?? []).map(({ value }) => value);
    const points = (parts.metric?.table.rows ?? []).filter((row) => own === undefined || groups.includes(row[own]));
    const known = points.map((row) => row[name]?.value).filter((value) => Number.isFinite(value));
    const most = Math.max(...known, 0) || 1;
    const calls = new Map();
    for (const row of rows) calls.set(row.time, (calls.get(row.time) ?? 0) + row.calls);
    const high = Math.max(...calls.values());
    const y = (value) => (size.height - size.bottom) * (1 - Math.min(1, value / most));
    for (const [at, time] of times.entries()) {
      const height = ((size.height - size.bottom) * calls.get(time)) / high / 3;
      const width = (size.width - size.left) / times.length;
      const bar = drawn("rect", { x: x(at) - width / 2, y: size.height - size.bottom - height, width: Math.max(1, width - 1), height, fill: "currentColor", opacity: 0.15 });
      svg.append(bar);
    }
    for (const row of points) {
      const { value, low, high: top } = row[name] ?? {};
      const at = times.indexOf(row.time);
      if (!Number.isFinite(value) || at < 0) continue;
      const colour = colours[Math.max(0, own === undefined ? 0 : groups.indexOf(row[own]))];
      if (Number.isFinite(low) && Number.isFinite(top))
        svg.append(drawn("line", { x1: x(at), x2: x(at), y1: y(low), y2: y(top), stroke: colour, opacity: 0.5 }));
      svg.append(drawn("circle", { cx: x(at), cy: y(value), r: 2.5, fill: colour }, drawn("title", {}, visible(`${row.time} ${own ? row[own] : ""} ${row[name].text}`))));
    }
    let first;
    const at = (event) => {
      const box = svg.getBoundingClientRect();
      const left = (event.clientX - box.left) * (size.width / box.width);
      return Math.max(0, Math.min(times.length - 1, Math.floor(((left - size.left) / (size.width - size.left)) * times.length)));
    };
    svg.addEventListener("pointerdown", (event) => {
      first = at(event);
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointerup", (event) => {
      const [from, to] = [first, at(event)].sort((a, b) => a - b);
      brush(times[from], times[to]);
    });
    const from = choices("from", times);
    const to = choices("to", times, times.length - 1);
    const go = made("button", { type: "button", onclick: () => brush(from.value, to.value) }, "Keep these");
    const legend = groups.map((value, at) => {
      const one = made("span", {}, cell(value));
      one.style.color = colours[at];
      return one;
    });
    return [svg, made("p", { class: "row" }, ...legend), made("p", { class: "row" }, from, to, go)];
  }
  function choices(label, times, at = 0) {
    const one = made("select", { "aria-label": label }, ...times.map((time) => made("option", {}, time)));
    one.selectedIndex = at;
    return one;
  }
  const lengths = { minute: 60e3, hour: 3600e3, day: 864e5, week: 7 * 864e5, month: 31 * 864e5 };
  function brush(from, to) {
    const end = new Date(Date.parse(`${to.replace(" ", "T")}${to.length === 10 ? "T00:00:00" : ""}Z`) + lengths[parts.selected.bin]);
    change({ from, to: end.toISOString().slice(0, 19).replace("T", " ") });
  }

  function durations(rows) {
    const all = new Map();
    for (const { from, to, calls } of rows) all.set(from, { from, to, calls: (all.get(from)?.calls ?? 0) + calls });
    const bars = [...all.values()];
    if (bars.length === 0) return ["No call has a duration."];
    const most = Math.max(...bars.map(({ calls }) => calls));
    const width = (size.width - size.left) / bars.length;
    const svg = drawn("svg", { viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "aria-label": "durations" });
    for (const [at, { from, to, calls }] of bars.entries()) {
      const height = ((size.height - size.bottom) * calls) / most;
      const bar = drawn("rect", { x: size.left + at * width, y: size.height - size.bottom - height, width: Math.max(1, width - 1), height, fill: colours[0] });
      bar.append(drawn("title", {}, `${from.toPrecision(3)} to ${to.toPrecision(3)} s: ${calls} calls`));
      bar.addEventListener("click", () => change({ least: from, most: to }));
      svg.append(bar);
    }
    return [svg];
  }

  async function verdict() {
    const [a, b] = parts.selected?.groups ?? [];
    if (b === undefined) return shown("verdict", "One group has nothing to be compared with.");
    try {
      const found = await answer("verdict", { ...state, compare: [a.value, b.value] });
      shown("verdict", made("p", {}, found.verdict), notesOf(found.notes));
    } catch (error) {
      tell(error);
    }
  }
  const behind = (act) => async (...given) => {
    views.more.section.classList.add("waiting");
    try {
      shown("more", ...(await act(...given)));
      views.more.section.scrollIntoView({ block: "nearest" });
    } catch (error) {
      shown("more");
      tell(error);
    }
  };
  const differ = behind(async () => {
    const { rows, notes } = await answer("difference", state);
    return [table(["value", "column", "selected", "rest", "difference"], rows, ({ column, value }) => () => keep(column, value)), notesOf(notes)];
  });
  const list = behind(async () => {
    const { rows, notes } = await answer("calls", { ...state, limit: 50 });
    return [table(columnsOf(rows), rows, ({ call_id }) => () => void steps(call_id)), notesOf(notes)];
  });
  const steps = behind(async (id) => {
    const { rows, notes } = await answer("trace", { id });
    return [table(columnsOf(rows), rows), notesOf(notes)];
  });
  const code = behind(async () => {
    const found = await answer("code", state);
    return [made("h3", {}, "Cell"), made("pre", {}, found.cell), made("h3", {}, "Command"), made("pre", {}, found.command)];
  });

  async function begin() {
    try {
      const start = await answer("start", {});
      if (!location.hash.startsWith("#state=")) Object.assign(state, start);
      const log = await answer("log", {});
      document.getElementById("log").replaceChildren(visible(`${log.store}: ${log.calls} calls, ${log.from} to ${log.to}`));
      by.replaceChildren(...log.by.map(({ name }) => made("option", { value: name }, name)));
      metric.replaceChildren(...log.metrics.map(({ name, label }) => made("option", { value: name }, label)));
      by.value = state.by;
      metric.value = state.metric;
      await look();
    } catch (error) {
      tell(error);
    }
  }
  void begin();
})();
