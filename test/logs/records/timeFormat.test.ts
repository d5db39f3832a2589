import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { statesZone, timeBy, timeFormats } from "../../../src/logs/records/timeFormat";
import { open } from "../../../src/store/open";
import { rowsOf } from "../../../src/store/run";
import { fc, runs, thorough } from "../../property";

const written = [
  "%d/%m/%Y %H:%M:%S",
  "%m/%d/%Y, %I:%M:%S %p",
  "%d.%m.%y %H:%M",
  "%Y.%m.%d %H:%M:%S",
  "%b %d, %Y %I:%M %p",
  "%d %B %Y %H:%M",
  "%a, %d %b %Y %H:%M:%S GMT",
  "%d/%b/%Y:%H:%M:%S +0000",
  "%Y%m%dT%H%M%SZ",
];

describe("times as people and tools write them", () => {
  thorough(
    "are read by the format found, where the day and the month cannot be mistaken for each other",
    async () => {
      const store = await open(":memory:");
      try {
        await fc.assert(
          fc.asyncProperty(
            fc.constantFrom(...written),
            fc.array(fc.integer({ min: 1_772_323_200, max: 1_774_915_200 }), { minLength: 1, maxLength: 8 }),
            async (format, seconds) => {
              const times = [...seconds, 1_772_841_600].map((one) => one - (one % 60));
              const texts = await rowsOf<{ text: string }>(
                store.connection,
                `select strftime(make_timestamp(unnest([${times}])::bigint * 1000000), '${format}') as text`,
              );
              const values = [...texts.map(({ text }) => text), texts[0].text.replace(/^0/, "")];
              const [found] = timeFormats(values);
              assert.notEqual(found, undefined, values.join(" | "));
              const read = await rowsOf<{ at: number }>(
                store.connection,
                `select epoch(${timeBy("text", found)})::double as at from (select unnest([${texts.map(({ text }) => `'${text}'`)}]) as text)`,
              );
              const order = timeFormats(values).length > 1 ? undefined : times;
              if (order !== undefined)
                assert.deepEqual(
                  read.map(({ at }) => at),
                  order,
                  `${found}: ${values}`,
                );
            },
          ),
          { numRuns: runs(40) },
        );
      } finally {
        await store.close();
      }
    },
  );

  thorough("need no format where the engine reads them, and have none where they are no times", () => {
    assert.deepEqual(timeFormats(["2026-03-02 09:00:00", "2026-3-2"]), []);
    assert.deepEqual(timeFormats([]), []);
    for (const text of [
      "32/13/2026",
      "12/2026",
      "yesterday",
      "1.2.3",
      "02/03/2026 25:00",
      "+44 20 7946 0958",
    ])
      assert.deepEqual(timeFormats([text]), [], text);
    assert.deepEqual(timeFormats(["02/03/2026", "2026-03-02"]), [], "two ways of writing");
  });

  test("with two orders give both, first the one that spans fewer days", () => {
    assert.deepEqual(timeFormats(["01/03/2026", "09/03/2026"]), ["%d/%m/%Y", "%m/%d/%Y"]);
    assert.deepEqual(timeFormats(["3/1/2026", "3/9/2026"]), ["%m/%d/%Y", "%d/%m/%Y"]);
    assert.deepEqual(timeFormats(["3/1/2026", "3/19/2026"]), ["%m/%d/%Y"]);
  });

  test("say their zone by a sign, a Z, UTC or GMT", () => {
    assert.ok(["%d/%m/%Y %H:%M %z", "%Y%m%dT%H%M%SZ", "%d %b %Y %H:%M GMT"].every(statesZone));
    assert.ok(!statesZone("%d/%m/%Y %H:%M"));
  });
});
