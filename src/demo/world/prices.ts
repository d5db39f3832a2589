import type { World } from "./world";

// Written out in full: people do not read 1e-7 well.
const dollars = (perMillion: number) => (perMillion / 1e6).toFixed(12).replace(/\.?0+$/, "") || "0";

/** The price list of a world as CSV, US dollars per token, valid from the first day. */
export function pricesCsv(world: World): string {
  const lines = Object.entries(world.models).map(([model, { price_per_million: price, vendor }]) =>
    [
      model,
      world.start,
      dollars(price.input),
      dollars(price.cache_read),
      dollars(price.cache_creation),
      dollars(price.output),
      `${vendor} price list`,
    ].join(","),
  );
  return `model,from,input,cache_read,cache_creation,output,source\n${lines.join("\n")}\n`;
}
