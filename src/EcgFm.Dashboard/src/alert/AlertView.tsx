import type { Bed } from "../state/bed";

/** The ten seconds behind an alert, and what the network looked at. */
export function AlertView({ bed, id }: { bed: Bed; id: string }) {
  return <section data-testid="alert-view" data-bed={bed.name} data-alert={id} />;
}
