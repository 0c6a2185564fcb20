import { fill, pdfOf, psdOf } from "../../../../pages/src/testing/documents.ts";
import { fontNamed } from "../image/render/text/testing/font-named.ts";
import { heicOfTwo, heicQuadrants } from "./heif-pictures.ts";
import { animation, blue, green, quadrants, red } from "./pictures.ts";

/** A file of a kind that is decoded. */
export interface SeedFile {
  readonly kind: string;
  readonly bytes: Buffer;
  /** The transformation that has it decoded. */
  readonly transformation: string;
  /** Whether it is the font of a text, and not the picture. */
  readonly isFont?: true;
}

const small = "w-40,f-png";
const tagged = { IFD0: { Artist: "Ada", Copyright: "Ada" }, IFD3: { GPSLatitude: "52/1 30/1 0/1" } };
const row = new Uint8Array(30).fill(90);

/** One file of each kind that is decoded, small enough that changes hit what is read. */
export async function seedFiles(): Promise<SeedFile[]> {
  const picture = () => quadrants(160, 120);
  const made: Readonly<Record<string, Promise<Buffer> | Buffer>> = {
    jpeg: picture().withExif(tagged).jpeg().toBuffer(),
    "jpeg, progressive": picture().jpeg({ progressive: true }).toBuffer(),
    "jpeg with a profile": picture().withIccProfile("p3").jpeg().toBuffer(),
    "jpeg, cmyk": picture().toColourspace("cmyk").jpeg().toBuffer(),
    png: picture().withExif(tagged).png().toBuffer(),
    "png with a palette": picture().png({ palette: true }).toBuffer(),
    "png of 16 bits with a profile": picture().toColourspace("rgb16").withIccProfile("p3").png().toBuffer(),
    webp: picture().withExif(tagged).webp().toBuffer(),
    "webp, lossless": picture().ensureAlpha().webp({ lossless: true }).toBuffer(),
    "webp, animated": animation([red, green, blue], 20, 20).webp().toBuffer(),
    gif: animation([red, green, blue], 20, 20).gif().toBuffer(),
    tiff: picture().withExif(tagged).tiff().toBuffer(),
    "tiff, tiled": picture().tiff({ tile: true, tileWidth: 16, tileHeight: 16, compression: "lzw" }).toBuffer(),
    "tiff, jpeg": picture().tiff({ compression: "jpeg" }).toBuffer(),
    avif: picture().withExif(tagged).avif({ effort: 0 }).toBuffer(),
    heic: heicQuadrants,
    "heic of two": heicOfTwo,
    svg: Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 48"><defs><filter id="f"><feGaussianBlur stdDeviation="2"/></filter></defs><g filter="url(#f)"><path d="M1 1C9 9 20 3 60 40z" fill="#d22"/><text x="5" y="30">Ada</text></g></svg>`,
    ),
    pdf: pdfOf([{ content: fill(red, [0, 0, 50, 50]), box: [0, 0, 64, 48] }]),
    psd: psdOf({ width: 30, height: 20, mode: 3, rows: Array.from({ length: 60 }, () => row), packs: true }),
  };
  const pictures = Object.entries(made).map(async ([kind, bytes]) => {
    return { kind, bytes: await bytes, transformation: small };
  });
  const text = "l-text,i-Hamburg,ff-own.ttf,fs-20,l-end";
  const font = { kind: "font", bytes: fontNamed("lobster"), transformation: text, isFont: true } as const;
  return [...(await Promise.all(pictures)), font];
}
