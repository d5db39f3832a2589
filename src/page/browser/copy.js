// Copies a verdict as text, for a mail or a chat.
(() => {
  function textOf(section) {
    // What is folded is left out, as it is on the page.
    const shown = [...section.querySelectorAll("h2 > span, .question, li")].filter(
      (element) => !element.closest("details:not([open])"),
    );
    const lines = shown.map((element) =>
      (element.matches("li") ? `- ${element.textContent}` : element.textContent).replace(/\s+/g, " ").trim(),
    );
    return `${document.title}\n\n${lines.join("\n")}\n`;
  }

  // If a page may not write to the clipboard itself, the browser copies the selection.
  function copySelected(text) {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }

  async function copy(button) {
    const text = textOf(button.closest("section"));
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => copySelected(text),
    );
    const said = button.textContent;
    button.textContent = (done ?? copySelected(text)) ? "Copied" : "This browser does not allow it";
    setTimeout(() => (button.textContent = said), 2000);
  }

  for (const button of document.querySelectorAll("button[data-copy]"))
    button.addEventListener("click", () => copy(button));
})();
