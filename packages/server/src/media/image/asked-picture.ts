import type { AiRequest } from "./plan/ai-effects.ts";

/** A picture that a model is asked about. Its pixels are elsewhere until they are asked for. */
export interface AskedPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** The SHA-256 of the pixels, in hexadecimal digits. */
  readonly digest: string;
  /** The picture as PNG. */
  readonly png: () => Promise<Uint8Array>;
}

/**
 * Finds the picture that a model has made of this one. It is encoded, and was decoded once before it was kept.
 * @throws an error that tells the caller of the rendering that the model hasn't made the picture yet
 */
export type FindAiPicture = (request: AiRequest, picture: AskedPicture) => Promise<Uint8Array>;

/** The `FindAiPicture` of a rendering without one. Reading its transformation refused all effects of models. */
export const nobodyToAsk: FindAiPicture = async ({ effect }) => {
  throw new Error(`nobody does ${effect}`);
};
