// Shows one answer at a time, takes its label by key or button, and saves all labels as a file.
(() => {
  const { sheet, score, question, rows } = JSON.parse(document.getElementById("sheet").textContent);
  const part = (id) => document.getElementById(id);
  const words = { 1: "yes", 0: "no", u: "cannot tell" };
  const key = `fieldnotes-review-${sheet}`;
  const state = { labels: {}, at: 0, rater: "", keys: true, ...remembered() };

  // A browser may keep nothing for files: labels then live as long as the page.
  function remembered() {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "{}");
    } catch {
      return {};
    }
  }
  function remember() {
    try {
      localStorage.setItem(key, JSON.stringify(state));
    } catch {
      // Nothing is kept.
    }
  }

  // What cannot be seen, and what turns the direction of a text, is shown as a mark.
  const visible = (text) =>
    text
      .replace(/\r\n?/g, "\n")
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g, "\ufffd");
  const isLabelled = ({ review_id }) => Object.hasOwn(state.labels, review_id);
  const say = (text) => {
    part("said").textContent = text;
  };

  function show(focus) {
    const row = rows[state.at];
    const done = rows.filter(isLabelled).length;
    part("bar").max = Math.max(1, rows.length);
    part("bar").value = done;
    part("count").textContent = `${done} of ${rows.length} labelled`;
    if (row === undefined) {
      part("place").textContent = "There is no answer to label";
      return;
    }
    const label = state.labels[row.review_id];
    part("place").textContent = `Answer ${state.at + 1} of ${rows.length}${label === undefined ? "" : `: ${words[label]}`}`;
    part("prompt").textContent = visible(row.prompt);
    part("prompt").scrollTop = 0;
    part("output").textContent = visible(row.answer);
    part("expected-part").hidden = row.expected === "";
    part("expected").textContent = visible(row.expected);
    part("sources-part").hidden = row.sources.length === 0;
    part("sources").replaceChildren(...row.sources.map((text) => textBlock(text)));
    for (const button of document.querySelectorAll("[data-value]"))
      button.setAttribute("aria-pressed", String(button.dataset.value === label));
    part("previous").disabled = state.at === 0;
    part("next").disabled = state.at === rows.length - 1;
    part("open").disabled = done === rows.length;
    if (focus) {
      part("answer").focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    remember();
  }

  function textBlock(text) {
    const block = document.createElement("div");
    block.className = "text";
    block.dir = "auto";
    block.textContent = visible(text);
    return block;
  }

  function move(to) {
    if (to < 0 || to >= rows.length) return;
    state.at = to;
    show(true);
  }

  function nextOpen() {
    const after = rows.findIndex((row, at) => at > state.at && !isLabelled(row));
    const any = after < 0 ? rows.findIndex((row) => !isLabelled(row)) : after;
    if (any >= 0) move(any);
  }

  function label(value) {
    const row = rows[state.at];
    if (row === undefined) return;
    state.labels[row.review_id] = value;
    const done = rows.filter(isLabelled).length;
    say(`Answer ${state.at + 1}: ${words[value]}.${done === rows.length ? " All are labelled: save the labels." : ""}`);
    if (state.at < rows.length - 1) move(state.at + 1);
    else show(false);
  }

  const field = (text) => `"${String(text).replaceAll('"', '""')}"`;
  const lines = () =>
    rows.filter(isLabelled).map(({ review_id }) => {
      const value = state.labels[review_id];
      return { review_id, value: value === "u" ? null : Number(value), label: words[value] };
    });

  function save(kind) {
    const labels = lines();
    if (labels.length === 0) return say("Nothing is labelled yet.");
    if (state.rater.trim() === "") {
      part("rater").focus();
      return say("Enter your name or initials first: labels of two reviewers must not mix.");
    }
    const rater_id = state.rater.trim();
    const text =
      kind === "json"
        ? `${JSON.stringify({ fieldnotes: "labels", sheet, score, rater_id, labels }, null, 1)}\n`
        : ["review_id,score,value,label,rater_id"]
            .concat(labels.map((one) => [one.review_id, field(score), one.value ?? "u", one.label, field(rater_id)].join(",")))
            .map((line) => `${line}\r\n`)
            .join("");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: kind === "json" ? "application/json" : "text/csv" }));
    link.download = `labels-${rater_id.replace(/[^\w-]+/g, "_").slice(0, 40)}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    say(`${labels.length} ${labels.length === 1 ? "label" : "labels"} saved as ${link.download}.`);
  }

  // On paper all answers stand one below the other, with boxes to tick.
  function printed() {
    part("print").replaceChildren(
      ...rows.map((row, at) => {
        const one = document.createElement("article");
        const title = document.createElement("h2");
        title.textContent = `${at + 1}. ${row.review_id}`;
        const boxes = document.createElement("p");
        boxes.textContent = ["1", "0", "u"]
          .map((value) => `${state.labels[row.review_id] === value ? "\u2612" : "\u2610"} ${words[value]}`)
          .join("    ");
        const head = (text) => {
          const h = document.createElement("h3");
          h.textContent = text;
          return h;
        };
        one.append(title, head("Prompt"), textBlock(row.prompt));
        if (row.expected !== "") one.append(head("Expected"), textBlock(row.expected));
        if (row.sources.length > 0) one.append(head("Sources"), ...row.sources.map(textBlock));
        one.append(head("Answer"), textBlock(row.answer), boxes);
        return one;
      }),
    );
  }

  part("question").textContent = visible(question);
  part("rater").value = state.rater;
  part("keys").checked = state.keys;
  part("rater").addEventListener("input", ({ target }) => {
    state.rater = target.value;
    remember();
  });
  part("keys").addEventListener("change", ({ target }) => {
    state.keys = target.checked;
    remember();
  });
  for (const button of document.querySelectorAll("[data-value]"))
    button.addEventListener("click", () => label(button.dataset.value));
  part("previous").addEventListener("click", () => move(state.at - 1));
  part("next").addEventListener("click", () => move(state.at + 1));
  part("open").addEventListener("click", nextOpen);
  part("json").addEventListener("click", () => save("json"));
  part("csv").addEventListener("click", () => save("csv"));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !state.keys) return;
    if (event.target instanceof HTMLInputElement && event.target.type !== "checkbox") return;
    const act = {
      1: () => label("1"),
      0: () => label("0"),
      u: () => label("u"),
      ArrowLeft: () => move(state.at - 1),
      ArrowRight: () => move(state.at + 1),
      n: nextOpen,
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  addEventListener("beforeprint", printed);
  state.at = Math.min(Math.max(0, Number(state.at) || 0), Math.max(0, rows.length - 1));
  show(false);
})();
