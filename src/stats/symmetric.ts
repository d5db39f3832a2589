/**
 * The lower triangle L of L L' = a symmetric matrix; a pivot below `least` (rounding, or a column that others add
 * up to) is set to `least`.
 */
export function choleskyOf(matrix: readonly ArrayLike<number>[], least = 1e-12): Float64Array[] {
  const lower = matrix.map(() => new Float64Array(matrix.length));
  for (let i = 0; i < matrix.length; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(Math.max(sum, least)) : sum / lower[j][j];
    }
  return lower;
}

/** The inverse of L L'. */
export function inverseOf(lower: readonly Float64Array[]): Float64Array[] {
  const size = lower.length;
  const inverse = lower.map(() => new Float64Array(size));
  const column = new Float64Array(size);
  for (let at = 0; at < size; at++) {
    for (let i = 0; i < size; i++) {
      let sum = i === at ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= lower[i][k] * column[k];
      column[i] = sum / lower[i][i];
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = column[i];
      for (let k = i + 1; k < size; k++) sum -= lower[k][i] * column[k];
      column[i] = sum / lower[i][i];
      inverse[i][at] = column[i];
    }
  }
  return inverse;
}

/** A matrix times a vector. */
export function timesVector(matrix: readonly Float64Array[], vector: ArrayLike<number>): Float64Array {
  return Float64Array.from(matrix, (row) => {
    let sum = 0;
    for (let k = 0; k < row.length; k++) sum += row[k] * vector[k];
    return sum;
  });
}

/** v' M v. */
export function quadraticForm(matrix: readonly Float64Array[], vector: ArrayLike<number>): number {
  let sum = 0;
  for (const [i, row] of matrix.entries())
    if (vector[i] !== 0) for (let k = 0; k < row.length; k++) sum += vector[i] * row[k] * vector[k];
  return sum;
}

/** A B A for symmetric A and B: the covariance of A x if B is that of x. */
export function sandwich(bread: readonly Float64Array[], filling: readonly Float64Array[]): Float64Array[] {
  const half = bread.map((row) => timesVector(filling, row));
  return half.map((row) => timesVector(bread, row));
}
