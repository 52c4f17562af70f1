/** The twelve standard leads, in the order of the contract: bit 0 of a wave block is I, bit 11 is V6. */
export const leads = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"] as const;

export type Lead = (typeof leads)[number];

/** What stands for a missing sample, in waves and snippets. */
export const missing = -32768;
