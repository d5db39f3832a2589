// Elements of the page. Texts from logs become text nodes, never markup.
window.look = (() => {
  // What cannot be seen is shown, so that a name cannot pass for another one.
  const visible = (text) =>
    String(text).replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g,
      "\ufffd",
    );

  function fill(one, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined || value === false) continue;
      if (name.startsWith("on")) one.addEventListener(name.slice(2), value);
      else one.setAttribute(name, value === true ? "" : visible(value));
    }
    for (const child of children.flat(Number.POSITIVE_INFINITY)) one.append(child instanceof Node ? child : visible(child));
    return one;
  }
  const made = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
  const drawn = (tag, attributes = {}, ...children) =>
    fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

  const grouped = (count) => Number(count).toLocaleString("en-US");
  const counted = (count, one) => `${grouped(count)} ${one}${count === 1 ? "" : "s"}`;
  const nameOf = (value) => (value === null || value === undefined ? "not given" : String(value));
  const shareOf = (part, whole) => (whole > 0 ? `${Number(((100 * part) / whole).toPrecision(2))}\u00a0%` : "");
  const isEstimate = (value) => typeof value === "object" && value !== null && "text" in value;

  function cellText(value) {
    if (value === null || value === undefined) return "–";
    if (typeof value === "object") return value.text ?? JSON.stringify(value);
    return typeof value === "number" ? grouped(Number(value.toPrecision(6))) : String(value);
  }

  // A table that a keyboard can scroll. `columns`: a name, or a name with what its cells show.
  function table(name, columns, rows) {
    const all = columns.map((column) => (typeof column === "string" ? { name: column } : column));
    const numeric = all.map(({ name: own }) => rows.some((row) => typeof row[own] === "number" || isEstimate(row[own])));
    const head = all.map(({ name: own, label = own }, at) => made("th", { scope: "col", class: numeric[at] && "number" }, label));
    const body = rows.map((row) =>
      made(
        "tr",
        {},
        all.map(({ name: own, show, label = own }, at) =>
          made(at === 0 ? "th" : "td", { scope: at === 0 && "row", class: numeric[at] ? "number" : cellText(row[own]).length <= 32 && "whole", "data-label": label, title: row[own]?.note }, show?.(row) ?? cellText(row[own])),
        ),
      ),
    );
    return made(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": `${name}: table` },
      made("table", {}, made("thead", {}, made("tr", {}, head)), made("tbody", {}, body)),
    );
  }

  // Notes name options of commands; here the same is chosen on the page.
  const here = (text) => text.replace(/\(--by ([\w.]+) shows (?:it|them)\)/g, "(shown side by side by $1)");
  const notes = (texts = []) => (texts.length === 0 ? [] : [made("ul", { class: "notes" }, texts.map((text) => made("li", {}, here(text))))]);

  // `key` finds the button again after its view is drawn anew.
  const button = (key, text, act, more = {}) => made("button", { type: "button", "data-key": key, onclick: act, ...more }, text);

  return { visible, made, drawn, grouped, counted, nameOf, shareOf, isEstimate, cellText, table, here, notes, button };
})();
