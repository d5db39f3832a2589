// Opens the fold that a link leads to, and prints either what is open or everything.
(() => {
  // On a phone the list of contents would push the verdict away.
  const contents = document.querySelector("nav > details");
  const phone = matchMedia("(max-width: 640px)");
  const foldContents = () => contents?.toggleAttribute("open", !phone.matches);
  phone.addEventListener("change", foldContents);
  foldContents();

  const folds = [...document.querySelectorAll("details.fold")];

  // A reader who follows a link to something folded wants to read it.
  function unfoldTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const inside = target.querySelector(":scope > details.fold");
    const around = [];
    for (let at = target; at; at = at.parentElement) if (at.matches("details")) around.push(at);
    const closed = [inside, ...around].filter((fold) => fold && !fold.open);
    for (const fold of closed) fold.open = true;
    if (closed.length > 0) target.scrollIntoView();
  }

  async function printAll() {
    const closed = folds.filter((fold) => !fold.open);
    for (const fold of closed) fold.open = true;
    await window.fieldnotes.drawInTurn();
    window.print();
    for (const fold of closed) fold.open = false;
  }

  document.querySelector("button[data-print]")?.addEventListener("click", printAll);
  window.addEventListener("hashchange", unfoldTarget);
  unfoldTarget();
})();
