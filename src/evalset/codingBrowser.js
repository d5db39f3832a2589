// Shows notes as cards, which a person puts in causes; saves these with what is in them as a file. After reviewParts.js.
(() => {
  const { page, cards, causes, others, noCause } = JSON.parse(document.getElementById("sheet").textContent);
  const most = { causes: 60, examples: 2, undone: 50 };
  const idOf = (place) => (place === null ? "" : place < 0 ? `fixed${-1 - place}` : `c${place}`);
  const byName = new Map([...causes.map(({ name }, at) => [name, `c${at}`]), ...noCause.map((name, at) => [name, `fixed${at}`])]);
  const fresh = {
    // Each cause by an id of its own, since its name may change.
    causes: causes.map(({ parent, examples = [], ...one }, at) => ({
      ...one,
      id: `c${at}`,
      examples,
      parent: parent === undefined ? "" : byName.get(parent),
    })),
    next: causes.length,
    // By card: where it is, the definition that it was read under, and whether it was read here.
    cards: cards.map((one) => ({ in: idOf(one.in), under: one.under, read: false })),
    others: others.map(({ cause }) => byName.get(cause)),
    keys: true,
  };
  const { state, remember, saved } = keptState(`fieldnotes-coding-${page}`, fresh, {
    worth: () => undone.length > 0,
    lost: "This browser keeps nothing: save before you close the page",
  });
  const begun = JSON.stringify(heldOf(fresh));
  const undone = [];
  const picked = new Set();
  let dragged = [];

  function heldOf({ causes, next, cards, others }) {
    return { causes, next, cards, others };
  }
  const words = (text) => text.trim().replace(/\s+/g, " ");
  const causeOf = (id) => state.causes.find((one) => one.id === id);
  const nameOf = (id) => (id === "" ? "no cause" : (causeOf(id)?.name ?? noCause[Number(id.slice(5))]));
  const within = (id) => state.cards.flatMap((one, at) => (one.in === id ? [at] : []));
  const hasOthers = (id) => state.others.includes(id);

  // Why a card is to be read again; undefined if it need not be.
  function again(at) {
    const { in: id, under, read } = state.cards[at];
    const { again: why, was, rater } = cards[at];
    if (why === "said" && !read) return `${rater} said something else before, when this was put in \u201c${was}\u201d`;
    const cause = causeOf(id);
    if (cause === undefined || under === "" || words(under) === words(cause.definition)) return undefined;
    return `The definition was \u201c${under}\u201d`;
  }

  // Causes in the order in which they are shown, each followed by its parts, with how deep each is.
  function ordered(parent = "", depth = 0) {
    return state.causes
      .filter((one) => one.parent === parent)
      .flatMap((one) => [{ cause: one, depth }, ...ordered(one.id, depth + 1)]);
  }
  const isPartOf = (id, whole) => id !== "" && (id === whole || isPartOf(causeOf(id)?.parent ?? "", whole));

  const held = () => JSON.stringify(heldOf(state));
  function before(then = held()) {
    if (undone.at(-1) !== then) undone.push(then);
    if (undone.length > most.undone) undone.shift();
  }
  function undo() {
    const last = undone.pop();
    if (last === undefined) return say("There is nothing to undo.");
    Object.assign(state, JSON.parse(last));
    show();
    say("Undone.");
  }

  // The selected cards, or the one that has the focus, or had it before the list of causes was gone to.
  let last;
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest(".bar, #add") === null) last = target.closest(".card")?.at;
  });
  const current = () => {
    const { activeElement } = document;
    return activeElement.closest(".bar, #add") === null ? activeElement.closest(".card")?.at : last;
  };
  const chosen = () => (picked.size > 0 ? [...picked] : [current()].filter((at) => at !== undefined));

  function put(ats, id) {
    if (ats.length === 0) return say("Select notes first, or go to one.");
    const left = neighbour(ats);
    before();
    for (const at of ats) state.cards[at] = { in: id, under: causeOf(id)?.definition ?? "", read: true };
    picked.clear();
    show();
    if (left !== undefined) focusOn(left);
    say(`${plural(ats.length, "note")}: ${nameOf(id)}.`);
  }
  // Where the focus goes when cards leave their place: to the next card there.
  function neighbour(ats) {
    const at = current();
    if (at === undefined) return undefined;
    const own = within(state.cards[at].in);
    const from = own.indexOf(at);
    const stays = (one) => !ats.includes(one);
    return own.slice(from).find(stays) ?? own.slice(0, from).findLast(stays);
  }
  const focusOn = (at) => elements.get(at).querySelector("input").focus();

  function named(wish) {
    const taken = new Set([...state.causes.map(({ name }) => name), ...noCause]);
    for (let n = 1; ; n++) if (!taken.has(n === 1 ? wish : `${wish} ${n}`)) return n === 1 ? wish : `${wish} ${n}`;
  }
  function create(ats, { name = "New cause", parent = "" } = {}) {
    if (state.causes.length >= most.causes) return say(`${most.causes} causes are the most: merge some.`);
    before();
    const id = `c${state.next++}`;
    state.causes.push({ id, name: named(name), definition: "", examples: [], parent });
    for (const at of ats) state.cards[at] = { in: id, under: "", read: true };
    picked.clear();
    show();
    const field = sections.get(id).querySelector(".name");
    field.focus();
    field.select();
    say(`New cause with ${plural(ats.length, "note")}: name it.`);
  }
  function split(id) {
    const ats = [...picked].filter((at) => state.cards[at].in === id);
    const all = within(id).length;
    if (ats.length === 0 || ats.length === all) return say("Select some of its notes, not all: they become a cause of their own.");
    create(ats, { name: causeOf(id).name, parent: causeOf(id).parent });
  }
  function merge(id, into) {
    const [from, to] = [causeOf(id), causeOf(into)];
    if (to === undefined) return say("Choose the cause to merge it into.");
    before();
    if (isPartOf(into, id)) to.parent = from.parent;
    for (const at of within(id)) state.cards[at] = { in: into, under: to.definition, read: true };
    to.examples = [...new Set([...to.examples, ...from.examples])].slice(0, most.examples);
    leave(from, into);
    show();
    sections.get(into).querySelector(".name").focus();
    say(`${from.name} is merged into ${to.name}.`);
  }
  function remove(id) {
    const from = causeOf(id);
    if (within(id).length > 0) return say(`${from.name} has notes: merge it, or take them out first.`);
    if (hasOthers(id)) return say(`${from.name} has notes of other sheets: merge it into another cause.`);
    before();
    leave(from, from.parent);
    show();
    part("add").focus();
    say(`${from.name} is removed.`);
  }
  // Takes a cause away; what it had goes to another.
  function leave({ id, parent }, into) {
    state.causes = state.causes.filter((one) => one.id !== id);
    for (const one of state.causes) if (one.parent === id) one.parent = one.id === into ? parent : into;
    state.others = state.others.map((one) => (one === id ? into : one));
  }
  function fits(ats) {
    const open = ats.filter((at) => again(at) !== undefined);
    if (open.length === 0) return say("Nothing here is to be read again.");
    before();
    for (const at of open) state.cards[at] = { ...state.cards[at], under: causeOf(state.cards[at].in)?.definition ?? "", read: true };
    show();
    say(`${plural(open.length, "note")} read again.`);
  }
  function example(at) {
    const cause = causeOf(state.cards[at]?.in ?? "");
    const { note } = cards[at] ?? {};
    if (cause === undefined || note.trim() === "") return say("A note in a cause can be its example.");
    const is = cause.examples.includes(note);
    if (!is && cause.examples.length >= most.examples) return say(`${cause.name} has two examples: take one back first.`);
    before();
    cause.examples = is ? cause.examples.filter((one) => one !== note) : [...cause.examples, note];
    show();
    say(is ? "No example any more." : `An example of ${cause.name}.`);
  }

  function pick(at, is = !picked.has(at)) {
    if (is) picked.add(at);
    else picked.delete(at);
    show();
  }
  const alike = (at) => cards[at].similar.map((one) => one.at).filter((one) => state.cards[one].in === state.cards[at].in);
  function pickAlike(at) {
    const found = alike(at);
    for (const one of [at, ...found]) picked.add(one);
    show();
    say(found.length === 0 ? "No similar note is here." : `Selected with ${plural(found.length, "similar note")}.`);
  }
  // The cause of the most similar note that has one.
  function suggested(at) {
    if (state.cards[at].in !== "") return undefined;
    return cards[at].similar.map((one) => state.cards[one.at].in).find((id) => causeOf(id) !== undefined);
  }

  function button(text, act, className = "") {
    const one = made("button", className, text);
    one.type = "button";
    one.addEventListener("click", act);
    return one;
  }

  // Elements are made once and changed where they are, so that what has the focus keeps it.
  const elements = new Map(cards.map((card, at) => [at, cardElement(card, at)]));
  const sections = new Map();

  function cardElement({ task, rater, note, step, sheet }, at) {
    const one = made("li", "card");
    one.at = at;
    one.draggable = true;
    const label = made("label", "");
    const mark = made("input", "");
    mark.type = "checkbox";
    mark.addEventListener("change", () => pick(at, mark.checked));
    const text = made("span", "note", note || "(no note)");
    text.dir = "auto";
    label.append(mark, text);
    const several = new Set(cards.map((card) => card.sheet)).size > 1;
    const of = [rater, `task ${task}${several ? ` of sheet ${sheet.slice(0, 6)}` : ""}`, step === "" ? "" : `first wrong: ${step}`];
    const facts = made("p", "facts", of.filter(Boolean).join(" \u00b7 "));
    facts.dir = "auto";
    const why = made("p", "again");
    why.dir = "auto";
    const acts = made("div", "acts");
    acts.append(
      button("", () => pickAlike(at), "alike"),
      button("", () => put([at], suggested(at)), "suggested"),
      button("Example", () => example(at), "example"),
      button("Still fits", () => fits([at]), "fits"),
    );
    const under = made("div", "under");
    under.append(facts, acts);
    one.append(label, under, why);
    one.addEventListener("dragstart", (event) => {
      dragged = picked.has(at) ? [...picked] : [at];
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "note");
    });
    return one;
  }
  function showCard(at) {
    const one = elements.get(at);
    const find = (name) => one.querySelector(name);
    const id = state.cards[at].in;
    const is = picked.has(at);
    one.classList.toggle("picked", is);
    find("input").checked = is;
    const why = again(at);
    find(".again").hidden = find(".fits").hidden = why === undefined;
    find(".again").textContent = why === undefined ? "" : visible(`Read again. ${why}.`);
    const found = alike(at).length;
    find(".alike").hidden = found === 0;
    find(".alike").textContent = `${found} similar`;
    const into = suggested(at);
    find(".suggested").hidden = into === undefined;
    find(".suggested").textContent = into === undefined ? "" : visible(`${nameOf(into)}?`);
    find(".example").hidden = causeOf(id) === undefined || cards[at].note.trim() === "";
    find(".example").setAttribute("aria-pressed", String(causeOf(id)?.examples.includes(cards[at].note) ?? false));
  }

  // A field that changes as it is typed in; one step of undoing from when it was entered until it is left.
  function field(one, change) {
    let then = "";
    one.addEventListener("focus", () => {
      then = held();
    });
    one.addEventListener("input", () => change(one.value, false));
    one.addEventListener("change", () => {
      change(one.value, true);
      if (then !== held()) before(then);
      show();
    });
    return one;
  }
  function labelled(text, one) {
    const label = made("label", "", text);
    label.append(one);
    return label;
  }

  function sectionElement(id) {
    const one = made("section", "cause drop");
    one.dataset.group = id;
    const head = made("div", "head");
    head.append(made("kbd", "number"));
    const more = made("div", "more");
    const cardsOf = made("ul", "cards");
    if (causeOf(id) === undefined) {
      one.append(head);
      head.append(made("h3", "fixed", nameOf(id)), made("span", "count"));
      one.setAttribute("aria-label", nameOf(id));
      one.append(cardsOf);
      return one;
    }
    const name = made("input", "name");
    name.maxLength = 80;
    name.autocomplete = "off";
    name.dir = "auto";
    name.setAttribute("aria-label", "Name of the cause");
    name.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      one.querySelector(".definition").focus();
    });
    field(name, (text, isLeft) => {
      const wish = text.trim();
      const taken = [...state.causes.filter((other) => other.id !== id).map((other) => other.name), ...noCause];
      const isGood = wish !== "" && !taken.includes(wish);
      name.setAttribute("aria-invalid", String(!isGood && !isLeft));
      if (!isLeft) return;
      if (isGood) causeOf(id).name = wish;
      else say(wish === "" ? "A cause needs a name." : `There is a ${wish} already: merge into it.`);
      name.value = causeOf(id).name;
    });
    head.append(name, made("span", "count"));
    const definition = made("textarea", "definition");
    definition.rows = 2;
    definition.dir = "auto";
    definition.maxLength = 2000;
    definition.placeholder = "When a task has this cause, and when not";
    definition.setAttribute("aria-label", "Definition");
    field(definition, (text, isLeft) => {
      causeOf(id).definition = text.trim();
      // What was put here before there was a definition is read under the first one.
      if (isLeft) for (const at of within(id)) if (state.cards[at].under === "") state.cards[at].under = text.trim();
      remember();
    });
    const whole = made("select", "whole");
    whole.addEventListener("change", () => {
      before();
      causeOf(id).parent = whole.value;
      show();
      whole.focus();
    });
    const into = made("select", "into");
    const fold = made("details", "");
    more.append(
      labelled("Part of ", whole),
      labelled("Merge into ", into),
      button("Merge", () => merge(id, into.value)),
      button("Split off the selected", () => split(id), "split"),
      button("Remove", () => remove(id), "remove"),
    );
    fold.append(made("summary", "", "Change"), more);
    const open = made("p", "again");
    open.append(made("span", ""), " ", button("All still fit", () => fits(within(id))));
    one.append(head, definition, made("ul", "examples"), fold, open, cardsOf);
    return one;
  }
  function showSection(id, number) {
    const one = sections.get(id);
    const find = (name) => one.querySelector(name);
    const ats = within(id);
    find(".number").textContent = number;
    find(".number").hidden = number === "";
    find(".count").textContent = plural(ats.length, "note");
    arrange(find(".cards"), ats.map((at) => elements.get(at)));
    const cause = causeOf(id);
    if (cause === undefined) return;
    one.setAttribute("aria-label", visible(cause.name));
    if (document.activeElement !== find(".name")) find(".name").value = cause.name;
    if (document.activeElement !== find(".definition")) find(".definition").value = cause.definition;
    const rest = state.causes.filter((other) => other.id !== id);
    options(find(".whole"), [["", "none"], ...rest.filter((other) => !isPartOf(other.id, id)).map((other) => [other.id, other.name])], cause.parent);
    options(find(".into"), [["", "\u2013"], ...rest.map((other) => [other.id, other.name])], find(".into").value);
    find(".split").disabled = !ats.some((at) => picked.has(at));
    find(".remove").disabled = ats.length > 0;
    const open = ats.filter((at) => again(at) !== undefined).length;
    one.querySelector(":scope > .again").hidden = open === 0;
    one.querySelector(":scope > .again span").textContent = `${plural(open, "note")} to read again: the definition changed.`;
    const notes = new Set(ats.map((at) => cards[at].note));
    arrange(
      find(".examples"),
      cause.examples
        .filter((text) => !notes.has(text))
        .map((text) => {
          const item = made("li", "", `For example: ${text} `);
          item.append(
            button("Take out", () => {
              before();
              causeOf(id).examples = causeOf(id).examples.filter((other) => other !== text);
              show();
              find(".name").focus();
            }),
          );
          return item;
        }),
    );
  }
  function options(select, all, value) {
    const wanted = JSON.stringify(all);
    if (select.offered !== wanted)
      select.replaceChildren(
        ...all.map(([id, text]) => {
          const one = made("option", "", text);
          one.value = id;
          return one;
        }),
      );
    select.offered = wanted;
    select.value = all.some(([id]) => id === value) ? value : all[0][0];
  }

  // Puts elements in a place in their order; what has the focus keeps it.
  function arrange(place, wanted) {
    const there = [...place.children];
    if (there.length === wanted.length && there.every((one, at) => one === wanted[at])) return;
    const focused = document.activeElement;
    const isIn = wanted.some((one) => one.contains(focused));
    place.replaceChildren(...wanted);
    if (isIn) focused.focus({ preventScroll: true });
  }

  const fixedIds = noCause.map((_, at) => `fixed${at}`);
  function show() {
    const all = ordered();
    for (const id of [...all.map(({ cause }) => cause.id), ...fixedIds]) if (!sections.has(id)) sections.set(id, sectionElement(id));
    for (const [at, { cause, depth }] of all.entries()) {
      sections.get(cause.id).style.setProperty("--depth", depth);
      showSection(cause.id, at < 9 ? String(at + 1) : "");
    }
    for (const [at, id] of fixedIds.entries()) showSection(id, at === 0 ? "0" : "u");
    arrange(part("causes"), all.map(({ cause }) => sections.get(cause.id)));
    arrange(part("fixed"), fixedIds.map((id) => sections.get(id)));
    const loose = within("");
    const list = part("loose");
    arrange(list.querySelector(".cards"), loose.map((at) => elements.get(at)));
    list.querySelector(".count").textContent = String(loose.length);
    list.querySelector(".none").hidden = loose.length > 0;
    document.body.classList.toggle("sorted", loose.length === 0);
    for (const at of elements.keys()) showCard(at);
    const to = [["new", "a new cause"], ...all.map(({ cause }) => [cause.id, cause.name]), ...fixedIds.map((id) => [id, nameOf(id)]), ["loose", "no cause"]];
    options(part("to"), to, part("to").value);
    progress(cards.length - loose.length, cards.length);
    const open = cards.filter((_, at) => again(at) !== undefined).length;
    part("count").textContent = `${cards.length - loose.length} of ${plural(cards.length, "note")} in a cause${open === 0 ? "" : `, ${open} to read again`}`;
    part("picked").textContent = picked.size === 0 ? "No note selected" : `${plural(picked.size, "note")} selected`;
    part("undo").disabled = undone.length === 0;
    remember();
  }

  function file() {
    const coded = new Map();
    for (const [at, { in: id, under }] of state.cards.entries()) {
      if (id === "") continue;
      const { sheet, rater, id: task, said } = cards[at];
      const is = { cause: nameOf(id), definition: under, sheet, rater_id: rater };
      const key = JSON.stringify(is);
      coded.set(key, { ...is, notes: { ...coded.get(key)?.notes, [task]: said } });
    }
    const all = [...coded.values(), ...others.map((one, at) => ({ ...one, cause: nameOf(state.others[at]) }))];
    return {
      causes: ordered().map(({ cause: { name, definition, examples, parent, rule } }) => ({
        ...{ name, definition },
        ...(examples.length === 0 ? {} : { examples }),
        ...(parent === "" ? {} : { parent: nameOf(parent) }),
        ...(rule === undefined ? {} : { rule }),
      })),
      coded: all,
    };
  }
  function save() {
    if (state.causes.length === 0) return say("There is no cause yet.");
    const name = saved(`${JSON.stringify(file(), null, 1)}\n`, "application/json", "causes", "coded");
    const bare = state.causes.filter(({ definition }) => definition === "").map((one) => one.name);
    const left = within("").length;
    say(
      `Saved as ${name}: ${plural(state.causes.length, "cause")}, ${plural(cards.length - left, "note")}.${left === 0 ? "" : ` ${left} without a cause.`}${bare.length === 0 ? "" : ` Without a definition: ${bare.join(", ")}.`}`,
    );
  }

  const go = (id) => (id === "new" ? create(chosen()) : put(chosen(), id === "loose" ? "" : id));
  for (const kind of ["dragover", "drop"])
    document.addEventListener(kind, (event) => {
      const place = event.target.closest?.(".drop");
      for (const one of document.querySelectorAll(".over")) if (one !== place || kind === "drop") one.classList.remove("over");
      if (place === null || place === undefined || dragged.length === 0) return;
      event.preventDefault();
      if (kind === "dragover") return place.classList.add("over");
      const [ats, id] = [dragged, place.dataset.group];
      dragged = [];
      if (id === "new") create(ats);
      else if (ats.some((at) => state.cards[at].in !== id)) put(ats, id);
    });
  document.addEventListener("dragend", () => {
    dragged = [];
    for (const one of document.querySelectorAll(".over")) one.classList.remove("over");
  });
  // The card after or before the one that has the focus, wherever it is on the page.
  function step(by) {
    const all = [...document.querySelectorAll(".card")];
    const at = all.indexOf(document.activeElement.closest(".card"));
    const next = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[at + by];
    next?.querySelector("input").focus();
  }
  const onCard = (act) => () => (current() === undefined ? say("Go to a card first: j.") : act(current()));
  function numbered(number) {
    const found = ordered()[number - 1];
    if (found === undefined) say(`There is no cause ${number}.`);
    else go(found.cause.id);
  }
  part("to").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    go(part("to").value);
  });
  acting({
    state,
    remember,
    acts: { add: () => create(chosen()), put: () => go(part("to").value), undo, save },
    byKey: {
      ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [at + 1, () => numbered(at + 1)])),
      j: () => step(1),
      k: () => step(-1),
      x: onCard((at) => pick(at)),
      a: onCard(pickAlike),
      e: onCard(example),
      y: () => fits(chosen()),
      l: () => go("loose"),
      0: () => go("fixed0"),
      u: () => go("fixed1"),
      c: () => go("new"),
      m: () => part("to").focus(),
      z: undo,
      s: save,
    },
  });
  show();
  const done = cards.length - within("").length;
  if (held() !== begun) say(`Going on where you stopped: ${done} of ${cards.length} are in a cause.`);
})();
