// Pictures of the answers: points with their intervals. Each is drawn as wide as its view, so that its text stays legible.
(() => {
  const { drawn, visible, nameOf, grouped } = window.look;

  // Groups are told apart by colour and shape, the same ones however the selection changes.
  const SHAPES = [
    "M4 0A4 4 0 1 1-4 0A4 4 0 1 1 4 0Z",
    "M-3.6-3.6H3.6V3.6H-3.6Z",
    "M0-5L5 0L0 5L-5 0Z",
    "M0-4.8L4.8 3.8H-4.8Z",
    "M0 4.8L4.8-3.8H-4.8Z",
    "M-1.6-4.6H1.6V-1.6H4.6V1.6H1.6V4.6H-1.6V1.6H-4.6V-1.6H-1.6Z",
    "M-4.8 0L-1.4-1.4L0-4.8L1.4-1.4L4.8 0L1.4 1.4L0 4.8L-1.4 1.4Z",
    "M-4-4L0-1.4L4-4L1.4 0L4 4L0 1.4L-4 4L-1.4 0Z",
  ];
  const places = new Map();
  const placeOf = (value) => {
    if (!places.has(value)) places.set(value, places.size % SHAPES.length);
    return places.get(value);
  };
  const mark = (value, x, y, more = {}, ...children) =>
    drawn("path", { class: `mark c${placeOf(value)}`, d: SHAPES[placeOf(value)], transform: `translate(${x} ${y})`, ...more }, ...children);
  const sign = (value) => drawn("svg", { class: "sign", viewBox: "-6 -6 12 12", width: 12, height: 12, "aria-hidden": "true" }, mark(value, 0, 0));

  const text = (x, y, words, anchor = "middle") => drawn("text", { x, y, "text-anchor": anchor }, words);
  const line = (x1, y1, x2, y2, name = "grid") => drawn("line", { x1, y1, x2, y2, class: name });
  const known = (one) => Number.isFinite(one?.value);

  function ticksOf(low, high, about) {
    const rough = (high - low) / about || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
  }
  const hour = 3600e3;
  const spans = [1 / 60, 5 / 60, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 168, 336, 672, 1344, 2688, 8760].map((one) => one * hour);
  // Full hours and days, no more than fit.
  function timesOf([from, to], most) {
    const span = spans.find((one) => (to - from) / one <= Math.max(2, most)) ?? spans.at(-1);
    const first = Math.ceil(from / span) * span;
    return Array.from({ length: Math.max(0, Math.floor((to - first) / span) + 1) }, (_, at) => first + at * span);
  }
  const isPercent = (unit) => unit === "1";
  const number = (value, unit) => (isPercent(unit) ? `${Number((100 * value).toPrecision(3))}\u00a0%` : String(Number(value.toPrecision(3))));

  /** From 0, unless all lie far from it, to the largest end that is not far beyond the values. */
  function scaleOf(estimates, least = 0) {
    const values = estimates.filter(known);
    const most = Math.max(...values.map(({ value }) => value), 0);
    const tops = values.map(({ value, high }) => Math.min(Number.isFinite(high) ? high : value, 1.6 * most));
    const bottoms = values.map(({ value, low }) => (Number.isFinite(low) ? low : value));
    const low = Math.min(least, ...bottoms);
    return [low, Math.max(...tops, low + 1e-9)];
  }

  /**
   * Calls in bins of time as bars, failed ones at their foot, and a metric of each group as points with intervals. `picked`
   * takes the row of a point, `kept` the ends of what is drawn over.
   */
  function course({ width, bins, points, ends, unit, by, name, label, says, picked, kept }) {
    const [left, right, top, bottom] = [46, width - 8, 10, 232];
    const foot = bottom + 44;
    const svg = drawn("svg", { viewBox: `0 0 ${width} ${foot + 18}`, height: foot + 18, class: "course", role: "img", "aria-label": `${label} over time; the table below says the same` });
    const x = (at) => left + ((right - left) * (at - ends[0])) / (ends[1] - ends[0] || 1);
    const [low, high] = scaleOf(points.map((row) => row[name]));
    const y = (value) => bottom - ((bottom - top) * (Math.max(low, Math.min(high, value)) - low)) / (high - low || 1);
    if (points.some((row) => known(row[name])))
      for (const tick of ticksOf(low, high, 4)) svg.append(line(left, y(tick), right, y(tick)), text(left - 6, y(tick) + 4, number(tick, unit), "end"));
    const most = Math.max(1, ...bins.map(({ calls }) => calls));
    for (const { from, to, calls, failed, time } of bins) {
      const wide = Math.max(1, x(to) - x(from) - 0.6);
      const height = (calls / most) * 36;
      const lost = (failed / most) * 36;
      svg.append(
        drawn("rect", { class: "calls", x: x(from), width: wide, y: foot - height, height }, drawn("title", {}, `${time}: ${grouped(calls)} calls${failed === null ? "" : `, ${grouped(failed)} failed`}`)),
        drawn("rect", { class: "failed", x: x(from), width: wide, y: foot - lost, height: lost }),
      );
    }
    for (const at of timesOf(ends, Math.floor((right - left) / 64))) {
      const place = x(at);
      svg.append(line(place, top, place, foot), text(place, foot + 14, says(at), place > right - 40 ? "end" : place < left + 30 ? "start" : "middle"));
    }
    const order = [...points].sort((a, b) => Number(typeof a[name]?.low === "number") - Number(typeof b[name]?.low === "number"));
    for (const row of order) {
      if (!known(row[name])) continue;
      const at = x(row.middle);
      const { value, low: least, high: largest } = row[name];
      // An end without a bound is drawn to the edge.
      const hasEnds = typeof least === "number" && typeof largest === "number";
      const group = by === undefined ? "" : row[by];
      if (hasEnds) svg.append(line(at, y(least), at, y(largest), `interval c${placeOf(group)}${Number.isFinite(largest) ? "" : " open"}`));
      const said = `${row.time}${by === undefined ? "" : `, ${nameOf(row[by])}`}: ${row[name].text}. Click for the calls.`;
      const one = mark(group, at, y(value), { class: `mark c${placeOf(group)}${hasEnds ? "" : " bare"}` }, drawn("title", {}, said));
      one.addEventListener("click", () => picked(row));
      svg.append(one);
    }

    // What is drawn over is kept.
    let from;
    const over = drawn("rect", { class: "over", y: top, height: foot - top, x: 0, width: 0 });
    svg.append(over);
    const at = (event) => {
      const box = svg.getBoundingClientRect();
      return Math.max(left, Math.min(right, ((event.clientX - box.left) * width) / box.width));
    };
    const draw = (event) => {
      const to = at(event);
      over.setAttribute("x", Math.min(from, to));
      over.setAttribute("width", Math.abs(to - from));
    };
    svg.addEventListener("pointerdown", (event) => {
      if (event.target.classList.contains("mark")) return;
      from = at(event);
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => from !== undefined && draw(event));
    svg.addEventListener("pointerup", (event) => {
      if (from === undefined) return;
      const [first, last] = [from, at(event)].sort((a, b) => a - b).map((one) => ends[0] + ((one - left) / (right - left)) * (ends[1] - ends[0]));
      from = undefined;
      over.setAttribute("width", 0);
      kept(first, last);
    });
    return svg;
  }

  /** One estimate on the scale of its column. */
  function interval(estimate, [low, high], group) {
    const width = 104;
    const x = (value) => 6 + ((width - 12) * (Math.max(low, Math.min(high, value)) - low)) / (high - low || 1);
    const svg = drawn("svg", { viewBox: `0 0 ${width} 14`, width, height: 14, class: "ends", "aria-hidden": "true" }, line(2, 13.5, width - 2, 13.5));
    if (!known(estimate)) return svg;
    if (typeof estimate.low === "number" && typeof estimate.high === "number") svg.append(line(x(estimate.low), 6, x(estimate.high), 6, `interval c${placeOf(group)}`));
    svg.append(mark(group, x(estimate.value), 6));
    return svg;
  }

  /** Groups by two numbers, each with both intervals. */
  function against({ width, rows, by, across, up, picked }) {
    const [left, right, top, bottom] = [52, width - 16, 22, 220];
    const shown = rows.filter((row) => known(row[across.name]) && known(row[up.name]));
    const svg = drawn("svg", { viewBox: `0 0 ${width} 262`, height: 262, role: "group", "aria-label": `${up.label} against ${across.label}` });
    const [low, high] = scaleOf(shown.map((row) => row[across.name]));
    const lows = shown.map((row) => row[up.name].low).filter(Number.isFinite);
    const [least, most] = scaleOf(shown.map((row) => row[up.name]), Math.min(...lows, 1));
    const x = (value) => left + ((right - left) * (Math.max(low, Math.min(high, value)) - low)) / (high - low || 1);
    const y = (value) => bottom - ((bottom - top) * (Math.max(least, Math.min(most, value)) - least)) / (most - least || 1);
    for (const tick of ticksOf(least, most, 4)) svg.append(line(left, y(tick), right, y(tick)), text(left - 6, y(tick) + 4, number(tick, up.unit), "end"));
    for (const tick of ticksOf(low, high, Math.max(2, Math.floor(width / 120)))) svg.append(line(x(tick), top, x(tick), bottom), text(x(tick), bottom + 16, number(tick, across.unit)));
    svg.append(text(right, bottom + 34, `${across.label}, ${isPercent(across.unit) ? "%" : across.unit} →`, "end"), text(4, 12, `↑ ${up.label}`, "start"));
    for (const row of shown) {
      const [cost, good] = [row[across.name], row[up.name]];
      const place = `interval c${placeOf(row[by])}`;
      const group = drawn("g", { class: "group", role: "button", tabindex: 0, "data-key": `against ${row[by]}`, "aria-label": `keep ${nameOf(row[by])}: ${up.label} ${good.text}, ${across.label} ${cost.text}` });
      if (typeof cost.low === "number" && typeof cost.high === "number") group.append(line(x(cost.low), y(good.value), x(cost.high), y(good.value), place));
      if (typeof good.low === "number" && typeof good.high === "number") group.append(line(x(cost.value), y(good.low), x(cost.value), y(good.high), place));
      const isRight = x(cost.value) > (left + right) / 2;
      group.append(mark(row[by], x(cost.value), y(good.value)), text(x(cost.value) + (isRight ? -9 : 9), y(good.value) - 7, visible(nameOf(row[by])), isRight ? "end" : "start"));
      group.addEventListener("click", () => picked(row));
      group.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        picked(row);
      });
      svg.append(group);
    }
    return svg;
  }

  Object.assign(window.look, { pictures: { course, interval, against, scaleOf, sign, known } });
})();
