// The linked views: what is selected in one is what all of them show.
(() => {
  const { state, none, readState, keepState, stop, answer, stream } = window.look;
  const { made, grouped, counted, nameOf, shareOf, isEstimate, cellText, table, notes, button, brush, pictures } = window.look;
  const main = document.getElementById("look");
  let log = { by: [], metrics: [], profiles: [] };
  // The parts that stand, and those of all calls whatever time and duration are selected, around them.
  let parts = {};
  let around = { key: "", parts: {} };

  // Each view: its picture, and as a table what it says. A key finds what had the focus in what replaces it.
  const views = {};
  function view(name, title, lead = []) {
    const body = made("div");
    const heading = made("h2", { tabindex: -1 }, title);
    views[name] = { section: made("section", { id: name, "aria-label": title }, heading, lead, body), body, heading, open: false };
    return views[name].section;
  }
  function shown(name, ...children) {
    const { section, body } = views[name];
    const key = body.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    section.classList.remove("waiting");
    section.removeAttribute("aria-busy");
    body.replaceChildren(...children.flat(Number.POSITIVE_INFINITY));
    if (key !== undefined) ([...body.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key) ?? views[name].heading).focus({ preventScroll: true });
  }
  function asTable(name, columns, rows, more = 0) {
    const fold = made("details", { class: "alternative", open: views[name].open }, made("summary", { "data-key": "table" }, "As a table"));
    const fill = () => {
      views[name].open = fold.open;
      if (fold.open && fold.childElementCount === 1) fold.append(table(views[name].heading.textContent, columns, rows), more === 0 ? "" : made("p", { class: "soft" }, `${grouped(more)} more rows, less frequent, are not shown.`));
    };
    fold.addEventListener("toggle", fill);
    if (fold.open) fill();
    return fold;
  }

  const metricOf = (name) => log.metrics.find((one) => one.name === name) ?? { name, label: name, unit: "" };
  const headOf = (name) => {
    const { label, unit } = metricOf(name);
    return unit ? `${label}, ${unit === "1" ? "%" : unit}` : label;
  };
  const groupsOf = () => (parts.selected?.groups ?? []).map(({ value }) => value);

  // Times without a zone are UTC.
  const lengths = { minute: 60e3, hour: 3600e3, day: 864e5, week: 7 * 864e5, month: 31 * 864e5 };
  const finer = { minute: "minute", hour: "minute", day: "hour", week: "day", month: "day" };
  const timeOf = (text) => Date.parse(`${String(text).replace(" ", "T")}${String(text).length === 10 ? "T00:00:00" : ""}Z`);
  const momentOf = (time) => new Date(Math.round(time / 1000) * 1000).toISOString().slice(0, 19).replace("T", " ");
  const shortTime = (time) => {
    const text = momentOf(time);
    return text.endsWith("00:00:00") ? text.slice(5, 10) : text.slice(5, 16);
  };
  const seconds = (value) => `${Number(value.toPrecision(3))} s`;

  // ---- What is asked.
  // A line that is being written is not written over.
  let isEdited = false;
  const field = made("input", { id: "where", spellcheck: "false", autocomplete: "off", oninput: () => (isEdited = true) });
  const choice = (id, label, act) => {
    const one = made("select", { id, onchange: () => act(one.value) });
    return { one, line: made("label", { class: "choice" }, made("span", {}, label), one) };
  };
  const by = choice("by", "side by side", (value) => change({ by: value, sides: undefined }));
  const metric = choice("metric", "over time", (value) => change({ metric: value }));
  const said = made("p", { id: "said", role: "status", class: "soft" });
  const chips = made("ul", { class: "chips", "aria-label": "Selected by" });
  const form = made(
    "form",
    { class: "asked", onsubmit: (event) => (event.preventDefault(), change({ ...none, where: field.value })) },
    made("label", { for: "where" }, "where"),
    field,
    made("button", { type: "submit" }, "Look"),
  );
  const actions = made(
    "p",
    { class: "row" },
    by.line,
    metric.line,
    button("all", "All calls", () => change({ ...none }), { id: "all" }),
    button("differ", "Selected against the rest", () => void differ(), { id: "differ" }),
    button("list", "Calls", () => void list(), { id: "list" }),
    button("code", "As a cell, as a command", () => void code(), { id: "code" }),
  );

  let soon;
  // Without `rests` the views turn grey at once and ask when the hand pauses.
  function change(changes, rests = true) {
    Object.assign(state, changes);
    isEdited = false;
    clearTimeout(soon);
    wait();
    if (!rests) {
      keepState(false);
      soon = setTimeout(() => void look(), 60);
      return;
    }
    keepState(true);
    void look();
  }
  const isKept = (name, value) => state.only.some((one) => one.name === name && one.values.includes(value));
  // Keeps one value of a column, or stops keeping it.
  function keep(name, value, also = []) {
    const names = [name, ...also.map((one) => one.name)];
    const rest = state.only.filter((one) => !names.includes(one.name));
    change({ only: isKept(name, value) ? rest : [...rest, { name, values: [value] }, ...also] });
  }

  function wait() {
    document.documentElement.dataset.views = "waiting";
    for (const name of ["verdict", "course", "groups", "against", "durations", "outcome", "errors", "attributes"]) {
      views[name].section.classList.add("waiting");
      views[name].section.setAttribute("aria-busy", "true");
    }
    stop("verdict");
    clearTimeout(resting);
  }

  let resting;
  let turn = 0;
  async function look() {
    const own = ++turn;
    wait();
    stop("around");
    showChips();
    try {
      const found = {};
      const isWhole = state.from === undefined && state.to === undefined && state.least === undefined && state.most === undefined;
      const key = JSON.stringify([state.where, state.by, state.only]);
      await stream("views", state, (part) => {
        if (own !== turn) return true;
        found[part.part] = part;
        parts = found;
        if (isWhole) around = { key, parts: found };
        show(part);
      });
      if (own !== turn) return;
      document.documentElement.dataset.views = "stand";
      resting = setTimeout(() => void verdict(), 300);
      if (around.key !== key) await lookAround(key);
    } catch (error) {
      if (own === turn) tell(error);
    }
  }
  // An address or a line that selects a time at once has nothing around it yet.
  async function lookAround(key) {
    const wide = { ...state, from: undefined, to: undefined, least: undefined, most: undefined };
    const found = {};
    await stream("views", wide, (part) => {
      if (part.share === 1) found[part.part] = part;
      if (found.course === undefined && !(found.selected?.calls === 0)) return false;
      around = { key, parts: found };
      return true;
    }, "around");
    showStrips();
  }
  function tell(error) {
    if (error.name === "AbortError") return;
    said.replaceChildren(window.look.visible(error.message));
    said.className = "error";
  }

  function showChips() {
    const chip = (key, text, changes) => made("li", {}, button(key, `${text} ×`, () => change(changes), { "aria-label": `${text} ×: stop keeping it` }));
    const all = [];
    if (state.where) all.push(chip("chip where", state.where, { where: "" }));
    if (state.from !== undefined || state.to !== undefined) all.push(chip("chip time", `time ${state.from ?? "start"} to ${state.to ?? "end"}`, { from: undefined, to: undefined }));
    if (state.least !== undefined || state.most !== undefined)
      all.push(chip("chip duration", `duration ${state.least === undefined ? "0 s" : seconds(state.least)} to ${state.most === undefined ? "the longest" : seconds(state.most)}`, { least: undefined, most: undefined }));
    for (const { name, values } of state.only) all.push(chip(`chip ${name}`, `${name} = ${values.map(nameOf).join(", ")}`, { only: state.only.filter((one) => one.name !== name) }));
    const key = chips.contains(document.activeElement);
    chips.replaceChildren(...all);
    if (key) (chips.querySelector("button") ?? field).focus();
    chips.hidden = all.length === 0;
    document.getElementById("differ").disabled = all.length === 0;
  }

  // ---- What is shown.
  const shows = {
    selected(part) {
      const of = part.share === 1 ? "" : `; a first answer, from ${shareOf(part.share, 1)} of the users`;
      if (!isEdited) field.value = part.where ?? "";
      said.className = "soft";
      said.replaceChildren(window.look.visible(part.calls === 0 ? "0 calls: nothing meets this." : `${counted(part.calls, "call")} of ${counted(part.users, "user")}${part.from === null ? "" : `, ${part.from} to ${part.to} UTC`}${of}`));
      if (part.calls === 0) for (const name of ["course", "groups", "against", "outcome", "attributes", "verdict"]) shown(name, made("p", { class: "soft" }, "No call is selected."));
    },
    course: () => {
      showCourse();
      showStrips();
    },
    metric: () => showCourse(),
    groups: () => {
      showGroups();
      showAgainst();
    },
    durations: () => showStrips(),
    errors: (part) => showErrors(part),
    attributes: (part) => {
      showOutcome(part.columns);
      showAttributes(part.columns, part.varied);
    },
  };
  function show(part) {
    shows[part.part]?.(part);
  }

  const widthOf = (name) => Math.max(260, views[name].body.clientWidth);

  // Calls of each bin, whatever their group.
  function binsOf(rows, bin) {
    const all = new Map();
    for (const { time, calls, failed } of rows ?? []) {
      const own = all.get(time) ?? { time, from: timeOf(time), to: timeOf(time) + lengths[bin], calls: 0, failed: null };
      own.calls += calls;
      // Of calls without a status it is not known whether they failed.
      if (failed !== null) own.failed += failed;
      all.set(time, own);
    }
    return [...all.values()];
  }

  function showCourse() {
    const { course, selected, metric: found } = parts;
    if (course === undefined) return;
    const bins = binsOf(course.rows, selected.bin);
    if (bins.length === 0) return shown("course", made("p", { class: "soft" }, "No call has a time."));
    const groups = groupsOf();
    const own = found?.table.by.find((one) => one !== "time");
    const bin = found?.bin ?? selected.bin;
    const half = lengths[bin] / 2;
    const points = (found?.table.rows ?? [])
      .filter((row) => own === undefined || groups.includes(row[own]))
      // Groups of a bin stand beside each other.
      .map((row) => {
        const beside = own === undefined ? 0 : (groups.indexOf(row[own]) + 0.5) / groups.length - 0.5;
        return { ...row, middle: timeOf(row.time) + half * (1 + 1.6 * beside) };
      });
    const ends = [Math.min(...bins.map(({ from }) => from)), Math.max(...bins.map(({ to }) => to))];
    const { label, unit } = metricOf(selected.metric);
    const within = (row, length = lengths[selected.bin]) => ({ from: momentOf(timeOf(row.time)), to: momentOf(timeOf(row.time) + length) });
    const picked = (row) => void list({ ...within(row, lengths[bin]), ...(own === undefined ? {} : { only: withOnly(own, row[own]) }) }, `${usersOf(row, bin)}: ${row.time}${own === undefined ? "" : `, ${nameOf(row[own])}`}`);
    // Who met it: the rows of a bin know their users, if it is no wider than theirs.
    const usersOf = (row, wide) => {
      const found = course.rows.find(({ time, value }) => time === row.time && value === row[own]);
      return found === undefined || wide !== selected.bin ? "Calls" : `${counted(found.calls, "call")} of ${counted(found.users, "user")}`;
    };
    const picture = pictures.course({
      ...{ width: widthOf("course"), bins, points, ends, unit, by: own, name: selected.metric, label, says: shortTime, picked },
      kept(first, last) {
        const length = lengths[selected.bin];
        const from = ends[0] + Math.floor((first - ends[0]) / length) * length;
        const to = ends[0] + Math.ceil((last - ends[0]) / length) * length;
        if (to > from) change({ from: momentOf(from), to: momentOf(to) });
      },
    });
    const legend = made(
      "ul",
      { class: "legend", "aria-label": selected.by },
      own === undefined ? [] : groups.map((value) => made("li", {}, button(`legend ${value}`, [pictures.sign(value), nameOf(value)], () => keep(selected.by, value), { "aria-pressed": String(isKept(selected.by, value)) }))),
    );
    const cells = new Map(points.map((row) => [`${row.time}\n${own === undefined ? "" : row[own]}`, row]));
    const columns = [
      { name: "time", show: (row) => button(`bin ${row.time}`, row.time, () => change(within(row)), { "aria-label": `keep ${row.time}` }) },
      { name: "calls", show: (row) => button(`calls ${row.time}`, grouped(row.calls), () => void list(within(row), `Calls: ${row.time}`), { "aria-label": `${grouped(row.calls)} calls of ${row.time}: list them` }) },
      "failed",
      ...(own === undefined ? [undefined] : groups).map((value, at) => ({
        name: `m${at}`,
        label: own === undefined ? headOf(selected.metric) : nameOf(value),
        show(row) {
          const point = cells.get(`${row.time}\n${own === undefined ? "" : value}`);
          return point === undefined ? "–" : button(`mark ${row.time} ${value}`, cellText(point[selected.metric]), () => picked(point));
        },
      })),
    ];
    const wide = found === undefined ? "" : own === undefined ? `${headOf(selected.metric)} of all together: too many groups and bins to draw each.` : `${headOf(selected.metric)}.`;
    shown("course", made("p", { class: "soft" }, `${wide} Bars: calls in each ${selected.bin}, failed ones at their foot. Draw over a time to keep it; click a point for its calls.`.trim()), legend, picture, asTable("course", columns, bins), reservationsOf(found?.table.notes ?? []));
    if (found === undefined) views.course.section.classList.add("waiting");
  }
  const withOnly = (name, value) => [...state.only.filter((one) => one.name !== name), { name, values: [value] }];

  // The strips that hold the handles: all calls in grey, the selected ones before them.
  const hints = {
    time: made("p", { id: "hint-time", class: "soft hint" }),
    duration: made("p", { id: "hint-duration", class: "soft hint" }, "Arrows move an end by one bar, Page Up and Page Down by seven, Home and End to the edge."),
  };
  const timeStrip = brush({
    label: "time",
    hint: "hint-time",
    says: (time) => `${momentOf(time)} UTC`,
    changed: (from, to, rests) => change({ from: from && momentOf(from), to: to && momentOf(to) }, rests),
  });
  const durationStrip = brush({
    label: "duration",
    hint: "hint-duration",
    says: (step) => seconds(2 ** (step / 8)),
    changed: (from, to, rests) => change({ least: from && Number((2 ** (from / 8)).toPrecision(12)), most: to && Number((2 ** (to / 8)).toPrecision(12)) }, rests),
  });

  function showStrips() {
    const { selected: wide, course, durations } = around.parts;
    const bins = binsOf(course?.rows, wide?.bin);
    if (bins.length > 0) {
      const step = lengths[wide.bin];
      hints.time.textContent = `All times; arrows move an end by one ${wide.bin}, with Shift by one ${finer[wide.bin]}.`;
      timeStrip.show({
        ends: [Math.min(...bins.map(({ from }) => from)), Math.max(...bins.map(({ to }) => to))],
        steps: [step, lengths[finer[wide.bin]]],
        window: [state.from && timeOf(state.from), state.to && timeOf(state.to)],
        of: bins,
        within: binsOf(parts.course?.rows, parts.selected?.bin ?? wide.bin).length === 0 ? [] : merged(binsOf(parts.course.rows, parts.selected.bin), bins),
      });
    }
    const all = stepsOf(durations?.rows);
    const own = stepsOf(parts.durations?.rows);
    const known = all.length > 0 ? all : own;
    if (known.length > 0)
      durationStrip.show({
        ends: [Math.min(...known.map(({ from }) => from)), Math.max(...known.map(({ to }) => to))],
        steps: [1, 1],
        window: [state.least && 8 * Math.log2(state.least), state.most && 8 * Math.log2(state.most)],
        of: known,
        within: own,
      });
    const ends = known.length === 0 ? "No call has a duration." : `From ${seconds(2 ** (Math.min(...known.map(({ from }) => from)) / 8))} to ${seconds(2 ** (Math.max(...known.map(({ to }) => to)) / 8))}, each bar an eighth of a doubling.`;
    const columns = [{ name: "least", label: "from, s" }, { name: "most", label: "to, s" }, { name: "calls", label: "calls selected" }];
    const rows = own.map(({ from, to, calls }) => ({ least: Number((2 ** (from / 8)).toPrecision(3)), most: Number((2 ** (to / 8)).toPrecision(3)), calls }));
    if (parts.durations !== undefined) shown("durations", made("p", { class: "soft" }, ends), asTable("durations", columns, rows));
  }
  function stepsOf(rows = []) {
    const all = new Map();
    for (const { from, calls } of rows) {
      const step = Math.round(8 * Math.log2(from));
      const own = all.get(step) ?? { from: step, to: step + 1, calls: 0 };
      own.calls += calls;
      all.set(step, own);
    }
    return [...all.values()];
  }
  // Finer bins within coarser ones.
  const merged = (fine, wide) => wide.map((one) => ({ ...one, calls: fine.filter(({ from }) => from >= one.from && from < one.to).reduce((sum, { calls }) => sum + calls, 0) })).filter(({ calls }) => calls > 0);

  function footnotes() {
    const all = [];
    return {
      mark(text) {
        if (!text) return [];
        if (!all.includes(text)) all.push(text);
        return [made("sup", {}, String(all.indexOf(text) + 1))];
      },
      list: () => all.map((text, at) => `${at + 1} ${text}`),
    };
  }

  function groupRows() {
    const { rows, by: keys } = parts.groups.table;
    const [name] = keys;
    const order = groupsOf();
    return { name, rows: rows.filter((row) => order.includes(row[name])).sort((a, b) => order.indexOf(a[name]) - order.indexOf(b[name])) };
  }

  function showGroups() {
    const { name, rows } = groupRows();
    const told = footnotes();
    const metrics = Object.keys(rows[0] ?? {}).filter((one) => rows.some((row) => isEstimate(row[one])));
    const calls = new Map(parts.selected.groups.map((one) => [one.value, one.calls]));
    const columns = [
      { name, show: (row) => button(`group ${row[name]}`, [pictures.sign(row[name]), nameOf(row[name])], () => keep(name, row[name]), { "aria-pressed": String(isKept(name, row[name])) }) },
      { name: "calls", show: (row) => button(`list ${row[name]}`, grouped(calls.get(row[name])), () => void list({ only: withOnly(name, row[name]) }, `Calls: ${nameOf(row[name])}`), { "aria-label": `${grouped(calls.get(row[name]))} calls of ${nameOf(row[name])}: list them` }) },
      ...metrics.map((one) => {
        const scale = pictures.scaleOf(rows.map((row) => row[one]));
        const show = (row) => {
          // What is paid for stands in the head.
          const [value, ends] = cellText(row[one]).replace(/USD\/[\w ]*\w/, "USD").split(" [");
          return made("div", { class: "estimate" }, pictures.interval(row[one], scale, row[name]), made("span", {}, value, told.mark(row[one]?.note)), ends === undefined ? [] : [made("span", { class: "soft" }, `[${ends}`)]);
        };
        return { name: one, label: metricOf(one).label, show };
      }),
    ];
    const others = parts.selected.others > 0 ? [made("p", { class: "soft" }, `${grouped(parts.selected.others)} calls of others, less frequent, are not shown.`)] : [];
    const shownTable = table(`side by side by ${name}`, columns, rows);
    shown("groups", shownTable, others, reservationsOf([...told.list(), ...(parts.groups.table.notes ?? [])]));
  }
  const reservationsOf = (texts) => (texts.length === 0 ? [] : [made("details", {}, made("summary", { "data-key": "notes" }, `Reservations: ${texts.length}`), notes(texts))]);

  function showAgainst() {
    const { name, rows } = groupRows();
    const hasSome = (one) => rows.some((row) => pictures.known(row[one]));
    const cost = ["cost_per_resolved", "cost_per_task", "cost_per_call"].find(hasSome);
    const good = ["resolve_rate"].find(hasSome);
    if (cost === undefined || good === undefined) return shown("against", made("p", { class: "soft" }, `The selected calls have no ${cost === undefined ? "cost" : "outcome"}.`));
    const picture = pictures.against({ width: widthOf("against"), rows, by: name, across: metricOf(cost), up: metricOf(good), picked: (row) => keep(name, row[name]) });
    shown("against", picture, asTable("against", [{ name, show: (row) => nameOf(row[name]) }, { name: good, label: headOf(good) }, { name: cost, label: headOf(cost) }], rows));
  }

  // Values as bars: a press keeps the calls that have one.
  function valueList(name, values) {
    const most = Math.max(1, ...values.map(({ calls }) => calls));
    return made(
      "ul",
      { class: "values" },
      values.map(({ value, calls, column = name, failed, also }) => {
        const bar = made("span", { class: "bar" });
        bar.style.width = `${(100 * calls) / most}%`;
        const more = typeof failed !== "number" ? "" : `, ${grouped(failed)} failed`;
        const pressed = isKept(column, value);
        return made("li", {}, button(`value ${column} ${value}`, [made("span", { class: "value" }, nameOf(value)), made("span", { class: "count" }, grouped(calls)), bar], () => keep(column, value, also), { "aria-pressed": String(pressed), title: `${grouped(calls)} calls${more}` }));
      }),
    );
  }
  function showOutcome(columns) {
    const own = columns.filter(({ name }) => ["status", "finish_reason"].includes(name));
    if (own.length === 0) return shown("outcome", made("p", { class: "soft" }, "The log does not say how calls ended."));
    shown("outcome", own.flatMap(({ name, values }) => [made("h3", {}, name), valueList(name, values)]), asTable("outcome", ["column", "value", "calls"], own.flatMap(({ name, values }) => values.map(({ value, calls }) => ({ column: name, value: nameOf(value), calls })))));
  }
  function showErrors({ kinds, others, rows, more }) {
    const { calls, ended } = parts.selected;
    const unknown = calls - ended;
    if (calls > 0 && ended === 0) return shown("errors", made("p", { class: "soft" }, "The log does not say whether the selected calls failed."));
    const untold = unknown === 0 ? [] : [made("p", { class: "soft" }, `The log does not say whether ${grouped(unknown)} ${unknown === 1 ? "other" : "others"} failed.`)];
    if (kinds.length === 0) return shown("errors", made("p", { class: "soft" }, unknown === 0 ? "No selected call failed or timed out." : `None of the ${grouped(ended)} calls whose status is known failed or timed out.`), untold);
    // A status stands for the calls that have no type of error.
    const values = kinds.map((kind) => (kind.column === "status" ? { ...kind, also: [{ name: "error_type", values: [null] }] } : kind));
    const rest = others.kinds === 0 ? [] : [made("p", { class: "soft" }, `${grouped(others.calls)} more calls failed in ${grouped(others.kinds)} less frequent ${others.kinds === 1 ? "way" : "ways"}.`)];
    const columns = ["column", "error", { name: "value", label: parts.selected.by, show: (row) => nameOf(row.value) }, "calls", "users"];
    shown("errors", valueList("error_type", values), rest, untold, asTable("errors", columns, rows, more));
  }
  function showAttributes(columns, varied) {
    const own = columns.filter(({ name, values }) => (values.length > 1 || state.only.some((one) => one.name === name)) && !["status", "finish_reason", "error_type"].includes(name));
    const folded = own.map(({ name, values, others }) =>
      made("div", { class: "attribute" }, made("h3", {}, name), valueList(name, values), others > 0 ? [made("p", { class: "soft" }, `${grouped(others)} calls with other values`)] : []),
    );
    const rows = own.flatMap(({ name, values }) => values.map((one) => ({ ...one, column: name, value: nameOf(one.value) })));
    const left = varied.length === 0 ? "" : made("p", { class: "soft" }, `Not shown, with more values than can be told apart: ${varied.map(nameOf).join(", ")}.`);
    shown("attributes", made("div", { class: "attributes" }, folded), left, asTable("attributes", ["column", "value", "calls", "failed"], rows));
  }

  // ---- The verdict, which asks when the hand rests.
  const judge = choice("judge", "by", (value) => change({ judge: value }));
  const sides = [0, 1].map((at) =>
    choice(`side-${at}`, at === 0 ? "of" : "against", (value) => {
      const groups = groupsOf();
      const now = sidesOf(groups);
      now[at] = groups[Number(value)];
      change({ sides: now });
    }),
  );
  function sidesOf(groups) {
    const given = (state.sides ?? []).filter((one) => groups.includes(one));
    return given.length === 2 && given[0] !== given[1] ? given : groups.slice(0, 2);
  }
  async function verdict() {
    const groups = groupsOf();
    const own = sidesOf(groups);
    const isCompared = state.judge === "compare";
    for (const [at, { one, line }] of sides.entries()) {
      line.hidden = !isCompared || groups.length < 2;
      one.replaceChildren(...groups.map((value, i) => made("option", { value: i }, nameOf(value))));
      one.value = String(groups.indexOf(own[at]));
    }
    judge.one.value = state.judge;
    if (parts.selected?.calls === 0) return;
    if (isCompared && own.length < 2) return shown("verdict", made("p", {}, "One group has nothing to be compared with."));
    const asks = { compare: { compare: own }, check: { check: true } };
    const asked = asks[state.judge] ?? { choose: state.judge };
    try {
      const found = await answer("verdict", { ...state, ...asked });
      shown("verdict", made("p", { class: "line" }, found.verdict), weightsOf(found.weighing), limitsOf(found), reservationsOf(found.notes ?? []));
    } catch (error) {
      if (error.name !== "AbortError") shown("verdict", made("p", { class: "error" }, error.message));
    }
  }

  // Each limit that was checked, for each group that it is for.
  const limitsOf = ({ measure, by, rows }) => (measure === "check" ? [table("limits", [...by, "value", "verdict", "why"], rows)] : []);

  // What other weights would choose follows at once, from draws that came with the verdict.
  let weighs = false;
  function weightsOf(weighing) {
    if (weighing === undefined) return [];
    const fold = made("details", { open: weighs }, made("summary", { "data-key": "weights" }, "Try other weights"), window.weights.sliders(weighing, "weight"));
    fold.addEventListener("toggle", () => (weighs = fold.open));
    return [fold];
  }

  // ---- Behind the numbers.
  let from;
  const behind = (act) => async (...given) => {
    if (!views.more.section.contains(document.activeElement)) from = document.activeElement;
    views.more.section.hidden = false;
    views.more.section.classList.add("waiting");
    try {
      const found = await act(...given);
      const back = () => {
        views.more.section.hidden = true;
        (from?.isConnected ? from : field).focus();
      };
      shown("more", found, made("p", {}, button("close", "Close", back)));
      views.more.heading.focus({ preventScroll: true });
      views.more.section.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    } catch (error) {
      if (error.name === "AbortError") return;
      shown("more", made("p", { class: "error" }, error.message));
    }
  };
  const columnsOf = (rows) => [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== "claim");
  const differ = behind(async () => {
    const { rows, notes: told } = await answer("difference", state);
    const columns = [
      { name: "value", show: (row) => button(`differs ${row.column} ${row.value}`, nameOf(row.value), () => keep(row.column, row.value)) },
      "column",
      "selected",
      "rest",
      "difference",
      { name: "stands", label: "settled", show: (row) => (row.claim?.status === "settled" ? "yes" : "no") },
    ];
    return [made("h3", {}, "Selected against the rest: what differs"), notes(told), table("differences", columns, rows)];
  });
  let listed = [];
  const atOnce = 50;
  const list = behind(async (narrower = {}, title = "Calls selected", after = 0) => {
    listed = [narrower, title, after];
    const { rows, n, notes: told } = await answer("calls", { ...state, ...narrower, limit: atOnce, after });
    const first = ["call_id", "started_at", "user_id"];
    const names = columnsOf(rows).sort((a, b) => (first.includes(b) ? 1 : 0) - (first.includes(a) ? 1 : 0) || first.indexOf(a) - first.indexOf(b));
    const columns = names.map((name) => (name === "call_id" ? { name, show: (row) => button(`call ${row.call_id}`, row.call_id, () => void steps(row.call_id)) } : name));
    const turned = (key, text, to) => (to < 0 || to >= n ? [] : [button(key, text, () => void list(narrower, title, to))]);
    const pages = [...turned("earlier", `The ${atOnce} before`, after - atOnce), ...turned("further", `The next ${Math.min(atOnce, n - after - atOnce)}`, after + atOnce)];
    return [made("h3", {}, title), rows.length === 0 ? made("p", { class: "soft" }, "None.") : table("calls", columns, rows), pages.length === 0 ? [] : made("p", { class: "row" }, pages), notes(told)];
  });
  const steps = behind(async (id) => {
    const { rows, notes: told } = await answer("trace", { id });
    return [made("h3", {}, `Trace of ${id}`), made("p", {}, button("back", "Back to the calls", () => void list(...listed))), table("trace", columnsOf(rows), rows), notes(told)];
  });
  const code = behind(async () => {
    const found = await answer("code", state);
    const copied = (name, text) => {
      const one = button(`copy ${name}`, "Copy", () =>
        navigator.clipboard.writeText(text).then(
          () => (one.textContent = "Copied"),
          () => (one.textContent = "Select the text to copy it"),
        ),
        { "aria-label": `copy the ${name}` },
      );
      return [made("h3", {}, `As a ${name}`), made("pre", { tabindex: 0 }, text), made("p", {}, one)];
    };
    return [...copied("cell", found.cell), ...copied("command", found.command)];
  });

  main.append(
    made("div", { class: "top" }, form, chips, said),
    actions,
    view("verdict", "Verdict", made("p", { class: "row" }, judge.line, sides[0].line, sides[1].line)),
    view("course", "Time", [timeStrip.element, hints.time]),
    view("groups", "Side by side"),
    view("against", "Cost against quality"),
    view("durations", "Durations", [durationStrip.element, hints.duration]),
    view("outcome", "Outcome"),
    view("errors", "Errors"),
    view("attributes", "Attributes"),
    view("more", "Behind the numbers"),
  );
  views.more.section.hidden = true;

  let width = 0;
  new ResizeObserver(() => {
    if (width === main.clientWidth) return;
    width = main.clientWidth;
    if (parts.course) showCourse();
    if (parts.groups) showAgainst();
  }).observe(main);

  window.addEventListener("popstate", () => {
    readState(location.hash.slice(1));
    settings();
    void look();
  });
  function settings() {
    by.one.value = state.by;
    metric.one.value = state.metric;
    judge.one.value = state.judge;
  }

  async function begin() {
    // A notebook shows its frame once the page is there to be seen.
    if (parent !== window) parent.postMessage("fieldnotes-look", "*");
    try {
      const start = await answer("start", {});
      if (!location.hash.startsWith("#state=")) Object.assign(state, start);
      log = await answer("log", {});
      const place = log.engine === undefined ? log.store.replace(/^:memory:$/, "in memory") : nameOf(log.engine.name ?? log.engine);
      const span = log.from === null ? "" : `, ${log.from.slice(0, 10)} to ${log.to.slice(0, 10)}`;
      document.getElementById("log").replaceChildren(window.look.visible([`${place}: ${counted(log.calls, "call")}${span}.`, ...log.notes.map(window.look.here)].join(" ")));
      by.one.replaceChildren(...log.by.map(({ name }) => made("option", { value: name }, name)));
      metric.one.replaceChildren(...log.metrics.map(({ name, label }) => made("option", { value: name }, label)));
      judge.one.replaceChildren(made("option", { value: "compare" }, "a comparison"), ...log.profiles.map((name) => made("option", { value: name }, `the profile ${name}`)), ...(log.limits === undefined ? [] : [made("option", { value: "check" }, `the limits ${log.limits}`)]));
      settings();
      await look();
    } catch (error) {
      tell(error);
    }
  }
  void begin();
})();
