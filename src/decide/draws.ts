import { random } from "../stats/random";
import { choleskyOf } from "../stats/symmetric";

/**
 * Jointly drawn standard normals: one array per dimension, correlated as given.
 *
 * @param correlation symmetric, one row and column per dimension; it is shrunk by a twentieth towards
 * independence, so that a matrix estimated from few clusters can be drawn from at all
 */
export function jointNormals(
  correlation: readonly ArrayLike<number>[],
  { draws, seed }: { draws: number; seed: number },
): Float64Array[] {
  const size = correlation.length;
  const shrunk = correlation.map((row, i) =>
    Float64Array.from(row, (one, j) => (i === j ? 1 : (1 - TOWARDS_INDEPENDENCE) * one)),
  );
  // Rounded correlations may leave slightly less than zero.
  const lower = choleskyOf(shrunk, 1e-9);
  const source = random(seed);
  const out = Array.from({ length: size }, () => new Float64Array(draws));
  const own = new Float64Array(size);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < size; i++) {
      own[i] = source.normal();
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += lower[i][j] * own[j];
      out[i][draw] = sum;
    }
  }
  return out;
}

const TOWARDS_INDEPENDENCE = 0.05;
