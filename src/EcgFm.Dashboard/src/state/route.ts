import { signal } from "@preact/signals";

/** What the page shows. The address has it behind the #, so that any web server can serve the page. */
export type Route =
  | { view: "ward" }
  | { view: "bed"; bed: string }
  | { view: "alert"; bed: string; alert: string };

/** Reads #/, #/bed/{bed} and #/bed/{bed}/alert/{id}; {bed} is a bed's key, or its name alone. */
export function parseRoute(hash: string): Route {
  const [first, bed, third, alert] = hash.replace(/^#\/?/, "").split("/").map(decode);
  if (first !== "bed" || !bed) return { view: "ward" };
  return third === "alert" && alert ? { view: "alert", bed, alert } : { view: "bed", bed };
}

export function href(route: Route): string {
  if (route.view === "ward") return "#/";
  const bed = `#/bed/${encodeURIComponent(route.bed)}`;
  return route.view === "bed" ? bed : `${bed}/alert/${encodeURIComponent(route.alert)}`;
}

export const route = signal<Route>({ view: "ward" });

/** Follows the address bar. */
export function followAddress(): void {
  const read = () => (route.value = parseRoute(location.hash));
  addEventListener("hashchange", read);
  read();
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
