"use client";

import { upload } from "@sluice/client";
import Image, { type ImageLoader } from "next/image";
import { type ChangeEvent, useState } from "react";
import type { Picture } from "../../shared/pictures.ts";
import { squareOf } from "../../shared/square-of.ts";

interface UploadsProps {
  readonly sluiceUrl: string;
  /** The pictures that were there when the page was made. */
  readonly pictures: readonly Picture[];
}

/** Sluice scales the pictures, so Next.js doesn't. */
const loader: ImageLoader = ({ src, width }) => squareOf(src, width);

/** Chooses files, uploads each with a token of its own, and shows them. */
export function Uploads({ sluiceUrl, pictures }: UploadsProps) {
  const [stored, setStored] = useState(pictures);
  const [states, setStates] = useState<Readonly<Record<string, string>>>({});

  async function send(file: File): Promise<void> {
    const show = (state: string) => setStates((before) => ({ ...before, [file.name]: state }));
    try {
      const { name, url } = await upload({
        file,
        fileName: file.name,
        endpoint: sluiceUrl,
        getToken: "/api/upload-token",
        onProgress: ({ loaded, total }) => show(`${Math.floor((100 * loaded) / total)} %`),
      });
      show("stored");
      setStored((before) => [{ name, url }, ...before]);
    } catch (error) {
      show(error instanceof Error ? error.message : String(error));
    }
  }

  function choose({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
    for (const file of currentTarget.files ?? []) void send(file);
    currentTarget.value = ""; // so that the same file can be chosen again
  }

  return (
    <>
      <label>
        Files <input type="file" multiple accept="image/*" onChange={choose} />
      </label>
      <ul className="uploads" aria-label="Uploads" aria-live="polite">
        {Object.entries(states).map(([name, state]) => (
          <li key={name}>
            {name}: {state}
          </li>
        ))}
      </ul>
      <ul className="pictures" aria-label="Your pictures">
        {stored.map(({ name, url }) => (
          <li key={url}>
            <a href={url}>
              <Image loader={loader} src={url} alt={name} width={320} height={320} />
            </a>
            <span>{name}</span>
          </li>
        ))}
      </ul>
      {stored.length === 0 && <p className="quiet">Nothing yet. The page shows you what you upload.</p>}
    </>
  );
}
