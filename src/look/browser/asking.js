// What is looked at, which the address keeps, and questions to the server: all numbers come from there.
(() => {
  const kept = "fieldnotes-look";
  const none = { where: "", only: [], from: undefined, to: undefined, least: undefined, most: undefined };
  const begin = { ...none, by: "model", metric: "duration_p95", judge: "compare", sides: undefined };
  const state = { ...begin };
  const token = takeToken();

  // The token stands first after "#"; it stays in this tab and leaves the address, where the state takes its place.
  function takeToken() {
    const [first, rest = ""] = location.hash.slice(1).split("&", 2);
    const isState = first.startsWith("state=");
    if (first !== "" && !isState) sessionStorage.setItem(kept, first);
    const held = isState ? first : rest;
    readState(held);
    history.replaceState(null, "", held.startsWith("state=") ? `#${held}` : location.pathname);
    return sessionStorage.getItem(kept) ?? "";
  }
  function readState(text) {
    Object.assign(state, begin);
    if (!text.startsWith("state=")) return;
    try {
      Object.assign(state, JSON.parse(decodeURIComponent(text.slice(6))));
    } catch {
      // An address that was cut off begins with all calls.
    }
  }
  // Each step can be taken back; a drag is one step. In a frame the steps would be those of the page around it.
  function keepState(isStep) {
    const given = Object.entries(state).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(begin[name]));
    const hash = `#state=${encodeURIComponent(JSON.stringify(Object.fromEntries(given)))}`;
    if (isStep && window === window.top && hash !== location.hash) history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
  }

  // One question of each kind at a time: a newer one ends the older one, on the server as well.
  const running = new Map();
  async function ask(question, body, kind = question) {
    stop(kind);
    const own = new AbortController();
    running.set(kind, own);
    const response = await fetch(`/${question}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-fieldnotes-token": token },
      body: JSON.stringify(body),
      signal: own.signal,
    });
    if (!response.ok) throw new Error((await response.json()).error);
    return response;
  }
  const stop = (kind) => running.get(kind)?.abort();
  // JSON has no word for an end that is not bounded.
  const ends = (name, value) => ((name === "low" || name === "high") && typeof value === "string" ? Number(value) : value);
  const answer = async (question, body, kind) => JSON.parse(await (await ask(question, body, kind)).text(), ends);

  // The parts of an answer as they come; `take` returns true to end it.
  async function stream(question, body, take, kind) {
    const reader = (await ask(question, body, kind)).body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (text + value).split("\n");
      text = lines.pop();
      for (const line of lines) {
        const part = JSON.parse(line, ends);
        if (part.part === "failed") throw new Error(part.error);
        if (take(part) === true) return stop(kind ?? question);
      }
    }
  }

  Object.assign(window.look, { state, none, begin, readState, keepState, stop, answer, stream });
})();
