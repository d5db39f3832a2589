// Draws the figures of a page from the JSON beside them, in the colours of the page, and again when those change.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 640px)");
  const printing = matchMedia("print");
  const config = JSON.parse(document.getElementById("plot-config")?.textContent ?? "{}");
  const figures = [...document.querySelectorAll(".plot")].map((plot) => ({
    plot,
    drawn: false,
    ...JSON.parse(document.getElementById(`${plot.id}-data`).textContent),
  }));

  function themed(layout) {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const own = structuredClone(layout);
    own.paper_bgcolor = own.plot_bgcolor = "rgba(0, 0, 0, 0)";
    own.autosize = true;
    own.font = { ...own.font, color: color("--soft"), family: style.fontFamily };
    own.legend = { ...own.legend, font: { ...own.legend?.font, color: color("--ink") } };
    own.hoverlabel = {
      ...own.hoverlabel,
      bgcolor: color("--raised"),
      bordercolor: color("--line"),
      font: { ...own.hoverlabel?.font, color: color("--ink"), family: style.fontFamily },
    };
    own.modebar = { bgcolor: "rgba(0, 0, 0, 0)", color: color("--soft"), activecolor: color("--ink") };
    const axes = new Set(["xaxis", "yaxis", ...Object.keys(own).filter((key) => /^[xy]axis\d*$/.test(key))]);
    for (const key of axes) {
      own[key] = { gridcolor: color("--line"), linecolor: color("--line"), zerolinecolor: color("--line"), ...own[key] };
      own[key].tickfont = { ...own[key].tickfont, color: color(key[0] === "y" ? "--ink" : "--soft") };
      own[key].automargin = own[key].automargin ?? true;
    }
    const change = (changes) => {
      for (const [path, value] of Object.entries(changes ?? {})) {
        const keys = path.split(".");
        const last = keys.pop();
        let target = own;
        for (const key of keys) target = target[key] = { ...target[key] };
        target[last] = value;
      }
    };
    if (printing.matches) change(layout.meta?.print);
    else if (narrow.matches) {
      change(layout.meta?.narrow);
      const { title } = own.xaxis;
      if (title?.text) own.xaxis.title = { ...title, text: wrapped(title.text) };
    }
    return own;
  }

  // A title below a narrow plot continues on a second line.
  function wrapped(text) {
    const lines = [""];
    for (const word of text.split(" ")) {
      if (lines.at(-1) !== "" && lines.at(-1).length + word.length > 26) lines.push("");
      lines.push(`${lines.pop()} ${word}`.trim());
    }
    return lines.join("<br>");
  }

  // Outlines of plotly's symbols in a box of 16 by 16.
  const OUTLINES = {
    circle: "M13 8A5 5 0 1 1 3 8A5 5 0 1 1 13 8Z",
    diamond: "M8 2L14 8L8 14L2 8Z",
    square: "M3.5 3.5H12.5V12.5H3.5Z",
    "triangle-up": "M8 2.5L14 13H2Z",
    "triangle-right": "M13.5 8L3 14V2Z",
    x: "M5 2.5L8 5.5L11 2.5L13.5 5L10.5 8L13.5 11L11 13.5L8 10.5L5 13.5L2.5 11L5.5 8L2.5 5Z",
    star: "M8 1.5L9.9 5.6L14.4 6.1L11 9.1L12 13.6L8 11.3L4 13.6L5 9.1L1.6 6.1L6.1 5.6Z",
  };

  function swatch({ mode = "", line = {}, marker = {} }) {
    const color = typeof marker.color === "string" ? marker.color : line.color;
    const make = (name, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      return element;
    };
    const width = mode.includes("lines") ? 32 : 16;
    const svg = make("svg", { viewBox: `0 0 ${width} 16`, width, height: 16, "aria-hidden": "true" });
    if (mode.includes("lines")) {
      const dash = { dash: "6 3", dot: "2 2", dashdot: "6 2 2 2" }[line.dash] ?? "none";
      svg.append(make("path", { d: "M2 8H30", stroke: line.color ?? color, "stroke-width": 2.5, "stroke-dasharray": dash }));
    }
    if (mode.includes("markers")) {
      const symbol = String(marker.symbol ?? "circle");
      const open = symbol.endsWith("-open");
      const d = OUTLINES[symbol.replace(/-open$/, "")] ?? OUTLINES.circle;
      svg.append(make("path", { d, transform: `translate(${width / 2 - 8} 0)`, fill: open ? "none" : color, stroke: color, "stroke-width": open ? 2 : 0 }));
    }
    return svg;
  }

  // A legend of the page itself wraps on a phone and can be reached by keyboard; a press hides a series.
  function addLegend(figure) {
    const named = figure.data.filter((trace) => trace.showlegend !== false && trace.name);
    const colored = named.every(({ line, marker }) => typeof (marker?.color ?? line?.color) === "string");
    if (figure.layout.showlegend !== true || named.length === 0 || !colored) return;
    figure.layout.showlegend = false;
    figure.legend = true;
    figure.layout.margin.t = Math.max(figure.layout.margin.t - 24, 12);
    const list = document.createElement("ul");
    list.className = "legend";
    for (const trace of named) {
      const button = document.createElement("button");
      const text = document.createElement("span");
      // The name is plotly markup in which all else is entities; set as text it is safe.
      text.textContent = trace.name.replace(/&#(\d{1,6});/g, (_, code) => String.fromCodePoint(Math.min(code, 0x10ffff)));
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      button.append(swatch(trace), text);
      button.addEventListener("click", () => {
        // A model is hidden in all figures, any other series in its own.
        if (window.fieldnotes.pressed?.(text.textContent)) return;
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        for (const other of figure.data) {
          if (other === trace || (trace.legendgroup && other.legendgroup === trace.legendgroup)) other.visible = on;
        }
        draw(figure);
      });
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    }
    figure.plot.before(list);
  }

  // Labels without room on a narrow screen can still be hovered over, and may have a shorter replacement.
  const fits = ({ meta }) => !(narrow.matches ? meta?.wide : meta?.narrow);
  const fitting = (data) =>
    structuredClone(data)
      .filter(fits)
      .map((trace) => (trace.meta?.narrow ? { ...trace, visible: true } : trace));

  async function draw(figure) {
    if (!figure.drawn) {
      figure.plot.textContent = "";
      addLegend(figure);
      window.fieldnotes.told?.();
    }
    figure.drawn = true;
    try {
      const { data, layout } = window.fieldnotes.shown?.(figure) ?? figure;
      await window.Plotly.react(figure.plot, fitting(data), themed(layout), config);
    } catch {
      figure.plot.textContent = "This figure could not be drawn; its description is below.";
    }
  }

  function drawAll() {
    for (const figure of figures) if (!folded(figure)) draw(figure);
  }

  const folded = ({ plot }) => plot.closest("details:not([open])") !== null;

  // One figure at a time, so that a page with many can be read while they appear; folded ones are drawn when opened.
  async function drawInTurn() {
    for (const figure of figures) {
      if (!figure.drawn && !folded(figure)) await draw(figure);
      await new Promise((next) => setTimeout(next, 0));
    }
    document.documentElement.dataset.figures = "drawn";
  }

  for (const { plot } of figures) plot.style.minHeight = `${plot.dataset.height}px`;
  for (const media of [dark, narrow, printing]) media.addEventListener("change", drawAll);
  for (const event of ["beforeprint", "afterprint"]) window.addEventListener(event, drawAll);
  // Draws a fold's figures when it opens; `toggle` does not bubble.
  document.addEventListener("toggle", drawInTurn, { capture: true });
  const redraw = () => {
    for (const figure of figures) if (figure.drawn) draw(figure);
  };
  window.fieldnotes = { figures, themed, config, drawInTurn, redraw };
  drawInTurn();
})();
