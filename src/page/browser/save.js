// Saves a figure as a picture, with its title and legend, in the colours of the page.
(() => {
  const { figures, themed, config } = window.fieldnotes;
  const [TITLE, LEGEND] = [34, 26];

  // Plotly reads this text as markup.
  const asLabel = (text) => text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);

  function picture(drawn) {
    const { plot, legend } = drawn;
    const { data, layout } = window.fieldnotes.shown?.(drawn) ?? drawn;
    const own = themed(layout);
    const text = document.getElementById(`${plot.id}-title`)?.textContent ?? "";
    const height = plot.offsetHeight || Number(plot.dataset.height);
    const above = TITLE + (legend ? LEGEND : 0);
    own.paper_bgcolor = own.plot_bgcolor = getComputedStyle(document.body).getPropertyValue("--paper").trim();
    own.title = { text: asLabel(text), x: 0, xref: "container", xanchor: "left", pad: { l: 8 }, font: { size: 15 } };
    own.showlegend = legend === true || layout.showlegend === true;
    own.margin = { ...own.margin, t: (own.margin?.t ?? 0) + above };
    return { figure: { data, layout: own, config }, height: height + above };
  }

  async function save(button) {
    const figure = figures.find(({ plot }) => plot.id === button.dataset.figure);
    const { figure: drawn, height } = picture(figure);
    const name = button.dataset.name;
    const format = button.dataset.save;
    const width = Math.max(figure.plot.offsetWidth, 640);
    const address = await window.Plotly.toImage(drawn, { format, width, height, scale: format === "png" ? 2 : 1 });
    const link = document.createElement("a");
    link.download = `${name}.${format}`;
    link.href = address;
    link.click();
  }

  for (const button of document.querySelectorAll("button[data-save]"))
    button.addEventListener("click", () => save(button));
})();
