import { signalling } from "../alerts/signalling";
import { link } from "../connection/link";
import type { Priority } from "../contract/messages";
import { rank } from "../state/priority";
import { standing } from "../state/standing";
import type { Ward } from "../state/ward";

/** For so long a bed that fell silent is heard; there is nobody who could acknowledge it, and the banner stays. */
const heardMs = 120_000;

/**
 * The priority of which bursts are due: the highest of the alerts that signal; medium at least while the page has no broker, or a bed has just fallen silent.
 * @param now Milliseconds since 1970.
 */
export function wanted(ward: Ward, now: number): Priority | undefined {
  const priorities = signalling(ward, now).map(({ alert }) => alert.priority);
  const { state } = link.value;
  if (state === "lost" || state === "refused" || ward.beds.value.some(hasFallenSilent)) priorities.push("medium");
  return priorities.sort((a, b) => rank[a] - rank[b])[0];
}

function hasFallenSilent(bed: Ward["beds"]["value"][number]): boolean {
  const { condition, silence } = standing(bed).value;
  return (condition === "stale" || condition === "offline") && silence !== undefined && silence < heardMs;
}
