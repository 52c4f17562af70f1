import { signal } from "@preact/signals";

/** The keys of the beds whose samples somebody looks at. */
export const watched = signal<ReadonlySet<string>>(new Set());

const count = new Map<string, number>();

/** Says that somebody looks at the samples of a bed, until what it returns is called. */
export function watch(key: string): () => void {
  change(key, 1);
  return () => change(key, -1);
}

function change(key: string, by: number): void {
  const next = (count.get(key) ?? 0) + by;
  if (next === 0) count.delete(key);
  else count.set(key, next);
  // One message to the broker for all that change at once.
  if (!pending) queueMicrotask(() => {
    pending = false;
    watched.value = new Set(count.keys());
  });
  pending = true;
}

let pending = false;
