// What all pages for reviewers are made of.

const part = (id) => document.getElementById(id);

// An element with a text that is shown as text, whatever it holds.
function made(name, className, text) {
  const one = document.createElement(name);
  if (className !== "") one.className = className;
  if (text !== undefined) one.textContent = visible(text);
  return one;
}

const say = (text) => {
  part("said").textContent = visible(text);
};
const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function progress(done, all) {
  part("bar").max = Math.max(1, all);
  part("bar").value = done;
}

// Keeps who reads, where the page asks, and whether single keys act; `acts` by the buttons' ids and `byKey` by keys say
// what happens. No key acts in a field, which Escape leaves.
function acting({ state, remember, acts, byKey }) {
  for (const [id, holds] of [["rater", "value"], ["keys", "checked"]]) {
    const field = part(id);
    if (field === null) continue;
    field[holds] = state[id];
    field.addEventListener("input", () => {
      state[id] = field[holds];
      remember();
    });
  }
  for (const [id, act] of Object.entries(acts)) part(id).addEventListener("click", act);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !state.keys) return;
    const { target } = event;
    if (target instanceof Element && target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])")) {
      if (event.key === "Escape") target.blur();
      return;
    }
    // Arrows move between radio buttons where one of these has the focus.
    if (target.type === "radio" && event.key.startsWith("Arrow")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!Object.hasOwn(byKey, key)) return;
    event.preventDefault();
    byKey[key]();
  });
}

// Goes through all that is read one by one; `done` says what one is then.
function stepping({ state, all, isDone, done, show }) {
  const move = (to) => {
    if (to < 0 || to >= all.length) return;
    state.at = to;
    show(true);
  };
  return {
    move,
    previous: () => move(state.at - 1),
    next: () => move(state.at + 1),
    open() {
      const after = all.findIndex((one, at) => at > state.at && !isDone(one));
      move(after < 0 ? all.findIndex((one) => !isDone(one)) : after);
    },
    begin() {
      state.at = Math.min(Math.max(0, Number(state.at) || 0), Math.max(0, all.length - 1));
      const kept = all.filter(isDone).length;
      if (kept > 0) say(`Going on where you stopped: ${kept} of ${all.length} are ${done}.`);
      show(false);
    },
    // To call when one is shown in an element; `focus` says whether to go there.
    shown(id, focus) {
      part("previous").disabled = state.at === 0;
      part("next").disabled = state.at === all.length - 1;
      if (!focus) return;
      part(id).focus({ preventScroll: true });
      scrollTo(0, 0);
    },
  };
}

// Who reads, asked for where it is not known, with the reason; undefined then.
function readerOf(state, why) {
  const reader = state.rater.trim();
  if (reader !== "") return reader;
  part("rater").focus();
  say(`Enter your name or initials first: ${why}`);
  return undefined;
}
