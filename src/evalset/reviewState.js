// What a reviewer has entered on a page: kept in the browser, and saved as a file.

// A browser may store nothing for pages opened from disk: what is entered then lasts only as long as the page is open, and
// the page asks before it closes. `worth` says whether anything has been entered, `lost` what to tell then.
function keptState(key, fresh, { worth, lost }) {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? "{}");
  } catch {}
  const state = { ...fresh, ...kept };
  let unkept = false;
  addEventListener("beforeunload", (event) => {
    if (unkept) event.preventDefault();
  });
  return {
    state,
    remember() {
      try {
        localStorage.setItem(key, JSON.stringify(state));
      } catch {
        unkept = worth(state);
        document.getElementById("kept").textContent = lost;
      }
    },
    // Saves a text as a file named after who entered it, and gives that name.
    saved(text, type, what, rater) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type }));
      link.download = `${what}-${rater.replace(/[^\w-]+/g, "_").slice(0, 40)}.${type === "text/csv" ? "csv" : "json"}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      unkept = false;
      return link.download;
    },
  };
}
