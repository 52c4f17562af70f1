/** A stretch of values of one level: from the first to just after the last. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly level: number;
}

/** The values as stretches of equal level, in order and without holes. */
export function runs(values: ArrayLike<number>, level: (value: number) => number): Run[] {
  const found: Run[] = [];
  for (let from = 0; from < values.length; ) {
    const at = level(values[from]);
    let to = from + 1;
    while (to < values.length && level(values[to]) === at) to++;
    found.push({ from, to, level: at });
    from = to;
  }
  return found;
}
