import sharp, { type Metadata } from "sharp";
import { deliver } from "../../acceptance/src/harness/deliver.ts";
import { startServer } from "../../acceptance/src/harness/server.ts";
import { uploadBasic } from "../../acceptance/src/harness/upload.ts";
import type { Example } from "./example.ts";
import type { SourceName } from "./source-files.ts";
import type { Source } from "./sources.ts";

export interface Taken {
  readonly example: Example;
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  readonly facts: string;
}

export type Sources = Readonly<Record<SourceName, Source>>;

/** The path of an example's picture on the server. */
export function pathOf({ transformation }: Pick<Example, "transformation">, fileName: string): string {
  return `/demo/tr:${transformation}/${fileName}`;
}

/** Requests each example from a server, as a browser does. @returns the answers */
export async function takePictures(examples: readonly Example[], sources: Sources): Promise<readonly Taken[]> {
  const server = await startServer();
  try {
    for (const { fileName, bytes, fields } of Object.values(sources)) {
      const { status, body } = await uploadBasic(server.url, bytes, {
        fileName,
        useUniqueFileName: "false",
        ...fields,
      });
      if (status !== 200) throw new Error(`${fileName}: ${body.message}`);
    }
    const taken: Taken[] = [];
    for (const example of examples) {
      const path = pathOf(example, example.fileName ?? sources[example.source].fileName);
      const headers = { accept: "image/webp,*/*", ...example.headers };
      const { status, headers: answered, bytes } = await deliver(`${server.url}${path}`, { headers });
      if (status !== 200) throw new Error(`${path}: ${status} ${answered["ik-error"]}`);
      const metadata = await sharp(bytes, { animated: true }).metadata();
      const { width, height } = shownSize(metadata);
      const contentType = answered["content-type"] ?? "";
      const facts = describe(metadata, bytes.length);
      taken.push({ example, path, contentType, bytes, width, height, facts });
    }
    return taken;
  } finally {
    await server.stop();
  }
}

/** The size that browsers show: one frame, turned as its EXIF says. */
function shownSize({ pageHeight, autoOrient: { width, height } }: Metadata) {
  return { width, height: pageHeight ?? height };
}

const formats: Readonly<Record<string, string>> = { heif: "AVIF", webp: "WebP" };

function describe(metadata: Metadata, length: number): string {
  const { format, width, height, pages = 1, pageHeight, density, icc, exif, isProgressive, orientation } = metadata;
  const facts = [
    `${width}\u00a0×\u00a0${pageHeight ?? height}`,
    `${isProgressive === true && format === "jpeg" ? "progressive " : ""}${formats[format] ?? format.toUpperCase()}`,
    `${(length / 1024).toFixed(1)}\u00a0KiB`,
    pages > 1 && `${pages} frames`,
    density !== undefined && density !== 72 && format !== "svg" && `${density} dpi`,
    icc !== undefined && "colour profile",
    exif !== undefined && `EXIF${orientation === undefined ? "" : `, orientation ${orientation}`}`,
  ];
  return facts.filter((fact) => fact !== false).join(", ");
}
