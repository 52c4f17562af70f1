import * as v from "valibot";

/** Where the broker is, and who asks. */
export interface Settings {
  /** A WebSocket address, such as wss://broker.example:9443. */
  url: string;
  /** The topic root. */
  root: string;
  userName?: string;
  password?: string;
}

/** What whoever deploys the page may lay beside it as config.json. */
const configuration = v.object({
  broker: v.optional(v.pipe(v.string(), v.regex(/^wss?:\/\//))),
  root: v.optional(v.string(), "ecgfm/v1"),
});

export type Configuration = v.InferOutput<typeof configuration>;

const key = "ecgfm.connection";

/** config.json beside the page; without one, or with one that cannot be read, people are asked. */
export async function fetchConfiguration(): Promise<Configuration> {
  try {
    const response = await fetch("config.json", { cache: "no-store" });
    return v.parse(configuration, response.ok ? await response.json() : {});
  } catch {
    return v.parse(configuration, {});
  }
}

/** What was typed in this session: a reload keeps it, the end of the session forgets it. */
export function remembered(): Settings | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(settings: Settings | undefined): void {
  if (settings === undefined) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify(settings));
}
