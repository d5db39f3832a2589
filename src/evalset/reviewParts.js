// What all pages for reviewers are made of.

const part = (id) => document.getElementById(id);

// An element with a text that is shown as text, whatever it holds.
function made(name, className, text) {
  const one = document.createElement(name);
  if (className !== "") one.className = className;
  if (text !== undefined) one.textContent = visible(text);
  return one;
}

// Single keys act, but not in a field, which Escape leaves; `actOf` says what a key does, undefined if nothing.
function whenKey(isOn, actOf) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn()) return;
    const { target } = event;
    if (target instanceof Element && target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])")) {
      if (event.key === "Escape") target.blur();
      return;
    }
    const act = actOf(event.key.length === 1 ? event.key.toLowerCase() : event.key, target);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
