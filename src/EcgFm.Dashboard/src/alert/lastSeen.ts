import type { Alert } from "../contract/messages";

/** The newest of an alert's steps that a window decided: one that somebody took, such as acknowledging it, tells nothing of the patient. */
export const lastSeen = (steps: readonly Alert[]): Alert | undefined =>
  steps.findLast(({ heartRate, probability, evidence }) => heartRate !== undefined || probability !== undefined || evidence !== undefined);
