/** A run of samples of one bed: device/mqtt/wave.md. */
export interface WaveBlock {
  /** The leads carried, one bit each. */
  readonly carried: number;
  /** The leads whose electrode was off. */
  readonly leadOff: number;
  /** Samples of each lead. */
  readonly length: number;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Time of the first sample in milliseconds since 1970. */
  readonly start: number;
  /** Number of the first sample since the stream began. */
  readonly first: number;
  /** The samples in microvolts, lead after lead. */
  readonly samples: DataView;
}

const magic = 0x57474345; // "ECGW", low byte first

/** The block in the payload, or undefined where it is damaged or of a version not known. */
export function decodeWave(payload: Uint8Array): WaveBlock | undefined {
  if (payload.byteLength < 32) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const header = view.getUint8(5);
  if (view.getUint32(0, true) !== magic || view.getUint8(4) !== 1 || header < 32) return undefined;
  const carried = view.getUint16(6, true) & 0xfff;
  const length = view.getUint16(10, true);
  const sampleRate = view.getUint32(12, true) / 1000;
  if (length === 0 || sampleRate === 0 || payload.byteLength !== header + bits(carried) * length * 2) return undefined;
  return {
    carried,
    leadOff: view.getUint16(8, true) & 0xfff,
    length,
    sampleRate,
    start: Number(view.getBigInt64(16, true)) / 1000,
    first: Number(view.getBigInt64(24, true)),
    samples: new DataView(payload.buffer, payload.byteOffset + header, payload.byteLength - header),
  };
}

function bits(set: number): number {
  let count = 0;
  for (; set !== 0; set &= set - 1) count++;
  return count;
}
