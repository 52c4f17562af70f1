export type BedTopic = "alert" | "alerts" | "interpretation" | "vitals" | "wave" | "snippet" | "answer";
export type BoxTopic = "status" | "health" | "alert" | "alerts" | "answer";

/** Where a message belongs, from its topic. */
export type Address =
  | { site: string; device: string; bed: string; what: BedTopic; id?: string }
  | { site: string; device: string; bed?: undefined; what: BoxTopic };

const bedTopics = ["alert", "alerts", "interpretation", "vitals", "wave"];
const boxTopics = ["status", "health", "alert", "alerts"];

/** Takes a topic below the root apart; undefined for one that is not of the contract. */
export function parseTopic(root: string, topic: string): Address | undefined {
  if (!topic.startsWith(`${root}/`)) return undefined;
  const levels = topic.slice(root.length + 1).split("/");
  const [site, device, third, fourth] = levels;
  if (levels.length === 3 && boxTopics.includes(third)) return { site, device, what: third as BoxTopic };
  if (third === "answer" && levels.length <= 4) return { site, device, what: "answer" };
  if (levels.length === 4 && bedTopics.includes(fourth)) return { site, device, bed: third, what: fourth as BedTopic };
  if (levels.length === 5 && fourth === "snippet") return { site, device, bed: third, what: "snippet", id: levels[4] };
  if (fourth === "answer" && levels.length <= 5) return { site, device, bed: third, what: "answer" };
  return undefined;
}
