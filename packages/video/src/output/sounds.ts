import type { SoundEncoder } from "../command/command.ts";
import { Unsupported } from "../unsupported.ts";
import type { StreamKind } from "./written-stream.ts";

interface SoundForm {
  readonly sampleFormat: string;
  /** The samples for each channel that the encoder takes at once. */
  readonly frameSize: number;
  readonly sampleRates: readonly number[];
}

const aacRates = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000];

const forms: Readonly<Record<string, SoundForm>> = {
  // FFmpeg's own encoder. The Fraunhofer library in the same module has another licence, and is never used.
  aac: { sampleFormat: "fltp", frameSize: 1024, sampleRates: aacRates },
  libopus: { sampleFormat: "flt", frameSize: 960, sampleRates: [48_000] },
};

/** The filters that give sound the form in which an encoder takes it: stereo, in pieces of one size. */
export function soundForm({ name = "" }: SoundEncoder): readonly string[] {
  const form = forms[name];
  if (form === undefined) throw new Unsupported(`There is no encoder of sound ${name} here`);
  const { sampleFormat, sampleRates, frameSize } = form;
  return [
    `aformat=sample_fmts=${sampleFormat}:sample_rates=${sampleRates.join("|")}:channel_layouts=stereo`,
    `asetnsamples=n=${frameSize}:p=0`,
  ];
}

export function sounds({ name, options }: SoundEncoder): StreamKind {
  return {
    isPicture: false,
    encoder: name,
    open(encoder, frame, { timeBase }) {
      const { context } = encoder;
      context.sampleRate = frame.sampleRate;
      context.sampleFormat = frame.format;
      context.channelLayout = frame.channelLayout;
      context.timeBase = timeBase;
      encoder.open(options);
    },
    // A piece that is shorter than the others ends the sound for an encoder.
    prepare: (frame, { isReplaced }, { context }) => !isReplaced || frame.nbSamples >= context.frameSize,
    isFull: () => false,
  };
}
