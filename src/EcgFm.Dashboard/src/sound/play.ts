import { edge, harmonics, type Burst } from "./bursts";

/** Has the audio hardware play the burst, beginning now. */
export function play(audio: BaseAudioContext, { pulses }: Burst): void {
  const begin = audio.currentTime + 0.02;
  const wave = audio.createPeriodicWave(new Float32Array(harmonics.length + 1), new Float32Array([0, ...harmonics]));
  for (const { at, duration, frequency } of pulses) {
    const tone = audio.createOscillator();
    tone.setPeriodicWave(wave);
    tone.frequency.value = frequency;
    const loudness = audio.createGain();
    const start = begin + at;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.5, start + edge);
    loudness.gain.setValueAtTime(0.5, start + duration - edge);
    loudness.gain.linearRampToValueAtTime(0, start + duration);
    tone.connect(loudness).connect(audio.destination);
    tone.start(start);
    tone.stop(start + duration);
  }
}
