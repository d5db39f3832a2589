/**
 * Writes microseconds since the epoch as "2026-03-03T14:05:06.123456", shifted by an offset, with `between` in place of
 * the T.
 */
export function clock(offsetMinutes: number, between: "T" | " "): (microseconds: number) => string {
  const shift = offsetMinutes * 60;
  let second = Number.NaN;
  let text = "";
  return (microseconds) => {
    const now = Math.floor(microseconds / 1e6);
    if (now !== second) {
      second = now;
      text = new Date((now + shift) * 1000).toISOString().slice(0, 19).replace("T", between);
    }
    return `${text}.${String(microseconds - now * 1e6).padStart(6, "0")}`;
  };
}

/** An offset such as "+01:00" or "-03:30" in minutes. */
export function offsetMinutes(text: string): number {
  const [hours, minutes] = text.slice(1).split(":").map(Number);
  return (hours * 60 + minutes) * (text.startsWith("-") ? -1 : 1);
}

/** A local day or minute in microseconds since the epoch. */
export function moment(local: string, offset: string): number {
  const text = local.length === 10 ? `${local}T00:00:00Z` : `${local}:00Z`;
  return (Date.parse(text) - offsetMinutes(offset) * 60_000) * 1000;
}
