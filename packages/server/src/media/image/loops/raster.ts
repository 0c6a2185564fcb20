/** Pixels of 8 bits a channel, frame by frame: red, green, blue and, with four channels, alpha. */
export interface Raster {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly count: number;
}
