// Shows one answer at a time, takes its label by key or button, and saves all labels as a file. After reviewParts.js.
(() => {
  const { sheet, score, question, thing, choices, rows } = JSON.parse(document.getElementById("sheet").textContent);
  const words = Object.fromEntries(choices.map(({ value, word }) => [value, word]));
  const key = `fieldnotes-review-${sheet}`;
  const fresh = { labels: {}, given: [], at: 0, rater: "", keys: true, help: true };
  const isLabelled = ({ review_id }) => Object.hasOwn(state.labels, review_id);
  const { state, remember, saved } = keptState(key, fresh, {
    worth: () => rows.some(isLabelled),
    lost: "This browser keeps no labels: save them before you close the page",
  });
  // How long the latest labels took, in seconds, and when the last one was given.
  const paces = [];
  let since = Date.now();

  function show(focus) {
    const row = rows[state.at];
    const done = rows.filter(isLabelled).length;
    progress(done, rows.length);
    part("count").textContent = `${done} of ${rows.length} labelled`;
    part("left").textContent = timeLeft(rows.length - done);
    if (row === undefined) {
      part("place").textContent = `There is no ${thing.toLowerCase()} to label`;
      return;
    }
    const label = state.labels[row.review_id];
    part("place").textContent = `${thing} ${state.at + 1} of ${rows.length}${label === undefined ? "" : `: ${words[label]}`}`;
    part("prompt").textContent = visible(row.prompt);
    part("prompt").scrollTop = 0;
    showAnswer("output", "indented", row.answer);
    if (row.other !== undefined) showAnswer("other", "other-indented", row.other);
    part("expected-part").hidden = row.expected === "";
    part("expected").textContent = visible(row.expected);
    part("sources-part").hidden = row.sources.length === 0;
    part("sources").replaceChildren(...row.sources.map((text) => textBlock(text)));
    for (const button of document.querySelectorAll("[data-value]"))
      button.setAttribute("aria-pressed", String(button.dataset.value === label));
    part("open").disabled = done === rows.length;
    part("undo").disabled = state.given.length === 0;
    steps.shown("answer", focus);
    remember();
  }

  function showAnswer(id, mark, text) {
    const indented = indentedJson(text);
    part(id).textContent = visible(indented ?? text);
    part(id).classList.toggle("json", indented !== undefined);
    part(mark).hidden = indented === undefined;
  }

  function timeLeft(open) {
    if (paces.length < 5 || open === 0) return "";
    const usual = [...paces].sort((a, b) => a - b)[Math.floor(paces.length / 2)];
    const minutes = Math.ceil((usual * open) / 60);
    return `, about ${minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`} left`;
  }

  function textBlock(text) {
    const block = made("div", "text", text);
    block.dir = "auto";
    return block;
  }

  const steps = stepping({ state, all: rows, isDone: isLabelled, done: "labelled", show });

  function label(value) {
    const row = rows[state.at];
    if (row === undefined) return;
    state.given.push({ at: state.at, before: state.labels[row.review_id] ?? null });
    state.labels[row.review_id] = value;
    // A gap of minutes means that the reviewer was away, not thinking.
    paces.push(Math.min(180, (Date.now() - since) / 1000));
    if (paces.length > 20) paces.shift();
    since = Date.now();
    const done = rows.filter(isLabelled).length;
    say(`${thing} ${state.at + 1}: ${words[value]}.${done === rows.length ? " All are labelled: save the labels." : ""}`);
    if (state.at < rows.length - 1) steps.next();
    else show(false);
  }

  function undo() {
    const last = state.given.pop();
    const row = rows[last?.at];
    if (row === undefined) return;
    if (last.before === null) delete state.labels[row.review_id];
    else state.labels[row.review_id] = last.before;
    say(`${thing} ${last.at + 1}: ${last.before === null ? "its label is taken back" : `${words[last.before]} again`}.`);
    steps.move(last.at);
  }

  const lines = () =>
    rows.filter(isLabelled).map(({ review_id }) => {
      const value = state.labels[review_id];
      return { review_id, value: value === "u" ? null : Number(value), label: words[value] };
    });

  function save(kind) {
    const labels = lines();
    if (labels.length === 0) return say("Nothing is labelled yet.");
    const rater_id = readerOf(state, "labels of two reviewers must not mix.");
    if (rater_id === undefined) return;
    const text = labelsText(kind, { sheet, score, rater_id, labels });
    const name = saved(text, kind === "json" ? "application/json" : "text/csv", "labels", rater_id);
    say(`${plural(labels.length, "label")} saved as ${name}.`);
  }

  // Loads labels saved elsewhere or earlier: those of this sheet are used, and existing labels here stay.
  async function goOn([file]) {
    if (file === undefined) return;
    let came = [];
    try {
      const saved = JSON.parse(await file.text());
      if (saved.sheet !== sheet) return say(`${file.name} holds no labels of this sheet.`);
      if (state.rater === "") part("rater").value = state.rater = String(saved.rater_id ?? "").slice(0, 80);
      const known = new Set(rows.map(({ review_id }) => review_id));
      came = saved.labels.filter(({ review_id }) => known.has(review_id) && !Object.hasOwn(state.labels, review_id));
      for (const { review_id, value } of came)
        if (Object.hasOwn(words, value ?? "u")) state.labels[review_id] = String(value ?? "u");
    } catch {
      return say(`${file.name} is no file of labels that this page saved.`);
    }
    steps.open();
    show(true);
    say(`${plural(came.length, "label")} taken from ${file.name}.`);
  }

  // On paper all answers are printed one below the other, with boxes to tick.
  function printed() {
    const titled = (name, text) => made(name, "", text);
    part("print").replaceChildren(
      ...rows.map((row, at) => {
        const one = document.createElement("article");
        const box = (value) => `${state.labels[row.review_id] === value ? "\u2612" : "\u2610"} ${words[value]}`;
        one.append(titled("h2", `${at + 1}. ${row.review_id}`), titled("h3", "Prompt"), textBlock(row.prompt));
        if (row.expected !== "") one.append(titled("h3", "Expected"), textBlock(row.expected));
        if (row.sources.length > 0) one.append(titled("h3", "Sources"), ...row.sources.map(textBlock));
        one.append(titled("h3", row.other === undefined ? "Answer" : "Answer 1"), textBlock(row.answer));
        if (row.other !== undefined) one.append(titled("h3", "Answer 2"), textBlock(row.other));
        one.append(titled("p", choices.map(({ value }) => box(value)).join("    ")));
        return one;
      }),
    );
  }

  const help = (is) => {
    state.help = part("help").open = is;
    remember();
  };
  part("question").textContent = visible(question);
  part("help").open = state.help;
  part("help").addEventListener("toggle", () => help(part("help").open));
  for (const button of document.querySelectorAll("[data-value]"))
    button.addEventListener("click", () => label(button.dataset.value));
  part("file").addEventListener("change", async ({ target }) => {
    await goOn(target.files);
    target.value = "";
  });
  const { previous, next, open } = steps;
  const json = () => save("json");
  acting({
    state,
    remember,
    acts: { previous, next, open, undo, json, csv: () => save("csv"), again: () => part("file").click() },
    byKey: {
      ...Object.fromEntries(choices.map(({ key, value }) => [key, () => label(value)])),
      z: undo,
      n: open,
      s: json,
      ArrowLeft: previous,
      ArrowRight: next,
      "?": () => help(!state.help),
    },
  });
  addEventListener("beforeprint", printed);
  steps.begin();
})();
