// A strip of bars with a window that two handles hold: dragged, or moved by arrows. It stays while its bars are drawn anew,
// so that a handle keeps the focus.
(() => {
  const { made, drawn } = window.look;

  /**
   * `label` names the strip, `says` a place on it, `changed` takes the ends of the window while it moves and when it rests;
   * both ends are undefined when all is within it.
   */
  function brush({ label, hint, says, changed }) {
    let [low, high, step, fine] = [0, 1, 1, 1];
    let [from, to] = [0, 1];
    const bars = drawn("svg", { "aria-hidden": "true", preserveAspectRatio: "none" });
    const shade = made("div", { class: "window" });
    const handle = (side, name) =>
      made("div", { class: "handle", role: "slider", tabindex: 0, "aria-label": `${label}: ${name}`, "aria-describedby": hint, "data-side": side });
    const handles = [handle("from", "from"), handle("to", "to")];
    const track = made("div", { class: "track" }, bars, shade, handles);

    const place = (value) => (high > low ? (value - low) / (high - low) : 0);
    function draw() {
      const [left, right] = [place(from), place(to)].map((one) => Math.max(0, Math.min(1, one)));
      shade.style.left = `${100 * left}%`;
      shade.style.width = `${100 * (right - left)}%`;
      for (const [at, own] of handles.entries()) {
        own.style.left = `${100 * [left, right][at]}%`;
        const ends = at === 0 ? [low, to] : [from, high];
        own.setAttribute("aria-valuemin", ends[0]);
        own.setAttribute("aria-valuemax", ends[1]);
        own.setAttribute("aria-valuenow", [from, to][at]);
        own.setAttribute("aria-valuetext", says([from, to][at]));
      }
    }
    function tell(rests) {
      const isAll = from <= low && to >= high;
      changed(isAll ? undefined : from, isAll ? undefined : to, rests);
    }
    // Ends stay at least the finest step apart.
    function set(ends, rests) {
      const least = Math.min(fine, high - low);
      const next = [Math.max(low, Math.min(ends[0], high - least)), Math.min(high, Math.max(ends[1], low + least))];
      if (next[1] - next[0] < least - 1e-9) return;
      [from, to] = next;
      draw();
      tell(rests);
    }

    const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7 };
    for (const [at, own] of handles.entries())
      own.addEventListener("keydown", (event) => {
        const side = (value) => (at === 0 ? [Math.min(value, to - fine), to] : [from, Math.max(value, from + fine)]);
        const now = [from, to][at];
        const by = (event.shiftKey ? fine : step) * (moves[event.key] ?? 0);
        if (event.key === "Home") set(side(low), false);
        else if (event.key === "End") set(side(high), false);
        else if (by !== 0) set(side(now + by), false);
        else return;
        event.preventDefault();
      });

    // From an edge of the window it is drawn out, within it moved, elsewhere drawn anew.
    let drag;
    const at = (event) => {
      const box = track.getBoundingClientRect();
      return low + ((event.clientX - box.left) / box.width) * (high - low);
    };
    const snapped = (value, round) => low + round((value - low) / step - 1e-9) * step;
    track.addEventListener("pointerdown", (event) => {
      const value = at(event);
      const side = event.target.dataset?.side;
      const isAll = from <= low && to >= high;
      drag = { value, ends: [from, to], side: side ?? (event.target === shade && !isAll ? "both" : "new"), moved: false };
      track.setPointerCapture(event.pointerId);
      if (side) event.target.focus();
      event.preventDefault();
    });
    track.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const value = at(event);
      drag.moved ||= Math.abs(place(value) - place(drag.value)) > 0.004;
      if (!drag.moved) return;
      const [first, last] = drag.ends;
      if (drag.side === "from") set([Math.min(snapped(value, Math.round), to - fine), to], false);
      else if (drag.side === "to") set([from, Math.max(snapped(value, Math.round), from + fine)], false);
      else if (drag.side === "both") {
        const by = snapped(low + value - drag.value, Math.round) - low;
        const within = Math.max(low - first, Math.min(high - last, by));
        set([first + within, last + within], false);
      } else {
        const ends = [drag.value, value].sort((a, b) => a - b);
        set([snapped(ends[0], Math.floor), snapped(ends[1], Math.ceil)], false);
      }
    });
    const end = () => {
      if (!drag) return;
      const { moved, side, value } = drag;
      drag = undefined;
      if (moved) tell(true);
      // A click keeps the bar under it.
      else if (side === "new") set([snapped(value, Math.floor), snapped(value, Math.floor) + step], true);
    };
    track.addEventListener("pointerup", end);
    track.addEventListener("pointercancel", end);

    /** The strip's ends and steps, its window, and its bars: `of` all, `within` the selection, each from place to place. */
    function show({ ends, steps, window: [first, last], of, within }) {
      [low, high] = ends;
      [step, fine] = steps;
      if (!drag) [from, to] = [first ?? low, last ?? high];
      const most = Math.max(1, ...of.map(({ calls }) => calls));
      bars.setAttribute("viewBox", "0 0 1000 100");
      const bar = (name) => (one) => {
        const [left, right] = [1000 * place(one.from), 1000 * place(one.to)];
        const height = (96 * one.calls) / most;
        return drawn("rect", { class: name, x: left, width: Math.max(0.5, right - left - 0.8), y: 100 - height, height });
      };
      bars.replaceChildren(...of.map(bar("all")), ...within.map(bar("within")));
      draw();
    }
    return { element: track, show };
  }

  window.look.brush = brush;
})();
