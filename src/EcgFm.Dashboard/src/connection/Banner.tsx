import { now } from "../state/clock";
import { age } from "../state/condition";
import { standing } from "../state/standing";
import type { Ward } from "../state/ward";
import { link } from "./link";

/** Says over everything what must not be overlooked: that the page is blind, or that beds are. */
export function Banner({ ward }: { ward: Ward }) {
  const at = link.value;
  switch (at.state) {
    case "connecting":
      return <p class="banner" data-testid="banner" data-state="connecting" role="status">Connecting to {at.url} …</p>;
    case "lost":
      return (
        <p class="banner" data-testid="banner" data-state="lost" role="alert">
          <b>Not connected. Nothing here is live.</b> {at.reason} <span aria-live="off">Trying again for {age(now.value - at.since)}.</span>
        </p>
      );
    case "connected":
      return <Silent ward={ward} />;
    default:
      return null;
  }
}

function Silent({ ward }: { ward: Ward }) {
  const beds = ward.beds.value;
  const silent = beds.filter((bed) => ["stale", "offline"].includes(standing(bed).value.condition));
  if (silent.length === 0) return null;
  const names = silent.slice(0, 6).map(({ name }) => name).join(", ") + (silent.length > 6 ? " …" : "");
  return <p class="banner" data-testid="banner" data-state="silent" role="status"><b>{silent.length === 1 ? "One bed sends nothing" : `${silent.length} of ${beds.length} beds send nothing`}:</b> {names}</p>;
}
