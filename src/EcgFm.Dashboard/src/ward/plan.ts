export interface Plan {
  readonly columns: number;
  /** The height of a tile in CSS pixels. */
  readonly height: number;
}

/** A tile smaller than this cannot be read from three metres. */
const least = { width: 228, height: 108 };

/** How many columns of tiles fill a ward of a size best: all in sight where that is possible, as large as possible, and not too long drawn. */
export function plan(count: number, width: number, height: number, gap: number): Plan {
  const possible = Math.max(1, Math.floor((width + gap) / (least.width + gap)));
  let best: Plan | undefined;
  let bestSize = 0;
  for (let columns = 1; columns <= Math.min(possible, Math.max(count, 1)); columns++) {
    const rows = Math.max(1, Math.ceil(count / columns));
    const tileWidth = (width - (columns - 1) * gap) / columns;
    const tileHeight = Math.min(tileWidth * 1.1, (height - (rows - 1) * gap) / rows);
    if (tileHeight < least.height) continue;
    // The height of the largest tile of 16:9 in it.
    const size = Math.min(tileWidth * 0.56, tileHeight);
    if (size >= bestSize) [best, bestSize] = [{ columns, height: Math.floor(tileHeight) }, size];
  }
  return best ?? { columns: possible, height: least.height };
}
