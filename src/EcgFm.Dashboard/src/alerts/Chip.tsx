import type { Priority } from "../contract/messages";
import { presentation } from "../state/priority";

/** The priority as colour, symbol and word; it flashes where alarm signals are due. */
export function Chip({ priority, signals }: { priority: Priority; signals: boolean }) {
  const { symbol, word } = presentation[priority];
  return <span class="alarm chip" data-priority={priority} data-quiet={signals ? undefined : ""}><span aria-hidden="true">{symbol} </span>{word}<span class="unseen"> priority</span></span>;
}
