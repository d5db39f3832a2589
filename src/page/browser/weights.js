// Weights by slider: who leads, and each model's chance of being the best, from the draws that are in the page.
(() => {
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const OPEN = 4095;

  // NaN is a value without an end on its bad side.
  const unpacked = (text) =>
    Float64Array.from({ length: text.length / 2 }, (_, i) => {
      const step = 64 * LETTERS.indexOf(text[2 * i]) + LETTERS.indexOf(text[2 * i + 1]);
      return step === OPEN ? Number.NaN : step / (OPEN - 1);
    });

  const unfolded = (candidate) => ({ ...candidate, drawn: candidate.draws.map(unpacked) });

  // The same numbers at each move, so that only the weights make a difference.
  function numbers() {
    let state = 1;
    const uniform = () => {
      state = (state + 0x6d2b79f5) | 0;
      let z = Math.imul(state ^ (state >>> 15), 1 | state);
      z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
      return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
    };
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    return { uniform, normal };
  }

  function inverseOf(matrix) {
    const size = matrix.length;
    const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
    let log = 0;
    for (let i = 0; i < size; i++) {
      const pivot = rows[i][i];
      log += Math.log(pivot);
      for (let k = 0; k < 2 * size; k++) rows[i][k] /= pivot;
      for (let j = 0; j < size; j++) {
        const factor = rows[j][i];
        if (j !== i) for (let k = 0; k < 2 * size; k++) rows[j][k] -= factor * rows[i][k];
      }
    }
    return { inverse: rows.map((row) => row.slice(size)), log };
  }

  // Of models that look alike the luckiest looks best, so draws are pulled together, as `choose` does it (Morris 1983).
  function pulled(draws, { points, largest }) {
    const size = draws.length;
    const count = draws[0].length;
    const means = draws.map((one) => one.reduce((sum, value) => sum + value, 0) / count);
    const covariance = draws.map((a, i) =>
      draws.map((b, j) => a.reduce((sum, one, at) => sum + (one - means[i]) * (b[at] - means[j]), 0) / count),
    );
    const noise = covariance.reduce((sum, row, i) => sum + row[i], 0) / size;
    if (size < 2 || !(noise > 0)) return draws;
    const levels = Array.from({ length: points }, (_, k) => {
      const u = (k + 0.5) / points;
      const spread = largest * u * u;
      const { inverse, log } = inverseOf(
        covariance.map((row, i) => row.map((one, j) => one + (i === j ? spread * spread + 1e-9 * noise : 0))),
      );
      const sums = inverse.map((row) => row.reduce((sum, one) => sum + one, 0));
      const all = sums.reduce((sum, one) => sum + one, 0);
      const weights = inverse.map((row, i) => row.map((one, j) => one - (sums[i] * sums[j]) / all));
      const kept = covariance.map((row, i) =>
        means.map((_, j) => row.reduce((sum, one, at) => sum - one * weights[at][j], i === j ? 1 : 0)),
      );
      const distance = means.reduce((sum, a, i) => sum + means.reduce((part, b, j) => part + a * weights[i][j] * b, 0), 0);
      return { spread, kept, log: Math.log(u) - Math.log(noise + spread * spread) - (log + Math.log(all) + distance) / 2 };
    });
    const most = Math.max(...levels.map(({ log }) => log));
    let total = 0;
    const ends = levels.map(({ log }) => (total += Math.exp(log - most)));
    const { uniform, normal } = numbers();
    const out = draws.map(() => new Float64Array(count));
    for (let draw = 0; draw < count; draw++) {
      const target = uniform() * total;
      const { spread, kept } = levels.at(ends.findIndex((end) => end >= target));
      const apart = draws.map((one) => one[draw] - spread * normal());
      for (let i = 0; i < size; i++)
        out[i][draw] = kept[i].reduce((sum, one, j) => sum + one * apart[j], draws[i][draw] - apart[i]);
    }
    return out;
  }

  // Each candidate's share of the draws in which it is the best of those whose floors hold.
  function chances(candidates, weights, grid) {
    const utilities = candidates.map(({ drawn, worth }) => {
      const count = drawn[0].length;
      const open = new Uint8Array(count);
      const bounded = new Float64Array(count);
      const utility = new Float64Array(count);
      for (const [k, weight] of weights.entries())
        for (let i = 0; i < count; i++) {
          const one = drawn[k][i];
          if (Number.isNaN(one) && weight > 0) open[i] = 1;
          bounded[i] += weight * (Number.isNaN(one) ? worth[k] : one);
          utility[i] += weight * (Number.isNaN(one) ? 0 : one);
        }
      return { utility, bounded, open };
    });
    const level = pulled(utilities.map(({ bounded }) => bounded), grid).map((own, i) =>
      own.map((one, at) => (utilities[i].open[at] ? utilities[i].utility[at] : one)),
    );
    const count = level[0].length;
    const wins = candidates.map(() => 0);
    for (let draw = 0; draw < count; draw++) {
      const holding = level.map((own, i) =>
        (candidates[i].holds[draw] ?? candidates[i].holds[0]) === "1" ? own[draw] : Number.NEGATIVE_INFINITY,
      );
      const most = Math.max(...holding);
      if (most === Number.NEGATIVE_INFINITY) continue;
      const tied = holding.flatMap((one, i) => (one >= most - 1e-12 ? [i] : []));
      for (const i of tied) wins[i] += 1 / tied.length / count;
    }
    return wins;
  }

  const percent = (share) =>
    share < 0.005 ? "under 1\u00a0%" : share > 0.995 ? "over 99\u00a0%" : `${Math.round(100 * share)}\u00a0%`;

  function made(tag, attributes = {}, ...children) {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    one.append(...children);
    return one;
  }

  /** The sliders of a choice, with who leads by them. */
  function sliders(given, id) {
    const candidates = given.candidates.map(unfolded);
    const name = (k) => `${id}-${k + 1}`;
    const inputs = given.criteria.map(({ weight }, k) =>
      made("input", { type: "range", id: name(k), min: 0, max: 100, step: 1, value: Math.round(100 * weight) }),
    );
    const outputs = given.criteria.map((_, k) => made("output", { for: name(k) }));
    const said = made("p", { class: "weighed", role: "status" });
    const list = made("ol", { class: "chances" });
    const left = given.left.length === 0 ? "" : `Not compared, since a number that the profile weighs is not known of them: ${given.left.join(", ")}. `;
    const note = `${left}The chances come from draws that are kept in this page, and take unknown outcomes and prices to be like the known ones. The verdict does not, and stays at the profile's weights.`;
    const back = made("button", { type: "button" }, "The profile's weights");
    const rows = given.criteria.flatMap(({ label }, k) => [made("label", { for: name(k) }, label), inputs[k], outputs[k]]);
    const form = made(
      "fieldset",
      { class: "weights" },
      made("legend", {}, given.name),
      made("div", { class: "sliders" }, ...rows),
      said,
      list,
      made("p", { class: "actions" }, back),
      made("p", { class: "note" }, note),
    );
    const own = given.criteria.map(({ weight }) => weight);

    function show() {
      const moved = inputs.some(({ value, defaultValue }) => value !== defaultValue);
      const sum = inputs.reduce((all, { value }) => all + Number(value), 0);
      const weights = moved ? inputs.map(({ value }) => (sum === 0 ? 0 : Number(value) / sum)) : own;
      for (const [k, output] of outputs.entries()) {
        output.textContent = `${Math.round(100 * weights[k])}\u00a0%`;
        inputs[k].setAttribute("aria-valuetext", output.textContent);
      }
      back.disabled = !moved;
      list.replaceChildren();
      if (sum === 0) {
        said.textContent = "Every weight is 0: nothing tells the models apart.";
        return;
      }
      const shares = moved ? chances(candidates, weights, given.grid) : candidates.map(({ p_best }) => p_best);
      const ranked = candidates
        .map(({ name, passes, worth }, i) => ({ name, passes, chance: shares[i], value: worth.reduce((all, one, k) => all + one * weights[k], 0) }))
        .sort((a, b) => Number(b.passes) - Number(a.passes) || b.chance - a.chance || b.value - a.value);
      const [first] = ranked;
      const ahead = `${first.name} is ahead, the best with a chance of ${percent(first.chance)}`;
      said.textContent = moved
        ? `Your weights, not the profile's: ${ahead}${given.candidates[0].name === first.name ? ", as at the profile's" : `; at the profile's it is ${given.candidates[0].name}`}.`
        : `The profile's weights: ${given.best === null ? `the choice is open; ${ahead}` : `${given.best} is chosen, the best with a chance of ${percent(first.chance)}`}.`;
      for (const { name, passes, chance } of ranked) {
        const item = document.createElement("li");
        const bar = document.createElement("progress");
        bar.value = chance;
        bar.max = 1;
        bar.ariaHidden = "true";
        item.append(`${name} ${passes ? percent(chance) : "(not shown to meet the floors)"} `, bar);
        if (chance >= 0.005 || item === list.firstChild) list.append(item);
      }
    }
    for (const input of inputs) input.addEventListener("input", show);
    back.addEventListener("click", () => {
      for (const input of inputs) input.value = input.defaultValue;
      inputs[0].focus();
      show();
    });
    show();
    return form;
  }

  for (const fold of document.querySelectorAll(".weighing")) {
    fold.hidden = false;
    fold.addEventListener("toggle", () => {
      for (const script of fold.querySelectorAll("script")) script.replaceWith(sliders(JSON.parse(script.textContent), script.id));
    });
  }
  window.weights = { sliders, chances: ({ candidates, grid }, weights) => chances(candidates.map(unfolded), weights, grid) };
})();
