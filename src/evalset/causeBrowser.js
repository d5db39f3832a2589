// Shows one task at a time, step by step, and takes what went wrong in it; saves it all as a file. After reviewParts.js.
(() => {
  const { draw, causes, tasks, nothingWrong, cannotTell } = JSON.parse(document.getElementById("sheet").textContent);
  const key = `fieldnotes-causes-${draw.sheet}`;
  const fresh = { found: {}, added: [], at: 0, rater: "", keys: true };
  const { state, remember, saved } = keptState(key, fresh, {
    worth: ({ found }) => Object.keys(found).length > 0,
    lost: "This browser keeps nothing: save before you close the page",
  });

  const names = () => [...causes.map(({ name }) => name), ...state.added];
  const own = () => state.found[tasks[state.at]?.id] ?? { cause: null, step: null, note: "" };
  // A note is enough: its cause can be named when all notes are read.
  const isRead = ({ id }) => (state.found[id]?.cause ?? null) !== null || (state.found[id]?.note ?? "").trim() !== "";
  function change(changes) {
    const task = tasks[state.at];
    if (task === undefined) return;
    state.found[task.id] = { ...own(), ...changes };
    remember();
    count();
  }
  function count() {
    const done = tasks.filter(isRead).length;
    progress(done, tasks.length);
    part("count").textContent = `${done} of ${tasks.length} read`;
    part("open").disabled = done === tasks.length;
  }

  function stepItem({ title, facts, depth, failed, texts }, at) {
    const item = made("li", failed ? "failed" : "");
    item.style.setProperty("--depth", depth);
    const label = made("label", "");
    const mark = made("input", "");
    mark.type = "radio";
    mark.name = "step";
    mark.value = String(at);
    mark.addEventListener("change", () => markStep(at));
    label.append(mark, " ", made("span", "title", title));
    item.append(label, made("div", "facts", facts));
    for (const { name, text } of texts) {
      const block = made("div", "text", indentedJson(text) ?? text);
      block.dir = "auto";
      block.tabIndex = 0;
      block.setAttribute("role", "region");
      block.setAttribute("aria-label", `${name} of step ${at + 1}`);
      const details = made("details", "");
      details.append(made("summary", "", name), block);
      details.open = texts.length > 0 && tasks[state.at].steps.length < 4;
      item.append(details);
    }
    return item;
  }

  function markStep(at) {
    change({ step: at });
    showMark();
  }
  function showMark() {
    const { step } = own();
    for (const [at, item] of [...part("steps").children].entries()) {
      item.classList.toggle("marked", at === step);
      item.querySelector("input").checked = at === step;
    }
  }

  function showCauses() {
    const { cause } = own();
    const button = (name, shortcut) => {
      const one = made("button", "", name);
      one.type = "button";
      one.setAttribute("aria-pressed", String(name === cause));
      if (shortcut !== "") {
        one.setAttribute("aria-keyshortcuts", shortcut);
        one.append(" ", made("kbd", "", shortcut));
      }
      one.addEventListener("click", () => choose(name));
      return one;
    };
    const all = names().map((name, at) => button(name, at < 9 ? String(at + 1) : ""));
    part("causes").replaceChildren(...all, button(nothingWrong, "0"), button(cannotTell, "u"));
    const { definition = "", examples = [] } = causes.find(({ name }) => name === cause) ?? {};
    const shown = examples.map((one) => `\u201c${one}\u201d`).join(" ");
    part("definition").textContent = visible(`${definition}${shown === "" ? "" : ` For example: ${shown}`}`.trim());
  }

  // The same cause again takes it back.
  function choose(name) {
    if (name === undefined) return;
    const at = [...part("causes").children].indexOf(document.activeElement);
    const cause = own().cause === name ? null : name;
    change({ cause });
    showCauses();
    part("causes").children[at]?.focus();
    const all = tasks.every(isRead) ? " All are read: save what you found." : "";
    say(`Task ${state.at + 1}: ${cause === null ? "no cause" : visible(cause)}.${all}`);
  }

  function add() {
    const name = part("new").value.trim();
    if (name === "") return;
    if (![...names(), nothingWrong, cannotTell].includes(name)) state.added.push(name);
    part("new").value = "";
    if (own().cause === name) showCauses();
    else choose(name);
  }

  function show(focus) {
    const task = tasks[state.at];
    count();
    part("place").textContent = `Task ${state.at + 1} of ${tasks.length}`;
    part("summary").textContent = visible(task.summary);
    part("steps").replaceChildren(...task.steps.map(stepItem));
    part("note").value = own().note;
    showMark();
    showCauses();
    steps.shown("task", focus);
    remember();
  }
  const steps = stepping({ state, all: tasks, isDone: isRead, done: "read", show });
  function moveMark(by) {
    const steps = tasks[state.at].steps.length;
    const from = own().step ?? (by > 0 ? -1 : steps);
    if (from + by >= 0 && from + by < steps) markStep(from + by);
  }

  function save() {
    const labels = tasks.filter(isRead).map(({ id, steps }) => {
      const { cause, step, note } = state.found[id];
      const { title, mark } = steps[step] ?? {};
      return { id, cause: cause ?? "", note: note.trim(), step: title ?? "", ...(title === undefined ? {} : { place: step + 1, mark }) };
    });
    if (labels.length === 0) return say("No task has a cause or a note yet.");
    const rater_id = readerOf(state, "what two readers say must not mix.");
    if (rater_id === undefined) return;
    const offered = causes.map(({ name, definition }) => ({ name, definition }));
    const text = `${JSON.stringify({ fieldnotes: "causes", draw, rater_id, causes: offered, labels }, null, 1)}\n`;
    const name = saved(text, "application/json", "causes", rater_id);
    say(`${plural(labels.length, "task")} saved as ${name}.`);
  }

  part("note").addEventListener("input", ({ target }) => change({ note: target.value }));
  part("new").addEventListener("keydown", (event) => {
    if (event.key === "Enter") add();
  });
  const { previous, next, open } = steps;
  const numbered = Array.from({ length: 9 }, (_, at) => [at + 1, () => choose(names()[at])]);
  acting({
    state,
    remember,
    acts: { previous, next, open, save, add },
    byKey: {
      ...Object.fromEntries(numbered),
      0: () => choose(nothingWrong),
      u: () => choose(cannotTell),
      j: () => moveMark(1),
      k: () => moveMark(-1),
      c: () => part("new").focus(),
      e: () => part("note").focus(),
      n: open,
      s: save,
      ArrowLeft: previous,
      ArrowRight: next,
    },
  });
  steps.begin();
})();
