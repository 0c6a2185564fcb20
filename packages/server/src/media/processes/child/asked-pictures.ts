import { createHash } from "node:crypto";
import sharp from "sharp";
import type { Frames } from "../../image/pixels/frames.ts";
import type { AskedPicture } from "../child-calls.ts";

/** The picture about which a model is being asked. The server gets its pixels only where a model has to work. */
export class AskedPictures {
  #asked: Frames | undefined;

  async ask<Result>(picture: Frames, ask: (asked: AskedPicture) => Promise<Result>): Promise<Result> {
    const { data, width, height, channels } = picture;
    this.#asked = picture;
    try {
      return await ask({ width, height, channels, digest: createHash("sha256").update(data).digest("hex") });
    } finally {
      this.#asked = undefined;
    }
  }

  async png(): Promise<Uint8Array> {
    if (this.#asked === undefined) throw new Error("no model is asked");
    const { data, width, height, channels } = this.#asked;
    return sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 4 }).toBuffer();
  }
}
