import assert from "node:assert/strict";
import { test } from "node:test";
import { daysShared } from "../../src/stats/daysShared";
import { random } from "../../src/stats/random";

test("days that wander count as few spells, and days that do not as themselves", () => {
  const r = random(4);
  let level = 0;
  const wandering = Array.from({ length: 60 }, (_, day) => {
    level = 0.9 * level + 3 * r.normal();
    return { day, size: 10, total: 10 * level };
  });
  const apart = wandering.map(({ day, size }) => ({ day, size, total: 60 * r.normal() }));
  const [few, many] = [wandering, apart].map((sums) => daysShared(sums, 600, { degrees: 500 }));
  assert.ok(few.odds > 1e6 && many.odds > 1e6);
  assert.ok(few.spells < 20 && many.spells > 35, `${few.spells} ${many.spells}`);
});

test("what days share is told in the unit of the totals, however unequal the days and whatever their order", () => {
  const r = random(8);
  const sums = Array.from({ length: 80 }, (_, day) => {
    const size = day % 2 === 0 ? 5 : 40;
    return { day, size, total: size * 0.5 * r.normal() + Math.sqrt(size) * r.normal() };
  });
  const noise = 40 * 45;
  const found = daysShared(sums, noise, { degrees: 1000 });
  const added = found.parts.reduce((sum, part) => sum + part.weight * part.added, 0);
  const truth = 0.25 * 40 * (5 ** 2 + 40 ** 2);
  assert.ok(added > 0.5 * truth && added < 2 * truth, `${added} for ${truth}`);
  const turned = daysShared([...sums].reverse(), noise, { degrees: 1000 });
  assert.equal(turned.odds, found.odds);
});

test("beyond all doubt the odds stay a number", () => {
  const sums = Array.from({ length: 400 }, (_, day) => ({ day, size: 1, total: day % 2 === 0 ? 1e6 : -1e6 }));
  const { odds, parts } = daysShared(sums, 1e-6, { degrees: 1e6 });
  assert.ok(Number.isFinite(odds) && odds > 1e40);
  assert.ok(Math.abs(parts.reduce((sum, { weight }) => sum + weight, 0) - 1) < 1e-4);
});
